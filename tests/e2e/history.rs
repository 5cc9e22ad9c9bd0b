//! `history`: every transaction once, whatever the service does with its pages.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use getcard::sandbox::{Fault, Options};
use serde_json::Value;

use crate::support::getcard::{Getcard, Outcome};
use crate::support::service::Service;

fn rows(outcome: &Outcome) -> Vec<Value> {
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    outcome.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn all(user: &Getcard) -> Vec<Value> {
    rows(&user.run(&["history", "--all", "--format", "jsonl"]))
}

fn fault(text: &str) -> Vec<Fault> {
    vec![text.parse().unwrap()]
}

fn texts<'a>(rows: &'a [Value], field: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[field].as_str().unwrap()).collect()
}

#[test]
fn every_transaction_is_listed_once_and_newest_first() {
    let service = Service::start();
    let rows = all(&Getcard::ephemeral(&service));
    assert_eq!(rows.len(), 1278);
    assert_eq!(texts(&rows, "key").into_iter().collect::<BTreeSet<_>>().len(), 1278);
    // The times are all in one form, and so in the order of their texts.
    assert!(texts(&rows, "occurred_at").is_sorted_by(|one, next| one >= next));
}

#[test]
fn the_newest_fifty_are_usual() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let calls = service.hits("retrieveTransactionHistoryWithinDateRange");
    let document = user.run(&["history", "--json"]);
    assert!(document.stderr.is_empty(), "{}", document.stderr);
    let document = document.json();
    assert_eq!((&document["complete"], &document["count"]), (&false.into(), &50.into()));
    assert_eq!(service.hits("retrieveTransactionHistoryWithinDateRange") - calls, 1);
    let expected = all(&user);
    assert_eq!(document["transactions"].as_array().unwrap()[..], expected[..50]);
    let limited = user.run(&["history", "--limit", "1100", "--format", "json"]).json();
    assert_eq!(limited["transactions"].as_array().unwrap()[..], expected[..1100]);
    let whole = user.run(&["history", "--limit", "1278", "--json"]).json();
    assert_eq!((&whole["complete"], &whole["count"]), (&true.into(), &1278.into()));
    let table = user.run(&["history", "--limit", "2"]);
    assert_eq!(table.text().lines().count(), 3);
    assert!(table.stderr.contains("the newest 2"), "{}", table.stderr);
}

#[test]
fn a_service_that_lies_and_strays_loses_nothing() {
    let service = Service::with(Options { shared_instant: 12, ..Options::default() });
    let user = Getcard::ephemeral(&service);
    let expected = all(&user);
    for text in ["lie-capped", "outside-range", "missing-fields=totalCount", "missing-fields=returnCapped"] {
        service.set_faults(fault(text));
        assert_eq!(all(&user), expected, "{text}");
    }
    service.set_faults(fault("missing-fields=transactionKey"));
    assert_eq!(texts(&all(&user), "id"), texts(&expected, "id"));
    service.set_faults(fault("missing-fields=transactionKey,transactionId"));
    assert_eq!(all(&user).len(), expected.len());
    service.set_faults(fault("outside-range"));
    let day = &expected[400]["occurred_at"].as_str().unwrap()[..10];
    let of_day = rows(&user.run(&["history", "--all", "--format", "jsonl", "--since", day, "--until", day]));
    let wanted: Vec<_> =
        expected.iter().filter(|row| row["occurred_at"].as_str().unwrap().starts_with(day)).collect();
    assert_eq!(of_day.iter().collect::<Vec<_>>(), wanted);
}

#[test]
fn an_instant_that_fills_pages_is_got_through() {
    let service =
        Service::with(Options { transactions: Some(4000), shared_instant: 2500, ..Options::default() });
    let rows = all(&Getcard::ephemeral(&service));
    assert_eq!(texts(&rows, "key").into_iter().collect::<BTreeSet<_>>().len(), 4000);
}

#[test]
fn ranges_hold_both_of_their_ends() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let expected = all(&user);
    let (newest, oldest) = (&expected[300]["occurred_at"], &expected[700]["occurred_at"]);
    let (newest, oldest) = (newest.as_str().unwrap(), oldest.as_str().unwrap());
    let range = ["history", "--all", "--format", "jsonl", "--since", oldest, "--until", newest];
    let wanted: Vec<_> = expected
        .iter()
        .filter(|row| (oldest..=newest).contains(&row["occurred_at"].as_str().unwrap()))
        .collect();
    assert_eq!(rows(&user.run(&range)).iter().collect::<Vec<_>>(), wanted);
    let future = user.run(&["history", "--since", "2999-01-01", "--json"]).json();
    assert_eq!((&future["complete"], &future["count"]), (&true.into(), &0.into()));
}

