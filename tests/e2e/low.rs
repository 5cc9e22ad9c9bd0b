//! Thresholds under `[low]`, and the notifications of `--notify`.

use rust_decimal::Decimal;
use serde_json::json;

use crate::support::getcard::Getcard;
use crate::support::notifications::Notifications;
use crate::support::service::Service;

fn user(service: &Service, thresholds: &str) -> Getcard {
    let user = Getcard::linked(service);
    let dir = user.home.path().join(".config/getcard");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("config.toml"), thresholds).unwrap();
    user
}

#[test]
fn low_accounts_are_marked_and_below_needs_no_number() {
    let service = Service::start();
    let user = user(&service, "[low]\nflexi = 1000\nboard = 0\n");
    let accounts = user.run(&["balance", "--json"]).json()["accounts"].clone();
    let low = |name: &str| {
        accounts.as_array().unwrap().iter().find(|account| account["name"] == name).unwrap()["low"].clone()
    };
    assert_eq!(
        (low("Flexi Dollars"), low("Board"), low("Slug Points")),
        (json!(true), json!(false), json!(null))
    );
    let below = user.run(&["balance", "--below"]);
    assert_eq!(below.code, Some(6));
    let flexi = service.balance("flexi").unwrap();
    assert_eq!(below.stderr, format!("Flexi Dollars is below $1000.00: ${flexi:.2}\n"));
    assert!(below.text().lines().any(|line| line.starts_with("Flexi Dollars") && line.ends_with("low")));
    assert_eq!(user.run(&["balance", "board", "--below"]).code, Some(0));
    std::fs::write(user.home.path().join(".config/getcard/config.toml"), "").unwrap();
    user.run(&["balance", "--below", "--json"]).fails(2, "validation_error", "usage");
}

#[test]
fn a_crossing_is_shown_on_the_desktop() {
    let service = Service::start();
    let user = user(&service, "[low]\nflexi = 1000\n");
    let desktop = Notifications::start(user.keyring.address());
    let mut watching = user.command(&["balance", "flexi", "--watch", "5", "--notify"]).spawn().unwrap();
    desktop.until_shown();
    watching.kill().unwrap();
    watching.wait().unwrap();
    let flexi = service.balance("flexi").unwrap();
    assert_eq!(desktop.shown(), [format!("Low balance: Flexi Dollars: ${flexi:.2} left, below $1000.00")]);
}

#[test]
fn a_new_transaction_is_shown_on_the_desktop_once() {
    let service = Service::start();
    let user = user(&service, "");
    assert_eq!(user.run(&["history", "--new"]).code, Some(0));
    service.charge("flexi", Decimal::new(125, 2), "Cafe").unwrap();
    let desktop = Notifications::start(user.keyring.address());
    for _ in 0..2 {
        let outcome = user.run(&["history", "--new", "--notify"]);
        assert_eq!(
            (outcome.code, outcome.stderr.contains("warning")),
            (Some(0), false),
            "{}",
            outcome.stderr
        );
    }
    assert_eq!(desktop.shown(), ["Transaction: -$1.25 at Cafe · Flexi Dollars"]);
}

#[test]
fn a_machine_without_a_desktop_is_a_warning() {
    let service = Service::start();
    let user = user(&service, "");
    let outcome = user.run(&["history", "--new", "--notify"]);
    assert_eq!(outcome.code, Some(0));
    let warning =
        "warning: cannot show a desktop notification: no notification service is running in this session\n";
    assert_eq!(outcome.stderr.matches(warning).count(), 1, "{}", outcome.stderr);
}
