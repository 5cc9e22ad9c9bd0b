//! `doctor`: every part checked, each trouble named with what to do, and the figures of the journal.

use getcard::sandbox::{Fault, FaultKind, Options};
use serde_json::{Value, json};

use crate::support::getcard::{Getcard, Outcome};
use crate::support::keyring::Session;
use crate::support::service::Service;

const NAMES: [&str; 13] = [
    "config", "journal", "store", "link", "network", "tls", "clock", "sign_in", "accounts", "payload",
    "history", "terminal", "levels",
];

/// The checks by name: status, detail and hint, which each has that is not ok.
fn checks(outcome: &Outcome) -> Vec<(String, String, String, Value)> {
    assert_eq!(outcome.stderr, "");
    let document = outcome.json();
    let text = |check: &Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
    let checks = document["checks"].as_array().unwrap();
    for check in checks {
        assert!(check["status"] == "ok" || check["hint"].is_string(), "what to do: {check}");
    }
    checks
        .iter()
        .map(|it| (text(it, "name"), text(it, "status"), text(it, "detail"), it["hint"].clone()))
        .collect()
}

/// The names of the checks that are not ok, each with its status.
fn troubles(outcome: &Outcome) -> Vec<String> {
    let troubles = checks(outcome).into_iter().filter(|(_, status, ..)| status != "ok");
    troubles.map(|(name, status, ..)| format!("{name} {status}")).collect()
}

#[test]
fn a_linked_user_is_healthy_from_end_to_end() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let outcome = user.run(&["doctor", "--json"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.text());
    let names: Vec<String> = checks(&outcome).into_iter().map(|(name, ..)| name).collect();
    assert_eq!((names, troubles(&outcome)), (NAMES.map(String::from).to_vec(), Vec::new()));
    let text = user.run(&["doctor"]);
    assert_eq!(text.code, Some(0));
    assert!(text.text().contains("\nok    sign-in   the credentials work\n"), "{}", text.text());
    assert!(text.text().contains("FIGURE"), "{}", text.text());
    assert!(!text.text().contains('\x1b'));
}

#[test]
fn nothing_linked_is_a_warning_with_the_next_step() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let outcome = user.run(&["doctor", "--json"]);
    assert_eq!(outcome.code, Some(0));
    let expected = ["link warn", "sign_in warn", "accounts warn", "payload warn", "history warn"];
    assert_eq!(troubles(&outcome), expected);
    let (.., hint) = checks(&outcome).into_iter().find(|(name, ..)| name == "link").unwrap();
    assert!(hint.as_str().unwrap().starts_with("run: getcard login"));
}

#[test]
fn no_keychain_and_no_network_fail_and_say_what_to_do() {
    let service = Service::start();
    let user = Getcard::with_keyring(&service.base_url(), Session::without_service());
    let outcome = user.run(&["doctor", "--json"]);
    assert_eq!(outcome.code, Some(1));
    assert_eq!(troubles(&outcome)[..2], ["store fail", "link warn"]);
    drop(service);
    let user = user.with("GETCARD_RETRIES", "0");
    let outcome = user.run(&["doctor", "--json"]);
    assert_eq!(outcome.code, Some(1));
    let expected = [
        "store fail",
        "link warn",
        "network fail",
        "tls warn",
        "clock warn",
        "sign_in warn",
        "accounts warn",
        "payload warn",
        "history warn",
    ];
    assert_eq!(troubles(&outcome), expected);
    let text = user.run(&["doctor"]);
    assert_eq!(text.text().matches("check the network").count(), 1, "told once: {}", text.text());
}

#[test]
fn each_trouble_of_the_service_is_at_its_place() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0");
    user.link(&service.validated_url());
    let after = |kind: FaultKind, method: &str| {
        service.set_faults(vec![Fault::new(kind).at(method)]);
        let outcome = user.run(&["doctor", "--json"]);
        (outcome.code, troubles(&outcome))
    };
    let down = FaultKind::Http { status: 503, retry_after: None };
    assert_eq!(after(down.clone(), "retrieveAccounts"), (Some(1), vec!["accounts fail".to_owned()]));
    assert_eq!(
        after(FaultKind::Null, "retrievePatronBarcodePayload"),
        (Some(1), vec!["payload fail".to_owned()])
    );
    assert_eq!(after(FaultKind::WrongTypes, "retrieveTransactionHistoryWithinDateRange").0, Some(1));
    let html = after(FaultKind::Html, "authenticateSystem");
    assert_eq!((html.0, html.1[0].as_str()), (Some(1), "network fail"));
    let refused = after(FaultKind::Exception("4242|Not today".to_owned()), "authenticateSystem");
    assert_eq!(
        refused,
        (Some(0), vec!["levels warn".to_owned()]),
        "this call alone says nothing of the others"
    );
    service.set_faults(Vec::new());
    service.revoke_devices();
    let outcome = user.run(&["doctor", "--json"]);
    assert_eq!(
        troubles(&outcome),
        ["sign_in fail", "accounts warn", "payload warn", "history warn", "levels warn"]
    );
    assert!(checks(&outcome)[7].3.as_str().unwrap().contains("login --replace"));
}

