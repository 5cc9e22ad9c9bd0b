//! Every exception as the answer of each call about a device, with and without its effect: after a second run no device
//! lives that this machine does not know.

use getcard::sandbox::{Calls, Fault, FaultKind};

use crate::support::getcard::Getcard;
use crate::support::service::Service;

const SESSION: &str = "4001|Session not found";

/// The exceptions of the table, and texts that look like one of its rows.
const EXCEPTIONS: [&str; 14] = [
    SESSION,
    "4002|User session not validated",
    "9510|Device marked as lost",
    "Service temporarily unavailable",
    "User session is not validated",
    "1234|You are not authorized",
    "9801|Invalid service argument",
    "6112|Insufficient funds",
    "9000|Unable to parse request",
    "9999|Internal server error",
    "9999|Session not found",
    "9013|Try again later",
    "1234|Not now",
    "",
];

fn faults(method: &str, text: &str, calls: Calls) -> [Fault; 2] {
    [FaultKind::Exception(text.to_owned()), FaultKind::ExceptionAfter(text.to_owned())]
        .map(|kind| Fault::new(kind).at(method).on(calls))
}

/// Whoever is linked can unlink, and then nothing lives; whoever is not has left nothing alive.
#[track_caller]
fn assert_nothing_is_lost(service: &Service, user: &Getcard, when: &str) {
    service.set_faults(Vec::new());
    let status = user.run(&["status", "--check", "--json"]);
    assert!(matches!(status.code, Some(0 | 3)), "{when}: {}", status.stderr);
    let live = service.live_devices().len();
    if status.json()["linked"] == true {
        assert!(live <= 1, "{when}: {live} devices live");
        let unlinked = user.run(&["unlink", "--yes"]);
        assert_eq!(unlinked.code, Some(0), "{when}: {}", unlinked.stderr);
    }
    assert!(service.live_devices().is_empty(), "{when}: a device was forgotten alive");
}

fn user(service: &Service) -> Getcard {
    Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0").with("GETCARD_TIMEOUT", "1.5")
}

#[test]
fn link_with_any_exception_of_create_pin_or_the_sign_in_after_it() {
    let service = Service::start();
    let user = user(&service);
    for method in ["createPIN", "authenticatePIN"] {
        for text in EXCEPTIONS {
            for fault in faults(method, text, Calls::FIRST) {
                let when = format!("link, {fault:?}");
                service.set_faults(vec![fault]);
                let outcome = user.run_with_stdin(&["link", "--json", "-"], service.validated_url());
                if outcome.code == Some(0) {
                    assert_eq!(service.live_devices().len(), 1, "{when}");
                }
                assert_nothing_is_lost(&service, &user, &when);
            }
        }
    }
}

#[test]
fn unlink_with_any_exception_of_delete_pin() {
    let service = Service::start();
    let user = user(&service);
    for text in EXCEPTIONS {
        for fault in faults("deletePIN", text, Calls::EVERY) {
            let when = format!("unlink, {fault:?}");
            user.link(&service.validated_url());
            service.set_faults(vec![fault]);
            let outcome = user.run(&["unlink", "--yes", "--json"]);
            assert_eq!(
                outcome.code == Some(0),
                service.live_devices().is_empty() && outcome.stdout.len() > 2,
                "{when}"
            );
            if outcome.code != Some(0) {
                let hint = outcome.error()["hint"].as_str().unwrap().to_owned();
                assert!(hint.contains("getcard unlink --local"), "{when}: {hint}");
                assert_eq!(user.run(&["status"]).code, Some(0), "{when}: the link is kept");
            }
            assert_nothing_is_lost(&service, &user, &when);
        }
    }
}

#[test]
fn unlink_with_any_exception_of_the_sign_in_that_proves_nothing() {
    let service = Service::start();
    let user = user(&service);
    // 9510, 4001 and 4002 as the answer of a sign-in are the service's word that there is no such device.
    for text in EXCEPTIONS
        .iter()
        .filter(|text| !["4001|", "4002|", "9510|"].iter().any(|code| text.starts_with(code)))
    {
        let when = format!("unlink, authenticatePIN: {text}");
        user.link(&service.validated_url());
        service.steal_session();
        service.set_faults(vec![Fault::new(FaultKind::Exception((*text).to_owned())).at("authenticatePIN")]);
        let outcome = user.run(&["unlink", "--yes", "--json"]);
        assert_ne!(outcome.code, Some(0), "{when}");
        assert_eq!(service.live_devices().len(), 1, "{when}");
        assert_nothing_is_lost(&service, &user, &when);
    }
}

#[test]
fn link_replace_with_any_exception_of_delete_pin_remembers_the_old_device() {
    let service = Service::start();
    let user = user(&service);
    for text in EXCEPTIONS {
        for fault in faults("deletePIN", text, Calls::EVERY) {
            let when = format!("link --replace, {fault:?}");
            user.link(&service.validated_url());
            service.set_faults(vec![fault]);
            let outcome = user.run_with_stdin(&["link", "--replace", "-"], service.validated_url());
            assert_eq!(outcome.code, Some(0), "{when}: {}", outcome.stderr);
            let remembered = outcome.stderr.contains("could not be revoked yet");
            let live = service.live_devices().len();
            assert!(remembered || live == 1, "{when}: {live} devices live");
            assert_nothing_is_lost(&service, &user, &when);
        }
    }
}

#[test]
fn two_stolen_sessions_do_not_make_unlink_forget_a_live_device() {
    let service = Service::start();
    let user = user(&service).with("GETCARD_TIMEOUT", "10");
    user.link(&service.validated_url());
    service.set_faults(
        [Calls::FIRST, Calls::SECOND]
            .map(|calls| Fault::new(FaultKind::Exception(SESSION.to_owned())).at("deletePIN").on(calls))
            .to_vec(),
    );
    let outcome = user.run(&["unlink", "--yes", "--json"]).json();
    assert_eq!((&outcome["remote_revoked"], service.hits("deletePIN")), (&true.into(), 3));
    assert!(service.live_devices().is_empty());
}
