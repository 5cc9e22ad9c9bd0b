//! Kills that are spread evenly over the time that each command takes: afterwards the truth is known, at most one
//! device lives, and it can be revoked.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use getcard::sandbox::Options;

use crate::support::chaos::usual_or_long;
use crate::support::getcard::Getcard;
use crate::support::measured::print_figures;
use crate::support::service::Service;

/// How many times a command of the service is killed.
fn kills() -> u32 {
    usual_or_long(30, 200)
}

/// How many times a command of the stores is killed, whose steps are slower.
fn store_kills() -> u32 {
    usual_or_long(15, 100)
}

/// A service whose calls take long enough to be killed in, and a user of it.
fn stage() -> (Service, Getcard) {
    let service = Service::with(Options { latency: Duration::from_millis(10), ..Options::default() });
    let user = Getcard::at(&service.base_url());
    (service, user)
}

/// Runs a command to its end or to its kill, whichever is first. How long it ran, if it came to its end.
fn run_until(mut command: Command, input: &str, kill_after: Duration) -> Option<Duration> {
    let start = Instant::now();
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    while start.elapsed() < kill_after {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.code().is_some());
            return Some(start.elapsed());
        }
        std::thread::sleep(Duration::from_micros(500));
    }
    child.kill().unwrap();
    // It may have come to its end between the last look and the kill.
    child.wait().unwrap().code().map(|_| start.elapsed())
}

/// The time that a run takes, start to end.
fn time(command: Command, input: &str) -> Duration {
    run_until(command, input, Duration::from_secs(60)).unwrap()
}

/// Kills a command at times that are spread evenly from its start to its end, each time from a fresh start. What came
/// to its end before its kill is tried again, with the time that it took.
fn sweep(what: &str, kills: u32, mut took: Duration, mut once: impl FnMut(Duration) -> Option<Duration>) {
    let (mut killed, mut ended) = (0, 0);
    while killed < kills {
        match once(took * killed / kills) {
            None => killed += 1,
            Some(elapsed) => (took, ended) = (elapsed, ended + 1),
        }
    }
    print_figures(&format!(
        "kills: {what}: {kills} over {took:.0?}, and {ended} runs that came to their end"
    ));
}

/// Linked or not, truthfully; one device alive at most; and the user can still revoke it.
fn assert_truth(service: &Service, user: &Getcard, when: &str) {
    let outcome = user.run(&["status", "--check", "--json"]);
    let status = outcome.json();
    let live = service.live_devices().len();
    match (outcome.code, status["linked"].as_bool(), status["valid"].as_bool()) {
        (Some(0), Some(true), Some(true)) => assert_eq!(live, 1, "{when}"),
        // Killed after the service revoked it and before it was forgotten here: known as soon as it is asked.
        (Some(3), Some(true), Some(false)) | (Some(3), Some(false), None) => assert_eq!(live, 0, "{when}"),
        other => panic!("{when}: {other:?}"),
    }
    if status["linked"] == true {
        let unlinking = user.run(&["unlink", "--yes"]);
        assert_eq!(unlinking.code, Some(0), "{when}: {}", unlinking.stderr);
    }
    assert!(service.live_devices().is_empty(), "{when}");
    assert_eq!(user.run(&["status"]).code, Some(3), "{when}");
}

#[test]
fn link_is_killed_at_any_time() {
    let (service, user) = stage();
    let took = time(user.command(&["link", "-"]), &service.validated_url());
    assert_truth(&service, &user, "not killed");
    sweep("link", kills(), took, |delay| {
        let ended = run_until(user.command(&["link", "-"]), &service.validated_url(), delay);
        assert_truth(&service, &user, &format!("link killed after {delay:?}"));
        ended
    });
}

#[test]
fn link_replace_is_killed_at_any_time() {
    let (service, user) = stage();
    user.link(&service.validated_url());
    let took = time(user.command(&["link", "--replace", "-"]), &service.validated_url());
    assert_truth(&service, &user, "not killed");
    sweep("link --replace", kills(), took, |delay| {
        user.link(&service.validated_url());
        let ended = run_until(user.command(&["link", "--replace", "-"]), &service.validated_url(), delay);
        assert_truth(&service, &user, &format!("link --replace killed after {delay:?}"));
        ended
    });
}

