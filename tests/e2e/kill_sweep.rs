//! Hundreds of kills, spread evenly over the time that each command takes: afterwards the truth is known, at most one
//! device lives, and it can be revoked.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use getcard::sandbox::Options;

use crate::support::getcard::Getcard;
use crate::support::measured::print_figures;
use crate::support::service::Service;

/// How many times a command of the service is killed, and one of the stores, whose steps are slower.
const KILLS: u32 = 80;
const STORE_KILLS: u32 = 40;

/// A service whose calls take long enough to be killed in, and a user of it.
fn stage() -> (Service, Getcard) {
    let service = Service::with(Options { latency: Duration::from_millis(10), ..Options::default() });
    let user = Getcard::at(&service.base_url());
    (service, user)
}

/// Runs a command to its end or to its kill, whichever is first; true if it was killed.
fn run_until(mut command: Command, input: &str, kill_after: Duration) -> bool {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let start = Instant::now();
    while start.elapsed() < kill_after {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.code().is_some());
            return false;
        }
        std::thread::sleep(Duration::from_micros(500));
    }
    child.kill().unwrap();
    // It may have ended by itself between the last look and the kill.
    child.wait().unwrap().code().is_none()
}

/// How many kills there were, and how many of them found the command still running.
struct Sweep {
    what: &'static str,
    tried: u32,
    killed: u32,
}

impl Sweep {
    /// Kills a command at evenly spread times up to the one that it takes, each time from a fresh start.
    fn over(what: &'static str, kills: u32, took: Duration, mut once: impl FnMut(Duration) -> bool) -> Self {
        let killed = (0..kills).filter(|step| once(took * *step / kills)).count();
        let sweep = Self { what, tried: kills, killed: u32::try_from(killed).unwrap() };
        print_figures(&format!("kills: {what}: {} of {} while it ran, over {took:.0?}", sweep.killed, kills));
        assert!(
            sweep.killed > sweep.tried / 4,
            "{} was hardly ever running when it was to be killed",
            sweep.what
        );
        sweep
    }
}

/// The time that a run takes, start to end.
fn time(command: Command, input: &str) -> Duration {
    let start = Instant::now();
    assert!(!run_until(command, input, Duration::from_secs(60)));
    start.elapsed()
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
    Sweep::over("link", KILLS, took, |delay| {
        let killed = run_until(user.command(&["link", "-"]), &service.validated_url(), delay);
        assert_truth(&service, &user, &format!("link killed after {delay:?}"));
        killed
    });
}

#[test]
fn link_replace_is_killed_at_any_time() {
    let (service, user) = stage();
    user.link(&service.validated_url());
    let took = time(user.command(&["link", "--replace", "-"]), &service.validated_url());
    assert_truth(&service, &user, "not killed");
    Sweep::over("link --replace", KILLS, took, |delay| {
        user.link(&service.validated_url());
        let killed = run_until(user.command(&["link", "--replace", "-"]), &service.validated_url(), delay);
        assert_truth(&service, &user, &format!("link --replace killed after {delay:?}"));
        killed
    });
}

#[test]
fn unlink_is_killed_at_any_time() {
    let (service, user) = stage();
    user.link(&service.validated_url());
    let took = time(user.command(&["unlink", "--yes"]), "");
    Sweep::over("unlink", KILLS, took, |delay| {
        user.link(&service.validated_url());
        let killed = run_until(user.command(&["unlink", "--yes"]), "", delay);
        assert_truth(&service, &user, &format!("unlink killed after {delay:?}"));
        killed
    });
}

#[test]
fn a_link_kept_in_a_file_is_killed_at_any_time() {
    let (service, user) = stage();
    let user = user.with_file_store("correct horse");
    let took = time(user.command(&["link", "-"]), &service.validated_url());
    assert_truth(&service, &user, "not killed");
    Sweep::over("link --store file", STORE_KILLS, took, |delay| {
        let killed = run_until(user.command(&["link", "-"]), &service.validated_url(), delay);
        assert_truth(&service, &user, &format!("link in a file killed after {delay:?}"));
        killed
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
    Sweep::over("store migrate", STORE_KILLS, took, |delay| {
        (to, from) = (from, to);
        let killed = run_until(user.command(&["store", "migrate", "--to", to]), "", delay);
        let when = format!("migrate to the {to} killed after {delay:?}");
        let [old, new] =
            [from, to].map(|store| profiles.iter().filter(|profile| is_in(&user, store, profile)).count());
        assert!(old == 2 || new == 2, "{when}: {old} profiles in the old store, {new} in the new one");
        // Whatever was left half done is finished by doing it again.
        let again = user.run(&["store", "migrate", "--to", to]);
        assert_eq!(again.code, Some(0), "{when}: {}", again.stderr);
        assert!(profiles.iter().all(|profile| is_in(&user, to, profile)), "{when}");
        assert!(!profiles.iter().any(|profile| is_in(&user, from, profile)), "{when}");
        killed
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
    Sweep::over("store rekey", STORE_KILLS, took, |delay| {
        let killed = run_until(rekey(&files[0], &files[1]), "", delay);
        let [old, new] = [opens(&files[0]), opens(&files[1])];
        assert!(old != new, "rekey killed after {delay:?}: old {old}, new {new}");
        if new {
            files.reverse();
        }
        killed
    });
}
