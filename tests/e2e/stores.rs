//! The keychain's troubles: four of them, told apart, and never a weaker store in its place.

use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::getcard::{Getcard, Outcome};
use crate::support::keyring::Session;
use crate::support::screen::Screen;
use crate::support::secret_service::{Fault, SecretService};
use crate::support::service::Service;
use crate::support::wait::wait_until_stopped;

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
    // What the system says is for those who ask.
    let (plain, verbose) = (user.run(&["balance"]).stderr, user.run(&["balance", "-v"]).stderr);
    assert!(!plain.contains("zbus") && verbose.contains("  caused by: zbus error"), "{plain}{verbose}");
}

#[test]
fn a_locked_keyring_is_a_locked_store() {
    let service = Service::start();
    let user = Getcard::linked(&service);
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
    let user = Getcard::linked(&service);
    let hanging = user.keyring.hang();
    assert_trouble(&user, &service, "store_timeout");
    drop(hanging);
    assert_eq!(user.run(&["balance"]).code, Some(0));
}

/// As with Ctrl-Z, or on a machine that was suspended.
#[test]
fn time_in_which_getcard_is_stopped_is_no_time_of_the_keyring() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let hanging = user.keyring.hang();
    let asking = user.command(&["balance"]).spawn().unwrap();
    sleep(Duration::from_millis(500));
    let process = Pid::from_child(&asking);
    kill_process(process, Signal::STOP).unwrap();
    wait_until_stopped(asking.id());
    drop(hanging);
    sleep(Duration::from_secs(3));
    kill_process(process, Signal::CONT).unwrap();
    let outcome = Outcome::of(asking.wait_with_output().unwrap());
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
}

/// The lock on a profile is a name on the bus.
#[test]
fn a_bus_that_hangs_is_not_another_getcard() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let _hanging = user.keyring.hang_bus();
    let status = user.run(&["status", "--check", "--json", "--timeout", "1"]);
    assert_eq!(
        (status.code, &status.error()["code"]),
        (Some(1), &json!("store_timeout")),
        "{}",
        status.stderr
    );
}

/// gnome-keyring may handle the first call of a client before it has registered the client, and aborts if this call
/// opens a session: all other programs would be left without a keyring, too.
#[test]
fn the_first_call_to_the_keyring_does_not_open_a_session() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let calls = user.keyring.watch_calls();
    user.link(&service.validated_url());
    calls.until(&user.keyring, "org.freedesktop.DBus.Peer");
    let first = calls.position("member=ReadAlias");
    assert!(first.is_some() && first < calls.position("member=OpenSession"));
}

/// What appears where a person is asked for the keychain's password.
const WAITING: &str = "waiting for the keychain's password dialog";

#[test]
fn a_locked_keyring_shows_no_dialog_where_nobody_is() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    user.keyring.lock();
    let calls = user.keyring.watch_calls();
    for args in [&["balance"][..], &["balance", "--no-input"], &["link", "--replace", "-"]] {
        let outcome = user.run_with_stdin(args, service.validated_url());
        assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("the keychain is locked"), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains(WAITING), "{}", outcome.stderr);
    }
    // On a terminal, but with the word of its user that nobody is there.
    let screen = Screen::of(&user, &["balance", "--no-input"]);
    screen.until_text("the keychain is locked");
    assert!(!screen.text().contains(WAITING));
    calls.until(&user.keyring, "org.freedesktop.DBus.Peer");
    assert!(calls.count("member=SearchItems") > 0);
    for member in ["member=Unlock", "member=Prompt"] {
        assert_eq!(calls.count(member), 0, "{member}");
    }
}

#[test]
fn a_person_is_told_of_the_dialog_and_waited_for() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    user.keyring.lock();
    let calls = user.keyring.watch_calls();
    let screen = Screen::of(&user, &["balance"]);
    screen.until_text(WAITING);
    // Longer than a keychain that hangs is waited for.
    std::thread::sleep(Duration::from_secs(4));
    assert!(!screen.text().contains("error"), "{}", screen.text());
    user.keyring.unlock();
    screen.until_text("Flexi");
    calls.until(&user.keyring, "org.freedesktop.DBus.Peer");
    assert!(calls.count("member=Prompt") > 0, "its dialog was asked for");
}

