//! Every command under every fault at the first, the second or every call: the right exit, in bounded time and memory,
//! with store and service in agreement afterwards.

mod expected;
mod subjects;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use getcard::sandbox::{Calls, Fault, FaultKind};
use serde_json::Value;

use self::expected::Met;
use self::subjects::{FAULTS, SUBJECTS, Subject};
use crate::support::getcard::Getcard;
use crate::support::measured::{Measured, Measurement, print_figures};
use crate::support::service::Service;

/// The largest memory that any command may take, in bytes.
const MOST_MEMORY: u64 = 64 << 20;
/// How long a command waits for a reply that does not come, in seconds. For one that comes it waits the usual time, so
/// that a slow machine is no fault.
const PATIENCE: &str = "2";
/// No command can wait longer for the service: two calls of two attempts each, the pauses between them, a second of
/// restraint; the rest is for a busy machine.
const LONGEST: Duration = Duration::from_secs(15);
/// How many cases run at once: most of them wait.
const WORKERS: usize = 8;

/// One worker's service and user.
struct Scene {
    service: Service,
    user: Getcard,
}

impl Scene {
    fn new() -> Self {
        let service = Service::start();
        let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "1");
        Self { service, user }
    }

    fn status(&self) -> (Option<i32>, Value) {
        let outcome = self.user.run(&["status", "--check", "--json"]);
        (outcome.code, outcome.json())
    }

    /// Linked or not, with nothing else left of the case before.
    fn set(&self, linked: bool) {
        let live = self.service.live_devices().len();
        let (code, status) = self.status();
        if linked && code == Some(0) && live == 1 || !linked && status["linked"] == false && live == 0 {
            return;
        }
        self.user.run(&["unlink", "--yes", "--local"]);
        self.service.revoke_devices();
        if linked {
            self.user.link(&self.service.validated_url());
        }
    }

    /// Store and service agree, whatever the command came to.
    fn assert_agreement(&self, case: &str) {
        let (code, status) = self.status();
        let live = self.service.live_devices().len();
        match (status["linked"].as_bool(), status["valid"].as_bool()) {
            (Some(true), Some(true)) => assert_eq!((code, live), (Some(0), 1), "{case}"),
            (Some(true), Some(false)) => assert_eq!((code, live), (Some(3), 0), "{case}"),
            (Some(false), None) => {
                assert_eq!(code, Some(3), "{case}");
                assert!(live == 0, "{case}: {live} devices live, and none is known here");
            }
            other => panic!("{case}: {other:?} {status}"),
        }
        assert_eq!(status["pending"], false, "{case}");
    }

    fn run(&self, subject: &Subject, fault: &str, met: Met) -> Measured {
        let mut fault: Fault = fault.parse().unwrap();
        let calls = match met {
            Met::First => Calls::FIRST,
            Met::Second => Calls::SECOND,
            Met::Every => Calls::EVERY,
        };
        fault.calls = calls;
        let mut measurement = Measurement::of(&self.user, subject.args);
        if matches!(fault.kind, FaultKind::Hang | FaultKind::HangAfter | FaultKind::Drip) {
            measurement.command.env("GETCARD_TIMEOUT", PATIENCE);
        }
        self.service.set_faults(vec![fault]);
        let measured = measurement.run(&self.service.validated_url());
        self.service.set_faults(Vec::new());
        measured
    }
}

/// The category's name behind an exit code.
fn category(exit: i32) -> &'static str {
    match exit {
        1 => "internal_error",
        2 => "validation_error",
        3 => "authentication_error",
        4 => "authorization_error",
        5 => "transient_upstream_error",
        other => panic!("{other} is no category"),
    }
}

fn assert_result(subject: &Subject, fault: &str, met: Met, measured: &Measured, case: &str) {
    let kind = fault.parse::<Fault>().unwrap().kind;
    let (exit, outcome) = (expected::exit(subject, &kind, met), &measured.outcome);
    assert_eq!(outcome.code, Some(exit), "{case}: {} {}", outcome.text(), outcome.stderr);
    if exit == 0 || subject.name == "status --check" {
        assert!(outcome.json().is_object(), "{case}");
    } else {
        assert_eq!(outcome.text(), "", "{case}");
        let error = outcome.error();
        assert_eq!(error["category"], category(exit), "{case}");
        assert!(error["code"].is_string() || fault.starts_with("exception"), "{case}: {error}");
        assert!(error["method"].is_string() && error["correlation_id"].is_string(), "{case}: {error}");
    }
    assert!(measured.elapsed < LONGEST, "{case}: {:?}", measured.elapsed);
    assert!(measured.peak < MOST_MEMORY, "{case}: {} MiB", measured.peak >> 20);
}

/// The worst of all cases so far.
#[derive(Default)]
struct Worst {
    elapsed: Duration,
    peak: u64,
}

#[test]
fn every_command_under_every_fault() {
    let start = Instant::now();
    let spans = [Met::First, Met::Second, Met::Every];
    // The commands that begin linked are together, so that few cases have to link anew.
    let cases: Vec<(&Subject, &str, Met)> = SUBJECTS
        .iter()
        .flat_map(|subject| FAULTS.iter().flat_map(move |fault| spans.map(|met| (subject, *fault, met))))
        // The exceptions of the calls that make and revoke devices have tests of their own, in exceptions.rs.
        .filter(|(subject, fault, _)| !(subject.changes && fault.starts_with("exception")))
        .collect();
    let (next, worst) = (AtomicUsize::new(0), Mutex::new(Worst::default()));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                let scene = Scene::new();
                let mut fresh = true;
                while let Some((subject, fault, met)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let case = format!("{} under {fault}, {met:?}", subject.name);
                    if fresh || subject.changes || !subject.linked {
                        scene.set(subject.linked);
                    }
                    let devices = scene.service.live_devices();
                    let measured = scene.run(subject, fault, *met);
                    assert_result(subject, fault, *met, &measured, &case);
                    if subject.changes {
                        scene.assert_agreement(&case);
                    } else {
                        assert_eq!(scene.service.live_devices(), devices, "{case}");
                    }
                    // A refusal is remembered; asking once more settles it.
                    fresh = subject.changes || measured.outcome.code == Some(3);
                    let mut worst = worst.lock().unwrap();
                    worst.elapsed = worst.elapsed.max(measured.elapsed);
                    worst.peak = worst.peak.max(measured.peak);
                }
            });
        }
    });
    let worst = worst.into_inner().unwrap();
    print_figures(&format!(
        "fault matrix: {} cases ({} commands x {} faults x 3) in {:.0?}; slowest {:.1?}, largest {} MiB",
        cases.len(),
        SUBJECTS.len(),
        FAULTS.len(),
        start.elapsed(),
        worst.elapsed,
        worst.peak >> 20,
    ));
}

#[test]
fn every_command_without_a_service() {
    for subject in &SUBJECTS {
        let scene = Scene::new();
        scene.set(subject.linked);
        let validated = scene.service.validated_url();
        let Scene { service, user } = scene;
        drop(service);
        let measured = Measurement::of(&user, subject.args).run(&validated);
        assert_eq!(measured.outcome.code, Some(5), "{}: {}", subject.name, measured.outcome.stderr);
        if subject.name != "status --check" {
            measured.outcome.fails(5, "transient_upstream_error", "cannot_connect");
        }
        assert!(measured.elapsed < LONGEST, "{}: {:?}", subject.name, measured.elapsed);
        // What was linked still is, and what was not is not.
        assert_eq!(user.run(&["status"]).code, Some(if subject.linked { 0 } else { 3 }), "{}", subject.name);
    }
}
