//! `unlink`: revoked there first, then forgotten here.

use getcard::sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::support::getcard::Getcard;
use crate::support::service::Service;

fn linked(service: &Service) -> Getcard {
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0");
    user.link(&service.validated_url());
    user
}

#[test]
fn unlinking_revokes_the_device_and_forgets_it() {
    let service = Service::start();
    let user = linked(&service);
    user.run(&["unlink", "--json"]).fails(2, "validation_error", "no_input");
    assert_eq!(service.live_devices().len(), 1);
    service.steal_session();
    let document = user.run(&["unlink", "--yes", "--json"]).json();
    assert_eq!(document, json!({"profile": "default", "remote_revoked": true, "local_removed": true}));
    assert!(service.live_devices().is_empty());
    assert_eq!(user.run(&["status"]).code, Some(3));
    user.run(&["unlink", "--yes", "--json"]).fails(3, "authentication_error", "not_linked");
}

#[test]
fn an_unreachable_service_keeps_the_link() {
    let service = Service::start();
    let user = linked(&service);
    for kind in [FaultKind::ResetBefore, FaultKind::Http { status: 503, retry_after: None }] {
        service.set_faults(vec![Fault::new(kind)]);
        let outcome = user.run(&["unlink", "--yes", "--json"]);
        assert_eq!(outcome.code, Some(5));
        assert!(outcome.error()["hint"].as_str().unwrap().contains("getcard unlink --local"));
    }
    service.set_faults(vec![Fault::new(FaultKind::Http { status: 401, retry_after: None })]);
    assert_eq!(user.run(&["unlink", "--yes"]).code, Some(3));
    service.set_faults(Vec::new());
    assert_eq!(user.run(&["status", "--check"]).code, Some(0));

    let local = user.run(&["unlink", "--yes", "--local", "--json"]);
    assert_eq!(local.json(), json!({"profile": "default", "remote_revoked": false, "local_removed": true}));
    assert!(local.stderr.contains("stays active at the service"));
    assert_eq!(service.live_devices().len(), 1);
}

#[test]
fn a_device_that_is_gone_already_is_removed_and_said_so() {
    let service = Service::start();
    let user = linked(&service);
    service.revoke_devices();
    let outcome = user.run(&["unlink", "--yes", "--json"]);
    assert_eq!(outcome.json(), json!({"profile": "default", "remote_revoked": false, "local_removed": true}));
    assert!(outcome.stderr.contains("already invalid"), "{}", outcome.stderr);
    assert_eq!(user.run(&["status"]).code, Some(3));
}

#[test]
fn a_pending_device_is_revoked_too() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0");
    service.set_faults(vec![Fault::new(FaultKind::ResetBefore).at("authenticatePIN")]);
    assert_eq!(user.run_with_stdin(&["link"], service.validated_url()).code, Some(5));
    service.set_faults(Vec::new());
    assert_eq!(service.live_devices().len(), 1);
    assert_eq!(user.run(&["unlink", "--yes"]).code, Some(0));
    assert!(service.live_devices().is_empty());
}