/// A user whose Secret Service misbehaves as it is told.
fn with_service(service: &Service) -> (Getcard, SecretService) {
    let user = Getcard::with_keyring(&service.base_url(), Session::without_service());
    let keychain = SecretService::start(user.keyring.address());
    (user, keychain)
}

#[test]
fn a_keychain_that_keeps_nothing_costs_an_error_and_no_device() {
    for fault in [Fault::DropsWrites, Fault::Garbles] {
        let service = Service::start();
        let (user, keychain) = with_service(&service);
        keychain.set_fault(fault);
        let linking = user.run_with_stdin(&["link", "--json"], service.validated_url());
        let error = linking.fails(1, "internal_error", "store_failed");
        assert_eq!(error["message"], "the keychain store did not keep what was written to it", "{fault:?}");
        assert_eq!((service.hits("createPIN"), service.live_devices().len()), (0, 0), "{fault:?}");
    }
}

#[test]
fn a_keychain_that_is_slow_or_doubles_items_keeps_the_link() {
    for fault in [Fault::DelaysWrites(Duration::from_millis(200)), Fault::Doubles] {
        let service = Service::start();
        let (user, keychain) = with_service(&service);
        keychain.set_fault(fault);
        user.link(&service.validated_url());
        assert_eq!(user.run(&["balance"]).code, Some(0), "{fault:?}");
        assert_eq!(keychain.secrets().len(), 1, "{fault:?}: copies are brought to one");
        assert_eq!(user.run(&["unlink", "--yes"]).code, Some(0), "{fault:?}");
        assert_eq!((keychain.secrets().len(), service.live_devices().len()), (0, 0), "{fault:?}");
    }
}

#[test]
fn a_keychain_that_ignores_a_deletion_is_found_out() {
    let service = Service::start();
    let (user, keychain) = with_service(&service);
    user.link(&service.validated_url());
    keychain.set_fault(Fault::IgnoresDeletes);
    let error = user.run(&["unlink", "--yes", "--json"]).fails(1, "internal_error", "store_failed");
    assert_eq!(error["message"], "the keychain store did not delete the entry");
    assert!(service.live_devices().is_empty(), "it was revoked before that");
}

#[test]
fn an_item_is_updated_in_place_and_copies_of_it_go() {
    let service = Service::start();
    let (user, keychain) = with_service(&service);
    user.link(&service.validated_url());
    let old = keychain.secrets().remove(0);
    keychain.add_copy(&old);
    let replacing = user.run_with_stdin(&["link", "--replace", "-"], service.validated_url());
    assert_eq!(replacing.code, Some(0), "{}", replacing.stderr);
    assert_eq!((keychain.secrets().len(), service.live_devices().len()), (1, 1));
    // The old item comes back, as by a sync: the device that works is the one that is used.
    keychain.add_copy(&old);
    assert_eq!(user.run(&["balance"]).code, Some(0));
    assert_eq!(user.run(&["unlink", "--yes"]).code, Some(0));
    assert_eq!((keychain.secrets().len(), service.live_devices().len()), (0, 0));
}

/// A user whose keychain holds two devices that are both alive, the newer one linked last; gives the older's copy too.
fn with_two_devices(service: &Service) -> (Getcard, SecretService) {
    let (user, keychain) = with_service(service);
    user.link(&service.validated_url());
    let older = keychain.secrets().remove(0);
    assert_eq!(user.run(&["unlink", "--yes", "--local"]).code, Some(0));
    user.link(&service.validated_url());
    keychain.add_copy(&older);
    assert_eq!((keychain.secrets().len(), service.live_devices().len()), (2, 2));
    (user, keychain)
}

#[test]
fn of_two_devices_one_is_kept_and_the_other_revoked() {
    let service = Service::start();
    let (user, keychain) = with_two_devices(&service);
    assert_eq!(user.run(&["balance"]).code, Some(0));
    assert_eq!(user.run(&["status", "--check"]).code, Some(0));
    assert_eq!((keychain.secrets().len(), service.live_devices().len()), (1, 1));
    let service = Service::start();
    let (user, keychain) = with_two_devices(&service);
    assert_eq!(user.run(&["unlink", "--yes"]).code, Some(0));
    assert_eq!((keychain.secrets().len(), service.live_devices().len()), (0, 0));
}

