//! Many processes on one profile at once: no deadlock, no torn state, one sign-in for one expiry.

use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::support::chaos::usual_or_long;
use crate::support::getcard::{Getcard, Outcome};
use crate::support::measured::print_figures;
use crate::support::service::Service;
use crate::support::wait::LIMIT;

/// How many processes run at once.
const CROWD: usize = 50;

/// How many crowds there are, one after the other.
fn rounds() -> usize {
    usual_or_long(1, 3)
}

/// One crowd at a time is enough for a machine.
static TURN: Mutex<()> = Mutex::new(());

/// What each process of a crowd came to, by its command.
type Ended = Vec<(String, Outcome)>;

/// Starts one command a process, in turn, and gives what each came to.
fn crowd(size: usize, service: &Service, user: &Getcard, commands: &[&[&str]]) -> Ended {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let start = Instant::now();
    let running: Vec<(String, Child)> = commands
        .iter()
        .cycle()
        .take(size)
        .map(|args| {
            let mut child = user.command(args).stdin(Stdio::piped()).spawn().unwrap();
            // What does not read it does not mind.
            let _ = std::io::Write::write_all(
                &mut child.stdin.take().unwrap(),
                service.validated_url().as_bytes(),
            );
            (args.join(" "), child)
        })
        .collect();
    let ended =
        running.into_iter().map(|(name, child)| (name, Outcome::of(child.wait_with_output().unwrap())));
    let ended: Vec<_> = ended.collect();
    assert!(start.elapsed() < LIMIT, "a deadlock? {:?}", start.elapsed());
    ended
}

#[test]
fn every_command_at_once_leaves_one_truth() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let commands: [&[&str]; 5] = [
        &["balance", "--json"],
        &["barcode", "--once", "--json"],
        &["status", "--json"],
        &["link", "--json", "-"],
        &["unlink", "--yes", "--json"],
    ];
    let (mut processes, mut overruns, start) = (0, 0, Instant::now());
    for _ in 0..rounds() {
        for (name, outcome) in crowd(CROWD, &service, &user, &commands) {
            processes += 1;
            // Linked, already linked, or not linked: whatever was true when its turn came.
            let fine = match name.split(' ').next().unwrap() {
                "link" => &[0, 2][..],
                _ => &[0, 3],
            };
            // A keychain that is not ours may be overrun by so many; that is said, and nothing is torn by it.
            let overrun = outcome.code == Some(1) && outcome.error()["code"] == "store_timeout";
            overruns += usize::from(overrun);
            assert!(
                overrun || outcome.code.is_some_and(|code| fine.contains(&code)),
                "{name}: {:?} {}",
                outcome.code,
                outcome.stderr
            );
        }
        let status = user.run(&["status", "--check", "--json"]);
        let linked = status.json()["linked"] == true;
        assert_eq!(status.code, Some(if linked { 0 } else { 3 }), "{}", status.stderr);
        assert_eq!(service.live_devices().len(), usize::from(linked), "one device, or none");
    }
    assert!(overruns * 5 < processes, "the keychain was overrun {overruns} times of {processes}");
    print_figures(&format!(
        "crowd: {processes} processes of 5 commands on one profile in {:.0?}; keychain overrun {overruns} times",
        start.elapsed()
    ));
}

#[test]
fn one_expiry_is_one_sign_in() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let rounds = rounds();
    for round in 1..=rounds {
        let sign_ins = service.sign_ins();
        service.end_sessions();
        for (name, outcome) in
            crowd(CROWD, &service, &user, &[&["balance"], &["barcode", "--once"], &["history"], &["status"]])
        {
            assert_eq!(outcome.code, Some(0), "{name}: {}", outcome.stderr);
        }
        assert_eq!(service.sign_ins() - sign_ins, 1, "round {round}");
    }
    print_figures(&format!("crowd: {} processes, {rounds} expiries and as many sign-ins", rounds * CROWD));
}

#[test]
fn one_expiry_is_one_sign_in_with_the_file_store_too() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("correct horse");
    user.link(&service.validated_url());
    let sign_ins = service.sign_ins();
    service.end_sessions();
    for (name, outcome) in crowd(CROWD, &service, &user, &[&["balance"], &["status"]]) {
        assert_eq!(outcome.code, Some(0), "{name}: {}", outcome.stderr);
    }
    assert_eq!(service.sign_ins() - sign_ins, 1);
}

/// Ends the thread that looks at the flag, also when the test fails meanwhile.
struct StopWhenDropped<'a>(&'a AtomicBool);

impl Drop for StopWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn while_the_phone_app_steals_the_session_each_command_ends_well_or_says_why() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let (stop, start) = (AtomicBool::new(false), Instant::now());
    let (sign_ins, mut well) = (service.sign_ins(), 0);
    // Each of them signs in, a second after the one before.
    let size = usual_or_long(15, CROWD);
    std::thread::scope(|scope| {
        let _stop = StopWhenDropped(&stop);
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                service.steal_session();
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        for (name, outcome) in
            crowd(size, &service, &user, &[&["balance", "--json"], &["barcode", "--once", "--json"]])
        {
            if outcome.code == Some(0) {
                well += 1;
                continue;
            }
            let error = outcome.fails(3, "authentication_error", "4001");
            assert!(error["hint"].as_str().unwrap().contains("another device"), "{name}: {error}");
        }
    });
    let (elapsed, sign_ins) = (start.elapsed(), service.sign_ins() - sign_ins);
    // The phone's own sign-ins are not counted; ours are a second apart.
    assert!(sign_ins as u64 <= elapsed.as_secs() + 2, "{sign_ins} sign-ins in {elapsed:?}");
    assert_eq!(user.run(&["balance"]).code, Some(0));
    print_figures(&format!(
        "crowd: {size} processes against a phone app every 20 ms: {well} ended well, the others said why; {sign_ins} sign-ins in {elapsed:.0?}"
    ));
}