#[test]
fn a_certificate_that_is_not_trusted_is_a_matter_of_tls() {
    let identity = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let service = Service::with(Options {
        tls: Some(getcard::sandbox::TlsIdentity {
            certificate: identity.cert.pem(),
            key: identity.signing_key.serialize_pem(),
        }),
        ..Options::default()
    });
    let user = Getcard::at(&service.base_url().replace("127.0.0.1", "localhost"));
    let outcome = user.run(&["doctor", "--json"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.text());
    assert!(troubles(&outcome).contains(&"tls fail".to_owned()), "{}", outcome.text());
}

#[test]
fn a_broken_configuration_is_a_finding_and_an_unknown_key_a_warning() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let config = user.home.path().join("other.toml");
    std::fs::write(&config, "school = \n").unwrap();
    let args = ["doctor", "--json", "--config", config.to_str().unwrap()];
    let outcome = user.run(&args);
    assert_eq!((outcome.code, troubles(&outcome)[0].as_str()), (Some(1), "config fail"));
    assert_eq!(user.run(&["status", "--config", config.to_str().unwrap()]).code, Some(2));
    std::fs::write(&config, "scool = \"ucsc\"\n").unwrap();
    let outcome = user.run(&args);
    assert!(outcome.text().contains("\"name\":\"config\",\"status\":\"warn\""), "{}", outcome.text());
}

#[test]
fn ephemeral_mode_is_checked_without_a_file() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url())
        .with("GETCARD_EPHEMERAL", "1")
        .with("GETCARD_VALIDATED_URL", service.validated_url());
    let outcome = user.run(&["doctor", "--json"]);
    assert_eq!((outcome.code, troubles(&outcome)), (Some(0), Vec::new()));
    assert_eq!(std::fs::read_dir(user.home.path()).unwrap().count(), 0);
}

#[test]
fn the_figures_are_those_of_the_journal() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "1");
    user.link(&service.validated_url());
    assert_eq!(user.run(&["balance"]).code, Some(0));
    service.set_faults(vec![Fault::new(FaultKind::Http { status: 500, retry_after: None })]);
    assert_eq!(user.run(&["balance"]).code, Some(5));
    let figures = user.run(&["doctor", "--json", "--retries", "0"]).json()["figures"].clone();
    let all = &figures["all"];
    assert_eq!(all["sign_ins"], json!({"count": 1, "failed": 0, "success_rate": 1.0}));
    assert_eq!((&all["balance"]["count"], &all["balance"]["error_rate"]), (&json!(2), &json!(0.5)));
    assert_eq!(all["retries"], 1);
    let cause = json!({"method": "commerce.retrieveAccounts", "category": "transient_upstream_error",
        "code": "http_500", "count": 1});
    assert_eq!(all["failures"], json!([cause]));
    assert_eq!(figures["last_day"], *all);
}

#[test]
fn a_day_that_missed_the_service_levels_is_a_warning() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0");
    user.link(&service.validated_url());
    let levels = || {
        let outcome = user.run(&["doctor", "--json"]);
        checks(&outcome).into_iter().find(|(name, ..)| name == "levels").unwrap()
    };
    assert_eq!(levels().1, "ok");
    service.set_faults(vec!["http=503@retrievePatronBarcodePayload#first".parse().unwrap()]);
    assert_eq!(user.run(&["barcode", "--once"]).code, Some(5));
    service.set_faults(Vec::new());
    let (_, status, detail, _) = levels();
    assert_eq!((status.as_str(), detail.as_str()), ("warn", "in the last day 1 of 2 barcode reads failed"));
}