#[test]
fn the_device_that_works_is_kept_though_another_was_linked_later() {
    let service = Service::start();
    let (user, keychain) = with_two_devices(&service);
    let newer = service
        .requests()
        .iter()
        .rev()
        .find_map(|request| request.body["params"]["deviceId"].as_str().map(str::to_owned))
        .unwrap();
    let params = json!({"deviceId": newer}).to_string();
    let revoked = user.run(&["probe", "user", "deletePIN", "--params", &params, "--json"]);
    assert_eq!(revoked.json()["response"], true);
    service.steal_session();
    let balance = user.run(&["balance"]);
    assert_eq!(balance.code, Some(0), "{}", balance.stderr);
    assert_eq!((keychain.secrets().len(), service.live_devices().len()), (1, 1));
}

#[test]
fn two_links_at_once_with_one_keychain_and_two_state_directories_leave_one_device() {
    for _ in 0..5 {
        let service = Service::start();
        let (user, _keychain) = with_service(&service);
        let state = ["one", "two"].map(|name| user.home.path().join(name));
        let linking = state.map(|state| {
            let mut command = user.command(&["link", "--json", &service.validated_url()]);
            command.env("XDG_STATE_HOME", state).stdin(Stdio::null()).spawn().unwrap()
        });
        let codes = linking.map(|child| Outcome::of(child.wait_with_output().unwrap()).code);
        assert!(codes == [Some(0), Some(2)] || codes == [Some(2), Some(0)], "{codes:?}");
        assert_eq!(service.live_devices().len(), 1);
        assert_eq!(user.run(&["unlink", "--yes"]).code, Some(0));
        assert!(service.live_devices().is_empty());
    }
}

/// What only reads the item.
const READING: [&[&str]; 13] = [
    &[],
    &["status"],
    &["balance"],
    &["balance", "--all", "--json"],
    &["barcode", "--once"],
    &["barcode", "--format", "payload"],
    &["history"],
    &["history", "--all", "--format", "csv"],
    &["history", "--new"],
    &["forecast"],
    &["lost", "--yes"],
    &["found", "--yes"],
    &["probe", "user", "retrieve"],
];

/// What signs in, which is written and read back; `doctor` also reads before.
const WRITING: [(&[&str], usize); 2] = [(&["status", "--check"], 2), (&["doctor"], 3)];

#[test]
fn a_command_reads_the_keychain_once() {
    // macOS may ask for permission at each read.
    let service = Service::start();
    let (user, keychain) = with_service(&service);
    let passphrase = user.passphrase_file("passphrase", "a passphrase of the tests");
    let user = user.with("GETCARD_PASSPHRASE_FILE", passphrase);
    user.link(&service.validated_url());
    keychain.take_reads();
    let assert_reads = |args: &[&str], reads| {
        let outcome = user.run(args);
        assert_eq!(outcome.code, Some(0), "{args:?}: {}", outcome.stderr);
        assert_eq!(keychain.take_reads(), reads, "{args:?}");
    };
    for (args, reads) in WRITING {
        assert_reads(args, reads);
    }
    for has_file_store in [false, true] {
        if has_file_store {
            // With a file store too, the keychain is asked which of them has this profile.
            let args = ["link", "-", "--store", "file", "--profile", "other"];
            assert_eq!(user.run_with_stdin(&args, service.validated_url()).code, Some(0));
            // That has ended the session of the card, of which there is one at a time.
            assert_eq!(user.run(&["status", "--check"]).code, Some(0));
        }
        keychain.take_reads();
        for args in READING {
            assert_reads(args, 1);
        }
        let mut view = Screen::of(&user, &["barcode"]);
        view.until_text("Flexi Dollars");
        view.send("q");
        assert_eq!((view.exit(), keychain.take_reads()), (Some(0), 1));
    }
    // The list of profiles and the journal need no keychain.
    assert_reads(&["profiles"], 0);
    assert_reads(&["journal"], 0);
}
