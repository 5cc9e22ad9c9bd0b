//! The keychain's troubles: four of them, told apart, and never a weaker store in its place.

use serde_json::{Value, json};

use crate::support::getcard::Getcard;
use crate::support::keyring::Session;
use crate::support::service::Service;

/// Every command says what is wrong with the store, and nothing is made at the service that could not be kept.
fn assert_trouble(user: &Getcard, service: &Service, code: &str) {
    let before = service.requests().len();
    let error = user.run(&["balance", "--json"]).fails(1, "internal_error", code);
    assert!(error["hint"].is_string());
    let linking = user.run_with_stdin(&["link", "--replace", "--json"], service.validated_url());
    linking.fails(1, "internal_error", code);
    user.run(&["unlink", "--yes", "--json"]).fails(1, "internal_error", code);
    let status = user.run(&["status", "--json"]);
    assert_eq!((status.code, &status.json()["store"]["available"]), (Some(1), &json!(false)));
    assert_eq!(status.error()["code"], code);
    // What cannot be read is neither linked nor not linked.
    let overview = user.run(&["--json"]).json();
    for document in [status.json(), overview] {
        assert_eq!((&document["linked"], &document["pending"]), (&Value::Null, &Value::Null));
    }
    let status = user.run(&["status"]);
    let shown = status.text();
    assert!(shown.contains("Linked     unknown\n") && !shown.contains("login"), "{shown}");
    assert_eq!(service.requests().len(), before);
}

#[test]
fn no_bus_and_no_service_are_an_absent_store() {
    let service = Service::start();
    let user = Getcard::with_keyring(&service.base_url(), Session::without_service());
    assert_trouble(&user, &service, "store_absent");
    let user = user.with("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    assert_trouble(&user, &service, "store_absent");
}

#[test]
fn a_locked_keyring_is_a_locked_store() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    user.link(&service.validated_url());
    user.keyring.lock();
    assert_trouble(&user, &service, "store_locked");
}

#[test]
fn a_locked_keyring_takes_no_first_link() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    user.keyring.lock();
    let linking = user.run_with_stdin(&["link", "--json"], service.validated_url());
    linking.fails(1, "internal_error", "store_locked");
    assert_eq!(service.hits("createPIN"), 0);
}

#[test]
fn a_keyring_that_hangs_is_given_up() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    user.link(&service.validated_url());
    user.keyring.hang();
    assert_trouble(&user, &service, "store_timeout");
    user.keyring.kill();
}
