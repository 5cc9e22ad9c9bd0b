//! `--ephemeral`: every form of credentials, every command that reads, and not one file.

use std::fs;

use crate::support::getcard::Getcard;
use crate::support::keyring::Session;
use crate::support::service::Service;

const DEVICE: &str = "ab23456789abcd9f";

/// Every command that needs nothing but credentials.
const COMMANDS: [&[&str]; 9] = [
    &["status"],
    &["status", "--check"],
    &["balance"],
    &["history"],
    &["history", "--all", "--format", "csv"],
    &["history", "--reconcile"],
    &["barcode", "--once"],
    &["schools"],
    &["probe", "user", "retrieve"],
];

fn assert_nothing_is_kept(user: &Getcard) {
    let cwd = tempfile::tempdir().unwrap();
    let mut permissions = fs::metadata(user.home.path()).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(user.home.path(), permissions).unwrap();
    for args in COMMANDS {
        let output = user.command(args).arg("--ephemeral").current_dir(cwd.path()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {stderr}");
        for dir in [user.home.path(), cwd.path()] {
            assert_eq!(fs::read_dir(dir).unwrap().count(), 0, "{args:?}");
        }
    }
}

/// A user who has nothing but an empty home that cannot be written to, and no keychain.
fn stranger(service: &Service) -> Getcard {
    Getcard::with_keyring(&service.base_url(), Session::without_service())
}

#[test]
fn a_validated_url_or_its_session_alone_will_do() {
    let service = Service::start();
    let url = service.validated_url();
    let session = url.split('=').next_back().unwrap().to_owned();
    for credentials in [url, session] {
        assert_nothing_is_kept(&stranger(&service).with("GETCARD_VALIDATED_URL", credentials));
    }
}

#[test]
fn a_device_and_its_pin_will_do() {
    let service = Service::start();
    let params = format!(r#"{{"deviceId":"{DEVICE}","PIN":"4711"}}"#);
    let made =
        Getcard::ephemeral(&service).run(&["probe", "user", "createPIN", "--params", &params, "--json"]);
    assert_eq!(made.json()["response"], true);
    let user = stranger(&service).with("GETCARD_DEVICE_ID", DEVICE).with("GETCARD_PIN", "4711");
    assert_nothing_is_kept(&user);
    assert_eq!(service.live_devices(), [DEVICE]);
    let wrong = user.with("GETCARD_PIN", "4712").run(&["balance", "--json", "--ephemeral"]);
    assert_eq!(wrong.code, Some(3));
    assert!(!wrong.stderr.contains(DEVICE) && !wrong.stderr.contains("4712"));
}

#[test]
fn a_device_of_another_client_will_do() {
    let service = Service::start();
    for (id, pin) in [
        ("0F8FAD5B-D9CB-469F-A165-70867728950E", "123456"),
        ("0f8fad5b-d9cb-469f-a165-70867728950f", "1234567890123456789012"),
        ("AB23456789ABCD9F", "0000"),
    ] {
        let params = format!(r#"{{"deviceId":"{id}","PIN":"{pin}"}}"#);
        let made =
            Getcard::ephemeral(&service).run(&["probe", "user", "createPIN", "--params", &params, "--json"]);
        assert_eq!(made.json()["response"], true, "{id}");
        let user = stranger(&service).with("GETCARD_DEVICE_ID", id).with("GETCARD_PIN", pin);
        let balance = user.run(&["balance", "--ephemeral", "-vv"]);
        assert_eq!(balance.code, Some(0), "{}", balance.stderr);
        assert!(!balance.stderr.contains(id) && !balance.stderr.contains(pin), "{}", balance.stderr);
    }
}

#[test]
fn credentials_that_are_none_or_too_many_are_refused() {
    let service = Service::start();
    let user = stranger(&service).with("GETCARD_EPHEMERAL", "1");
    user.run(&["balance", "--json"]).fails(3, "authentication_error", "not_linked");
    let half = user.with("GETCARD_DEVICE_ID", DEVICE);
    half.run(&["balance", "--json"]).fails(2, "validation_error", "credentials");
    let both = half.with("GETCARD_PIN", "4711").with("GETCARD_VALIDATED_URL", service.validated_url());
    both.run(&["balance", "--json"]).fails(2, "validation_error", "credentials");
    assert_eq!(service.requests().len(), 0);
}
