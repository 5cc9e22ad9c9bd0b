//! Kill -9 while the service has a call of linking: afterwards the next run knows the truth, and no device is lost.

use std::io::Write;
use std::process::Stdio;

use getcard::sandbox::{Calls, Fault, FaultKind};

use crate::support::getcard::Getcard;
use crate::support::service::Service;
use crate::support::wait::wait_until;

/// What must hold after any kill: linked or not, truthfully; one device alive at most; and it can be revoked.
fn assert_consistent(service: &Service, user: &Getcard, when: &str) {
    let status = user.run(&["status", "--check", "--json"]);
    let linked = status.json()["linked"] == true;
    assert_eq!(status.code, Some(if linked { 0 } else { 3 }), "{when}: {}", status.text());
    assert_eq!(service.live_devices().len(), usize::from(linked), "{when}");
    if linked {
        assert_eq!(user.run(&["unlink", "--yes"]).code, Some(0), "{when}");
        assert!(service.live_devices().is_empty(), "{when}");
    }
}

/// Starts a link, kills it when `now` says so, and gives whether it was still running.
fn kill_link(service: &Service, user: &Getcard, args: &[&str], now: impl Fn() -> bool) -> bool {
    let mut child = user.command(args).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(service.validated_url().as_bytes()).unwrap();
    wait_until("the moment to kill", now);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}

#[test]
fn killed_at_each_call() {
    for (method, kind) in [
        ("createPIN", FaultKind::Hang),
        ("createPIN", FaultKind::HangAfter),
        ("authenticatePIN", FaultKind::Hang),
        ("authenticatePIN", FaultKind::HangAfter),
    ] {
        let service = Service::start();
        let user = Getcard::at(&service.base_url());
        service.set_faults(vec![Fault::new(kind.clone()).at(method).on(Calls::FIRST)]);
        let running = kill_link(&service, &user, &["link", "-"], || service.hits(method) > 0);
        assert!(running, "{method} {kind:?}");
        assert_consistent(&service, &user, &format!("killed at {method}, {kind:?}"));
    }
}

#[test]
fn killed_while_replacing() {
    for (method, kind) in [
        ("createPIN", FaultKind::HangAfter),
        ("authenticatePIN", FaultKind::HangAfter),
        ("deletePIN", FaultKind::Hang),
        ("deletePIN", FaultKind::HangAfter),
    ] {
        let service = Service::start();
        let user = Getcard::linked(&service);
        let before = service.hits(method);
        service.set_faults(vec![Fault::new(kind.clone()).at(method).on(Calls::FIRST)]);
        let running =
            kill_link(&service, &user, &["link", "--replace", "-"], || service.hits(method) > before);
        assert!(running, "{method} {kind:?}");
        assert_consistent(&service, &user, &format!("replacing, killed at {method}, {kind:?}"));
    }
}
