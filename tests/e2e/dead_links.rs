//! What is said of a link without asking the service: refused, in the other store, under another profile, pending.

use std::time::{Duration, Instant};

use getcard::sandbox::{Calls, Fault, FaultKind};
use serde_json::json;

use crate::support::getcard::Getcard;
use crate::support::keyring::Session;
use crate::support::service::Service;

#[test]
fn refusals_are_told_by_status_and_the_bare_command_without_a_call() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    service.revoke_devices();
    user.run(&["balance", "--json"]).fails(3, "authentication_error", "9510");
    let calls = service.requests().len();
    let status = user.run(&["status", "--json"]);
    let refusals = status.json()["refusals"].clone();
    assert_eq!((status.code, &refusals["count"]), (Some(0), &json!(1)));
    assert!(refusals["last_at"].is_string(), "{refusals}");
    let shown = user.run(&["status"]);
    assert!(shown.text().contains("Refused    the service has refused this device once"), "{}", shown.text());
    assert!(shown.text().contains("Next       run: getcard login --replace"), "{}", shown.text());
    let bare = user.run::<&str>(&[]);
    assert!(bare.text().contains("the service has refused this device once"), "{}", bare.text());
    assert!(bare.text().contains("Next: getcard login --replace"), "{}", bare.text());
    assert_eq!(user.run(&["--json"]).json()["refusals"], refusals);
    assert_eq!(service.requests().len(), calls);

    // The user may ask; the third refusal is the last.
    for _ in 0..2 {
        assert_eq!(user.run(&["status", "--check"]).code, Some(3));
    }
    let stopped = user.run(&["status", "--json"]);
    assert_eq!((stopped.code, &stopped.json()["refusals"]["count"]), (Some(3), &json!(3)));
    let replaced = user.run_with_stdin(&["login", "--replace", "--no-browser"], service.new_web_session());
    assert_eq!(replaced.code, Some(0), "{}", replaced.stderr);
    assert_eq!(user.run(&["status", "--json"]).json()["refusals"], json!(null));
    assert_eq!(service.live_devices().len(), 1);
}

#[test]
fn an_entry_in_the_other_store_is_named_and_makes_no_second_device() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let passphrase = user.passphrase_file("passphrase", "correct horse");
    let user = user.with("GETCARD_PASSPHRASE_FILE", passphrase);
    user.link(&service.validated_url());
    assert_eq!(user.run(&["store", "migrate", "--to", "file"]).code, Some(0));

    assert_eq!(user.run(&["balance"]).code, Some(0), "the file store is found");

    let user = user.with("GETCARD_STORE", "keychain");
    let error = user.run(&["balance", "--json"]).fails(3, "authentication_error", "not_linked");
    assert!(error["hint"].as_str().unwrap().contains("--store file"), "{error}");
    assert!(user.run(&["status"]).text().contains("--store file"));
    let bare = user.run::<&str>(&[]);
    assert!(bare.text().contains("Next: getcard status --store file"), "{}", bare.text());
    let linking = user.run_with_stdin(&["link", "--json", "-"], service.validated_url());
    let error = linking.fails(2, "validation_error", "already_linked");
    assert!(error["hint"].as_str().unwrap().contains("--store file"), "{error}");
    assert_eq!(service.live_devices().len(), 1);
    assert_eq!(user.run(&["unlink", "--yes", "--store", "file"]).code, Some(0));
    user.link(&service.validated_url());
}

#[test]
fn an_unknown_profile_lists_those_there_are() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let work = user.run_with_stdin(&["link", "--profile", "work", "-"], service.validated_url());
    assert_eq!(work.code, Some(0));
    let error =
        user.run(&["balance", "--json", "--profile", "wrok"]).fails(3, "authentication_error", "not_linked");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("the linked profiles are: default, work; choose one with --profile"), "{hint}");
    let unlinking = user.run(&["unlink", "--yes", "--json", "--profile", "wrok"]);
    let error = unlinking.fails(3, "authentication_error", "not_linked");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("default, work") && !hint.contains("login"), "{hint}");
}

#[test]
fn a_pending_device_costs_status_one_attempt_at_a_service_that_hangs() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_TIMEOUT", "1");
    service.set_faults(vec![
        Fault::new(FaultKind::ResetAfter).at("createPIN"),
        Fault::new(FaultKind::Hang).at("authenticatePIN"),
    ]);
    assert_eq!(user.run_with_stdin(&["link", "-"], service.validated_url()).code, Some(5));
    for args in [&["status", "--json"][..], &["status", "--check", "--json"]] {
        let (before, start) = (service.hits("authenticatePIN"), Instant::now());
        let status = user.run(args);
        assert_eq!((&status.json()["pending"], &status.json()["linked"]), (&json!(true), &json!(false)));
        assert_eq!(service.hits("authenticatePIN") - before, 1, "{args:?}");
        assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
        assert_eq!(status.code, Some(if args.len() == 3 { 5 } else { 3 }));
    }
    service.set_faults(Vec::new());
    assert_eq!(user.run(&["status"]).code, Some(0));
    assert_eq!(service.live_devices().len(), 1);
}

#[test]
fn a_session_stolen_between_the_two_calls_of_a_check_says_nothing_of_the_device() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_TIMEOUT", "3");
    user.link(&service.validated_url());
    let stolen = || Fault::new(FaultKind::Exception("4001|Session not found".to_owned())).at("updatePIN");
    service.set_faults(vec![stolen().on(Calls::FIRST)]);
    let status = user.run(&["status", "--check", "--json"]);
    assert_eq!((status.code, &status.json()["valid"]), (Some(0), &json!(true)));
    service.set_faults(vec![stolen()]);
    let status = user.run(&["status", "--check", "--json"]);
    assert_eq!((status.code, &status.json()["valid"]), (Some(5), &json!(null)));
    assert!(user.run(&["status", "--check"]).text().contains("another device keeps ending the session"));
}

#[test]
fn a_first_run_without_a_keychain_says_that_no_card_is_linked() {
    let service = Service::start();
    let user = Getcard::with_keyring(&service.base_url(), Session::without_service());
    let error = user.run(&["balance", "--json"]).fails(1, "internal_error", "store_absent");
    assert!(error["message"].as_str().unwrap().starts_with("no card is linked, and"), "{error}");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("getcard login --store file") && hint.contains("getcard demo"), "{hint}");
}