#[test]
fn accounts_are_chosen_by_id_or_name() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let expected = all(&user);
    let of = |words: &[&str]| {
        let mut args = vec!["history", "--all", "--format", "jsonl"];
        args.extend(words.iter().flat_map(|words| ["--account", words]));
        rows(&user.run(&args))
    };
    let wanted = |names: &[&str]| -> Vec<Value> {
        expected.iter().filter(|row| names.contains(&row["account"].as_str().unwrap())).cloned().collect()
    };
    assert_eq!(of(&["BOARD"]), wanted(&["Board"]));
    assert_eq!(of(&["bucks", "points"]), wanted(&["Banana Bucks", "Slug Points"]));
    assert_eq!(of(&["meal"]), wanted(&["Donated Meal"]));
    let id = &user.run(&["balance", "--json"]).json()["accounts"][0]["id"].clone();
    assert_eq!(of(&[id.as_str().unwrap()]), wanted(&["Flexi Dollars"]));
    service.set_faults(fault("missing-fields=id"));
    assert_eq!(of(&["BOARD"]), wanted(&["Board"]));
    let newest = user.run(&["history", "--account", "board", "--limit", "3", "--format", "jsonl"]);
    assert_eq!(rows(&newest), wanted(&["Board"])[..3]);
    service.set_faults(Vec::new());
    let unknown = user.run(&["history", "--account", "gold", "--json"]);
    let hint = unknown.fails(2, "validation_error", "no_such_account")["hint"].clone();
    assert!(hint.as_str().unwrap().contains("Flexi Dollars, Banana Bucks"), "{hint}");
}

#[test]
fn a_session_that_ends_between_pages_is_renewed() {
    let service = Service::with(Options { transactions: Some(3500), ..Options::default() });
    let user = Getcard::linked(&service);
    service.set_faults(fault("exception=4001|Session not found@retrieveTransactionHistoryWithinDateRange#2"));
    assert_eq!(all(&user).len(), 3500);
}

#[test]
fn whoever_reads_slowly_gets_everything_and_nothing_is_asked_for_twice() {
    let service = Service::with(Options { transactions: Some(5_000), ..Options::default() });
    let user = Getcard::ephemeral(&service);
    let args = ["history", "--all", "--format", "jsonl", "--timeout", "5", "--retries", "0"];
    let mut child = user.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    // Longer than the timeout.
    std::thread::sleep(Duration::from_secs(6));
    assert_eq!(lines.map(Result::unwrap).count(), 4_999);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(service.hits("retrieveTransactionHistoryWithinDateRange"), 6);
}

#[test]
fn bad_input_is_refused_and_says_what_would_do() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let before = service.requests().len();
    let backwards = ["history", "--since", "2026-02-09", "--until", "2026-02-08", "--json"];
    user.run(&backwards).fails(2, "validation_error", "range");
    for option in ["--since", "--until"] {
        let error =
            user.run(&["history", option, "last week", "--json"]).fails(2, "validation_error", "usage");
        for form in ["today", "2026-02-09", "2026-02-09T12:00:00Z", "30d", "6w", "3m"] {
            assert!(error["message"].as_str().unwrap().contains(form), "{error}");
        }
    }
    for args in [
        &["--limit", "0"][..],
        &["--limit", "5", "--all"],
        &["--summary", "year"],
        &["--kind", "gift"],
        &["--new", "--since", "30d"],
        &["--new", "--all"],
        &["--chart", "--new"],
        &["--summary", "month", "--reconcile"],
        &["--chart", "--output", "x.pdf"],
        &["--format", "xml"],
        &["--format", "csv", "--json"],
        &["--reconcile", "--format", "csv"],
        &["--chart", "--json"],
    ] {
        let args: Vec<_> = ["history"].iter().chain(args).collect();
        assert_eq!(user.run(&args).code, Some(2), "{args:?}");
    }
    assert_eq!(service.requests().len(), before);
}

#[test]
fn fields_of_other_types_are_an_error_that_names_them() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    service.set_faults(fault("wrong-types"));
    let error = user.run(&["history", "--json"]).fails(1, "internal_error", "unexpected_answer");
    assert_eq!(error["method"], "commerce.retrieveTransactionHistoryWithinDateRange");
    assert!(error["message"].as_str().unwrap().contains("at response."), "{error}");
    // A row without an amount says nothing: it is left out, and the range is not complete.
    service.set_faults(fault("missing-fields=amount"));
    let outcome = user.run(&["history", "--json"]);
    assert_eq!((&outcome.json()["complete"], &outcome.json()["count"]), (&false.into(), &0.into()));
    assert_eq!(outcome.stderr, "warning: skipped 1278 rows without an amount or a date\n");
    // What may be missing is missing.
    let optional = "locationId,locationName,postedDate,resultingBalance,accountName,planId,patronFullName";
    service.set_faults(fault(&format!("missing-fields={optional}")));
    assert_eq!(all(&user).len(), 1278);
    service.set_faults(fault("missing-fields"));
    assert_eq!(user.run(&["history", "--json"]).code, Some(0));
}