#[test]
fn unlink_is_killed_at_any_time() {
    let (service, user) = stage();
    user.link(&service.validated_url());
    let took = time(user.command(&["unlink", "--yes"]), "");
    sweep("unlink", kills(), took, |delay| {
        user.link(&service.validated_url());
        let ended = run_until(user.command(&["unlink", "--yes"]), "", delay);
        assert_truth(&service, &user, &format!("unlink killed after {delay:?}"));
        ended
    });
}

#[test]
fn a_link_kept_in_a_file_is_killed_at_any_time() {
    let (service, user) = stage();
    let user = user.with_file_store("correct horse");
    let took = time(user.command(&["link", "-"]), &service.validated_url());
    assert_truth(&service, &user, "not killed");
    sweep("link --store file", store_kills(), took, |delay| {
        let ended = run_until(user.command(&["link", "-"]), &service.validated_url(), delay);
        assert_truth(&service, &user, &format!("link in a file killed after {delay:?}"));
        ended
    });
}

/// Whether a profile is linked in a store.
fn is_in(user: &Getcard, store: &str, profile: &str) -> bool {
    let outcome = user.run(&["status", "--store", store, "--profile", profile]);
    assert!(matches!(outcome.code, Some(0 | 3)), "{}", outcome.stderr);
    outcome.code == Some(0)
}

#[test]
fn migrate_is_killed_at_any_time() {
    let (service, user) = stage();
    let passphrase = user.passphrase_file("passphrase", "correct horse");
    let user = user.with("GETCARD_PASSPHRASE_FILE", passphrase);
    let profiles = ["default", "second"];
    for profile in profiles {
        assert_eq!(
            user.run_with_stdin(&["link", "--profile", profile], service.validated_url()).code,
            Some(0)
        );
    }
    let devices = service.live_devices();
    let (mut to, mut from) = ("file", "keychain");
    let took = time(user.command(&["store", "migrate", "--to", to]), "");
    sweep("store migrate", store_kills(), took, |delay| {
        (to, from) = (from, to);
        let ended = run_until(user.command(&["store", "migrate", "--to", to]), "", delay);
        let when = format!("migrate to the {to} killed after {delay:?}");
        let [old, new] =
            [from, to].map(|store| profiles.iter().filter(|profile| is_in(&user, store, profile)).count());
        assert!(old == 2 || new == 2, "{when}: {old} profiles in the old store, {new} in the new one");
        // Whatever was left half done is finished by doing it again.
        let again = user.run(&["store", "migrate", "--to", to]);
        assert_eq!(again.code, Some(0), "{when}: {}", again.stderr);
        assert!(profiles.iter().all(|profile| is_in(&user, to, profile)), "{when}");
        assert!(!profiles.iter().any(|profile| is_in(&user, from, profile)), "{when}");
        ended
    });
    assert_eq!(service.live_devices(), devices);
    assert_eq!(user.run(&["balance", "--store", to]).code, Some(0));
}

#[test]
fn rekey_is_killed_at_any_time() {
    let (service, user) = stage();
    let passphrases = ["correct horse", "battery staple"];
    let mut files = passphrases.map(|passphrase| user.passphrase_file(passphrase, passphrase));
    let user = user.with("GETCARD_STORE", "file").with("GETCARD_PASSPHRASE_FILE", &files[0]);
    user.link(&service.validated_url());
    let opens = |file: &str| {
        user.command(&["balance"]).env("GETCARD_PASSPHRASE_FILE", file).status().unwrap().success()
    };
    let rekey = |from: &str, to: &str| {
        let mut command = user.command(&["store", "rekey", "--new-passphrase-file", to]);
        command.env("GETCARD_PASSPHRASE_FILE", from);
        command
    };
    let took = time(rekey(&files[0], &files[1]), "");
    files.reverse();
    sweep("store rekey", store_kills(), took, |delay| {
        let ended = run_until(rekey(&files[0], &files[1]), "", delay);
        let [old, new] = [opens(&files[0]), opens(&files[1])];
        assert!(old != new, "rekey killed after {delay:?}: old {old}, new {new}");
        if new {
            files.reverse();
        }
        ended
    });
}
