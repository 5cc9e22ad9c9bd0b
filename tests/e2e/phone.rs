//! A phone app that keeps taking the session: no device that lives is forgotten, however the command ends.

use std::time::Duration;

use crate::support::chaos::usual_or_long;
use crate::support::getcard::Getcard;
use crate::support::measured::print_figures;
use crate::support::service::Service;

/// How often the phone app signs in.
const RHYTHMS: [Duration; 3] =
    [Duration::from_millis(50), Duration::from_millis(200), Duration::from_secs(1)];

/// Runs of each command at each rhythm.
fn runs() -> usize {
    usual_or_long(2, 50)
}

fn linked() -> (Service, Getcard) {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_TIMEOUT", "5");
    user.link(&service.validated_url());
    (service, user)
}

#[test]
fn unlink_against_a_phone_app_that_steals_the_session() {
    let (mut revoked, mut kept) = (0, 0);
    for rhythm in RHYTHMS {
        let (service, user) = linked();
        for _ in 0..runs() {
            if service.live_devices().is_empty() {
                user.link(&service.validated_url());
            }
            service.set_phone(Some(rhythm));
            let outcome = user.run(&["unlink", "--yes", "--json"]);
            service.set_phone(None);
            let status = user.run(&["status", "--json"]);
            if outcome.code == Some(0) {
                revoked += 1;
                assert!(service.live_devices().is_empty(), "forgotten alive at {rhythm:?}");
                assert_eq!(status.code, Some(3));
            } else {
                kept += 1;
                let error = outcome.fails(5, "transient_upstream_error", "session_stolen");
                assert!(error["hint"].as_str().unwrap().contains("getcard unlink --local"), "{error}");
                assert_eq!((status.code, service.live_devices().len()), (Some(0), 1));
            }
        }
    }
    print_figures(&format!("unlink against a phone app: {revoked} revoked, {kept} kept"));
    assert!(revoked > 0, "no unlink came through");
}

#[test]
fn link_replace_against_a_phone_app_that_steals_the_session() {
    let (mut revoked, mut remembered) = (0, 0);
    for rhythm in RHYTHMS {
        let (service, user) = linked();
        for _ in 0..runs() {
            service.set_phone(Some(rhythm));
            let outcome = user.run_with_stdin(&["link", "--replace", "-"], service.validated_url());
            service.set_phone(None);
            assert_eq!(outcome.code, Some(0), "{rhythm:?}: {}", outcome.stderr);
            if outcome.stderr.contains("could not be revoked yet") {
                remembered += 1;
                assert_eq!(service.live_devices().len(), 2, "{rhythm:?}");
                assert_eq!(user.run(&["status", "--check"]).code, Some(0));
            } else {
                revoked += 1;
            }
            assert_eq!(service.live_devices().len(), 1, "{rhythm:?}");
        }
        assert_eq!(user.run(&["unlink", "--yes"]).code, Some(0));
        assert!(service.live_devices().is_empty());
    }
    print_figures(&format!("link --replace against a phone app: {revoked} revoked, {remembered} remembered"));
    assert!(revoked > 0, "no replaced device was revoked at once");
}
