//! `balance`: exact numbers, the accounts that were meant, the condition of scripts.

use getcard::sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::support::getcard::Getcard;
use crate::support::service::Service;

#[test]
fn an_account_of_the_configuration_that_does_not_exist_names_the_file() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let config = user.home.path().join(".config/getcard/config.toml");
    std::fs::create_dir_all(config.parent().unwrap()).unwrap();
    std::fs::write(&config, "accounts = [\"zzz\"]\n").unwrap();
    for command in ["balance", "forecast"] {
        let error = user.run(&[command, "--json"]).fails(2, "validation_error", "no_such_account");
        let message = error["message"].as_str().unwrap();
        assert!(message.ends_with("config.toml: accounts: no account matches `zzz`"), "{message}");
    }
}

#[test]
fn usable_accounts_are_shown_with_exact_numbers() {
    let service = Service::start();
    service.override_response(
        "retrieveAccounts",
        Some(json!({"planName": "STAGING", "accounts": [
            {"id": "1", "accountDisplayName": "Flexi", "accountType": 3, "depositAccepted": true, "balance": 12.35},
            {"id": "2", "accountDisplayName": "Board", "accountType": 1, "balance": 50},
            {"id": "3", "accountDisplayName": "Old", "accountType": 3, "isActive": false, "balance": 1},
            {"id": "4", "accountDisplayName": "New", "accountType": 3, "balance": null},
        ]})),
    );
    let user = Getcard::linked(&service);
    let document = user.run(&["balance", "--json"]);
    assert!(document.text().contains("\"balance\":12.35,"), "{}", document.text());
    let document = document.json();
    assert_eq!(document["plan_name"], "STAGING");
    let flexi = json!({
        "id": "1", "name": "Flexi", "type": "declining_balance", "balance": 12.35, "unit": "USD",
        "usable": true, "deposit_accepted": true, "last_four": null, "low": null,
    });
    assert_eq!(document["accounts"][0], flexi);
    assert_eq!(document["accounts"].as_array().unwrap().len(), 3);
    assert_eq!(
        user.run(&["balance"]).text(),
        "ACCOUNT   BALANCE\nFlexi      $12.35\nBoard    50 meals\nNew             –\n"
    );
    assert_eq!(user.run(&["balance", "--value"]).text(), "12.35\n50\n\n");
    assert_eq!(user.run(&["balance", "--all", "--value", "3", "flexi"]).text(), "12.35\n1\n");
}

#[test]
fn below_is_a_condition() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let flexi = service.balance("Flexi Dollars").unwrap();
    let above = (flexi + rust_decimal::Decimal::new(1, 2)).to_string();
    assert_eq!(user.run(&["balance", "flexi", "--below", &flexi.to_string()]).code, Some(0));
    let below = user.run(&["balance", "flexi", "--below", &above]);
    assert_eq!(below.code, Some(6));
    assert_eq!(below.stderr, format!("Flexi Dollars is below ${above}: ${flexi:.2}\n"));
    assert_eq!(user.run(&["balance", "second", "--below", "1000"]).code, Some(0), "unknown is not below");
}

#[test]
fn dollars_are_never_compared_with_meals() {
    let service = Service::start();
    service.override_response(
        "retrieveAccounts",
        Some(json!({"accounts": [
            {"id": "1", "accountDisplayName": "Flexi", "accountType": 3, "balance": 12.35},
            {"id": "2", "accountDisplayName": "Board", "accountType": 1, "balance": 5},
        ]})),
    );
    let user = Getcard::linked(&service);
    let error = user.run(&["balance", "--below", "10", "--json"]).fails(2, "validation_error", "mixed_units");
    assert!(error["hint"].as_str().unwrap().contains("Flexi, Board"), "{error}");
    assert_eq!(user.run(&["balance", "--below", "10", "--watch"]).code, Some(2));
    assert_eq!(user.run(&["balance", "board", "--below", "10"]).stderr, "Board is below 10 meals: 5 meals\n");
}

#[test]
fn all_is_all_whatever_the_configuration_selects() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let count = |args: &[&str]| user.run(args).json()["accounts"].as_array().unwrap().len();
    let every = count(&["balance", "--all", "--json"]);
    let config = user.home.path().join(".config/getcard/config.toml");
    std::fs::create_dir_all(config.parent().unwrap()).unwrap();
    std::fs::write(&config, "accounts = [\"flexi\"]\n").unwrap();
    assert_eq!(count(&["balance", "--json"]), 1);
    assert!(every > 1);
    assert_eq!(count(&["balance", "--all", "--json"]), every);
}

