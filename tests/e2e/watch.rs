//! `balance --watch`: printed on change, through failures that pass, until it is ended.

use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use getcard::sandbox::{Fault, FaultKind};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::getcard::Getcard;
use crate::support::service::Service;
use crate::support::wait::wait_for_hits;

#[test]
fn changes_are_printed_as_they_come() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service).with("GETCARD_RETRIES", "0");
    let mut child = user.command(&["balance", "flexi", "--watch", "5", "--json"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    let balance = |document: &Value| document["accounts"][0]["balance"].to_string();
    let first = next();
    let flexi = service.balance("flexi").unwrap();
    assert_eq!(balance(&first), flexi.to_string());
    let reads = service.hits("retrieveAccounts");
    service.set_faults(vec![Fault::new(FaultKind::Http { status: 503, retry_after: None })]);
    wait_for_hits(&service, "retrieveAccounts", reads + 1);
    service.set_faults(Vec::new());
    service.charge("flexi", Decimal::new(125, 2), "Cafe").unwrap();
    let start = Instant::now();
    assert_eq!(balance(&next()), (flexi - Decimal::new(125, 2)).normalize().to_string());
    assert!(start.elapsed() < Duration::from_secs(15));
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("HTTP 503; trying again in "), "{stderr}");
    assert!(stderr.contains("can be read again"), "{stderr}");
}

#[test]
fn watching_ends_below_an_amount_or_with_the_credentials() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let below = user.run(&["balance", "flexi", "--watch", "--below", "1000"]);
    assert_eq!(below.code, Some(6));
    // A time stands above the table.
    assert_eq!(below.text().lines().count(), 3, "{}", below.text());
    assert_eq!(user.run(&["balance", "--watch", "4"]).code, Some(2));
    assert_eq!(user.run(&["balance", "gold", "--watch"]).code, Some(2));
    service.end_sessions();
    user.run(&["balance", "--watch", "5", "--json"]).fails(3, "authentication_error", "session_ended");
}

#[test]
fn a_service_that_asks_for_a_pause_gets_it() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    service.set_faults(vec![Fault::new(FaultKind::Http { status: 503, retry_after: Some(45) })]);
    let mut child = user.command(&["balance", "--watch", "5"]).spawn().unwrap();
    let mut told = String::new();
    BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut told).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(told.contains("HTTP 503; trying again in 45 s"), "{told}");
    assert_eq!(service.hits("retrieveAccounts"), 1);
}
