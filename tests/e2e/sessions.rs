//! Sessions: used while they last, renewed once, by one process at a time.

use getcard::sandbox::{Fault, FaultKind};

use crate::support::getcard::Getcard;
use crate::support::service::Service;

#[test]
fn a_warm_balance_is_one_call() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let before = service.requests().len();
    assert_eq!(user.run(&["balance"]).code, Some(0));
    assert_eq!(service.requests().len() - before, 1);
}

#[test]
fn an_ended_session_is_renewed_once() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let before = service.requests().len();
    service.steal_session();
    assert_eq!(user.run(&["balance"]).code, Some(0));
    assert_eq!(service.requests().len() - before, 3);
}

#[test]
fn a_session_that_always_ends_stops_the_command() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let sign_ins = service.sign_ins();
    service.set_faults(vec![
        Fault::new(FaultKind::Exception("4001|Session not found".to_owned())).at("retrieveAccounts"),
    ]);
    let error = user.run(&["balance", "--json"]).fails(3, "authentication_error", "4001");
    assert!(error["hint"].as_str().unwrap().contains("close the phone app"), "{error}");
    assert_eq!(error["attempts"], 2);
    assert_eq!(service.sign_ins() - sign_ins, 1);
}

#[test]
fn revoked_credentials_point_to_linking_anew() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    service.revoke_devices();
    let before = service.hits("authenticatePIN");
    let error = user.run(&["balance", "--json"]).fails(3, "authentication_error", "9510");
    let hint = error["hint"].as_str().unwrap();
    assert!(
        hint.starts_with("the device was revoked") && hint.ends_with("run: getcard login --replace"),
        "{hint}"
    );
    assert_eq!((&error["method"], &error["attempts"]), (&"authentication.authenticatePIN".into(), &1.into()));
    assert_eq!(service.hits("authenticatePIN") - before, 1);
    assert_eq!(user.run(&["status", "--json"]).json()["refusals"]["count"], 1);
    let again = user.run_with_stdin(&["link", "--replace", "-"], service.validated_url());
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert_eq!(service.live_devices().len(), 1);
}

#[test]
fn many_processes_sign_in_once_for_one_expiry() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let sign_ins = service.sign_ins();
    service.end_sessions();
    let running: Vec<_> = (0..12).map(|_| user.command(&["balance"]).spawn().unwrap()).collect();
    for child in running {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(service.sign_ins() - sign_ins, 1);
}