#[test]
fn an_unknown_account_lists_the_names_and_hostile_ones_are_harmless() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let error = user.run(&["balance", "nope", "--json"]).fails(2, "validation_error", "no_such_account");
    assert!(error["hint"].as_str().unwrap().contains("Flexi Dollars"));
    let table = user.run(&["balance", "--all"]);
    assert!(!table.text().contains(['\x1b', '\u{202e}', '\r', '\x07']), "{:?}", table.text());
    let colored = user.run(&["balance", "--all", "--color", "always"]);
    assert!(!colored.text().contains(['\u{202e}', '\r', '\x07']), "{:?}", colored.text());
    assert!(!colored.text().contains("\x1b[31m"), "the color is the service's: {:?}", colored.text());
    let exact = user.run(&["balance", "--all", "--json"]);
    assert!(exact.text().contains("\\u001b[31m") && exact.text().contains("\\u202e"), "{}", exact.text());
}

#[test]
fn failures_have_their_categories_and_exit_codes() {
    let service = Service::start();
    let user = Getcard::linked(&service).with("GETCARD_RETRIES", "1");
    let http = |status| FaultKind::Http { status, retry_after: None };
    let exception = |text: &str| FaultKind::Exception(text.to_owned());
    let cases = [
        (http(500), 5, "transient_upstream_error", "http_500", 2),
        (http(429), 5, "transient_upstream_error", "http_429", 2),
        (
            FaultKind::Http { status: 503, retry_after: Some(3600) },
            5,
            "transient_upstream_error",
            "http_503",
            1,
        ),
        (http(403), 4, "authorization_error", "http_403", 1),
        (http(404), 2, "validation_error", "http_404", 1),
        (FaultKind::Html, 5, "transient_upstream_error", "web_page", 2),
        (FaultKind::Redirect("http://127.0.0.1:9/".to_owned()), 5, "transient_upstream_error", "http_302", 2),
        (FaultKind::Truncate, 5, "transient_upstream_error", "cut_short", 2),
        (FaultKind::Empty, 5, "transient_upstream_error", "cut_short", 2),
        (FaultKind::Null, 1, "internal_error", "unexpected_answer", 1),
        (FaultKind::WrongTypes, 1, "internal_error", "unexpected_answer", 1),
        (FaultKind::Deep, 1, "internal_error", "unexpected_answer", 1),
        (FaultKind::Huge, 1, "internal_error", "too_large", 1),
        (FaultKind::GzipBomb, 1, "internal_error", "too_large", 1),
        (exception("6112|Insufficient funds"), 2, "validation_error", "6112", 1),
        (exception("1234|Access denied"), 4, "authorization_error", "1234", 1),
        (exception("9999|Down"), 5, "transient_upstream_error", "9999", 2),
        (exception("4242|New"), 1, "internal_error", "4242", 1),
    ];
    for (kind, exit, category, code, attempts) in cases {
        service.set_faults(vec![Fault::new(kind.clone()).at("retrieveAccounts")]);
        let error = user.run(&["balance", "--json"]).fails(exit, category, code);
        assert_eq!(error["method"], "commerce.retrieveAccounts");
        assert_eq!(error["attempts"], attempts, "{kind:?}");
    }
    drop(service);
    user.run(&["balance", "--json"]).fails(5, "transient_upstream_error", "cannot_connect");
}

#[test]
fn a_wrong_field_is_named() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    service.override_response("retrieveAccounts", Some(json!({"accounts": [{"balance": "lots"}]})));
    let error = user.run(&["balance", "--json"]).fails(1, "internal_error", "unexpected_answer");
    let message = error["message"].as_str().unwrap();
    assert_eq!(error["method"], "commerce.retrieveAccounts");
    assert!(message.contains("accounts[0].balance"), "{message}");
}

#[test]
fn a_service_that_hangs_is_given_up_in_time() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    service.set_faults(vec![Fault::new(FaultKind::Hang)]);
    let error = user.run(&["balance", "--json", "--timeout", "0.2", "--retries", "0"]);
    error.fails(5, "transient_upstream_error", "timeout");
}
