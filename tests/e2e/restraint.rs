//! The service is not stormed: sign-ins are spaced, refusals stop them, whichever process asks.

use std::time::{Duration, Instant};

use getcard::sandbox::{Fault, FaultKind};
use getcard::secret::Passphrase;
use getcard::store::Backend;
use getcard::store::entry::Entry;
use getcard::store::file::FileStore;
use jiff::SignedDuration;

use crate::support::getcard::Getcard;
use crate::support::service::Service;

fn linked(service: &Service) -> Getcard {
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0");
    user.link(&service.validated_url());
    user
}

/// The same, with a store that the test can open.
fn linked_in_a_file(service: &Service) -> Getcard {
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0").with_file_store("correct horse");
    user.link(&service.validated_url());
    user
}

fn balance(user: &Getcard) -> (Option<i32>, String) {
    let outcome = user.run(&["balance", "--json"]);
    (outcome.code, outcome.error()["code"].as_str().unwrap().to_owned())
}

/// Makes the refusals kept in the file store look older than they are.
fn let_time_pass(user: &Getcard, seconds: i64) {
    let store = FileStore::new(&user.home.path().join(".local/share/getcard"));
    store.give(Passphrase::new("correct horse").unwrap());
    let key = store.list().unwrap().remove(0);
    let mut entry = Entry::decode(&store.copies(&key).unwrap()[0]).unwrap_or_else(|error| panic!("{error}"));
    if let Some(refusals) = &mut entry.refusals {
        refusals.last_at -= SignedDuration::from_secs(seconds);
    }
    store.save(&key, &entry.encode().unwrap()).unwrap();
}

#[test]
fn three_refusals_stop_signing_in_until_the_user_acts() {
    let service = Service::start();
    let user = linked_in_a_file(&service);
    service.revoke_devices();
    let sign_ins = || service.hits("authenticatePIN") - 1;
    assert_eq!((balance(&user).0, sign_ins()), (Some(3), 1));
    for _ in 0..2 {
        assert_eq!(balance(&user), (Some(3), "sign_in_paused".to_owned()));
    }
    assert_eq!(sign_ins(), 1);
    let_time_pass(&user, 10);
    assert_eq!(balance(&user).0, Some(3));
    assert_eq!(balance(&user).1, "sign_in_paused");
    let_time_pass(&user, 30);
    assert_eq!((balance(&user).1.as_str(), sign_ins()), ("sign_in_paused", 2));
    let_time_pass(&user, 30);
    assert_ne!(balance(&user).1, "sign_in_paused");
    assert_eq!(sign_ins(), 3);
    let_time_pass(&user, 1_000_000);
    let stopped = user.run(&["balance", "--json"]).fails(3, "authentication_error", "sign_in_stopped");
    assert!(stopped["hint"].as_str().unwrap().contains("login --replace"), "{stopped}");
    assert_eq!(sign_ins(), 3);

    assert_eq!(user.run(&["status", "--check"]).code, Some(3));
    assert_eq!(sign_ins(), 4, "the user may ask");
    let replaced = user.run_with_stdin(&["link", "--replace", "-"], service.validated_url());
    assert_eq!(replaced.code, Some(0), "{}", replaced.stderr);
    service.steal_session();
    assert_eq!(user.run(&["balance"]).code, Some(0));
}

#[test]
fn a_check_that_succeeds_lifts_the_stop() {
    let service = Service::start();
    let user = linked_in_a_file(&service);
    let refusing =
        || vec![Fault::new(FaultKind::Exception("9801|Not today".to_owned())).at("authenticatePIN")];
    service.end_sessions();
    service.set_faults(refusing());
    for seconds in [10, 60, 0] {
        assert_eq!(balance(&user).1, "9801");
        let_time_pass(&user, seconds);
    }
    service.set_faults(Vec::new());
    assert_eq!(balance(&user).1, "sign_in_stopped");
    assert_eq!(user.run(&["status", "--check"]).code, Some(0));
    service.end_sessions();
    assert_eq!(user.run(&["balance"]).code, Some(0));
}

#[test]
fn troubles_of_the_network_are_no_refusals() {
    let service = Service::start();
    let user = linked(&service);
    service.end_sessions();
    for kind in [FaultKind::Http { status: 401, retry_after: None }, FaultKind::ResetBefore, FaultKind::Html]
    {
        service.set_faults(vec![Fault::new(kind).at("authenticatePIN")]);
        for _ in 0..4 {
            assert!(!balance(&user).1.starts_with("sign_in"));
        }
    }
    service.set_faults(Vec::new());
    assert_eq!(user.run(&["balance"]).code, Some(0));
}

#[test]
fn sign_ins_are_a_second_apart() {
    let service = Service::start();
    let user = linked(&service);
    let signed_in_anew = || {
        service.steal_session();
        assert_eq!(user.run(&["balance"]).code, Some(0));
    };
    signed_in_anew();
    let start = Instant::now();
    signed_in_anew();
    signed_in_anew();
    // The time between the reply to the first sign-in and the end of its command is not ours.
    assert!(start.elapsed() >= Duration::from_millis(1_500), "{:?}", start.elapsed());
}

#[test]
fn a_crowd_with_dead_credentials_is_one_refusal() {
    let service = Service::start();
    let user = linked(&service);
    service.revoke_devices();
    let before = service.hits("authenticatePIN");
    let running: Vec<_> = (0..20).map(|_| user.command(&["balance"]).spawn().unwrap()).collect();
    for child in running {
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(3));
    }
    assert_eq!(service.hits("authenticatePIN") - before, 1);
}
