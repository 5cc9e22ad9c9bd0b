//! `status`: the truth about the link, with the exit code that scripts decide on.

use getcard::sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::getcard::Getcard;
use crate::support::service::Service;

#[test]
fn not_linked_shows_a_document_and_exits_3() {
    let service = Service::start();
    let outcome = Getcard::at(&service.base_url()).run(&["status", "--json"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(3), ""));
    let expected = json!({
        "profile": "default", "mode": "sandbox", "linked": false, "device": null, "school": null,
        "store": {"kind": "keychain", "available": true}, "linked_at": null, "last_validated_at": null,
        "session": {"cached": false, "age_seconds": null}, "pending": false, "refusals": null,
        "api_url": service.base_url(), "checked": false, "valid": null, "patron": null, "card": null,
    });
    assert_eq!(outcome.json(), expected);
}

#[test]
fn a_check_tells_working_dead_and_unknown_apart() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0");
    user.link(&service.validated_url());
    let check = || {
        let outcome = user.run(&["status", "--check", "--json"]);
        assert_eq!(outcome.stderr, "");
        let document = outcome.json();
        (outcome.code, document["linked"].clone(), document["valid"].clone())
    };
    assert_eq!(check(), (Some(0), json!(true), json!(true)));
    assert_eq!(service.hits("updatePIN"), 1);

    for (status, exit) in [(503, 5), (401, 3)] {
        service.set_faults(vec![Fault::new(FaultKind::Http { status, retry_after: None })]);
        assert_eq!(check(), (Some(exit), json!(true), Value::Null), "HTTP {status}");
    }
    service.set_faults(vec![Fault::new(FaultKind::Exception("9801|Wrong PIN".to_owned())).at("updatePIN")]);
    assert_eq!(check(), (Some(3), json!(true), json!(false)));

    service.set_faults(Vec::new());
    service.revoke_devices();
    assert_eq!(check(), (Some(3), json!(true), json!(false)));
}

#[test]
fn profiles_and_origins_are_kept_apart() {
    let (one, two) = (Service::start(), Service::start());
    let user = Getcard::at(&one.base_url());
    user.link(&one.validated_url());
    assert_eq!(user.run(&["status"]).code, Some(0));
    assert_eq!(user.run(&["status", "--profile", "other"]).code, Some(3));
    assert_eq!(user.run(&["status", "--api-url", &two.base_url()]).code, Some(3));
    assert_eq!(two.requests().len(), 0);
}

#[test]
fn ephemeral_mode_proves_its_credentials_and_touches_no_file() {
    let service = Service::start();
    let linked = Getcard::at(&service.base_url());
    let user = Getcard::at(&service.base_url()).with("GETCARD_EPHEMERAL", "1");
    let status = user.run(&["status", "--json"]);
    assert_eq!((status.code, &status.json()["mode"]), (Some(0), &json!("ephemeral")));
    let user = user.with("GETCARD_VALIDATED_URL", service.validated_url());
    let status = user.run(&["status", "--json", "--check"]);
    assert_eq!((status.code, &status.json()["valid"]), (Some(0), &json!(true)));
    assert_eq!(user.run(&["balance", "flexi"]).code, Some(0));
    let dead = user.with("GETCARD_VALIDATED_URL", "0f8fad5b-d9cb-469f-a165-70867728950e");
    dead.run(&["balance", "--json"]).fails(3, "authentication_error", "session_ended");
    assert_eq!(std::fs::read_dir(dead.home.path()).unwrap().count(), 0);
    assert_eq!(linked.run(&["status"]).code, Some(3));
}
