//! `--until-charged`: the charge is seen once, with its receipt or without, whatever happens in between.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout};
use std::time::{Duration, Instant};

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::support::getcard::Getcard;
use crate::support::scanner::scan;
use crate::support::screen::Screen;
use crate::support::service::Service;
use crate::support::wait::{wait_for_content, wait_for_hits};

/// The price of a coffee.
const COFFEE: Decimal = Decimal::from_parts(450, 0, 0, false, 2);

fn linked() -> (Service, Getcard) {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("a passphrase of the tests");
    user.link(&service.validated_url());
    (service, user)
}

/// What the journal has of charges.
fn lags(user: &Getcard) -> Vec<Value> {
    let text = std::fs::read_to_string(user.home.path().join(".local/state/getcard/journal.jsonl")).unwrap();
    let records = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.filter(|record| record["state"] == "completed").collect()
}

/// A run with `--json`, whose lines are read as they come.
struct Waiting {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Waiting {
    fn start(user: &Getcard, args: &[&str]) -> Self {
        let all = [&["barcode", "--json", "--until-charged", "--refresh", "5"], args].concat();
        let mut child = user.command(&all).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    #[track_caller]
    fn line(&mut self, state: &str) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        let document: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no line: {line:?}"));
        assert_eq!(document["state"], state, "{line}");
        document
    }

    /// The exit code; nothing is left to read.
    #[track_caller]
    fn exit(mut self) -> Option<i32> {
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.lines, &mut rest).unwrap();
        assert_eq!(rest, "");
        self.child.wait().unwrap().code()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_charge_completes_with_its_receipt() {
    let (service, user) = linked();
    let mut waiting = Waiting::start(&user, &[]);
    let active = waiting.line("active");
    assert_eq!((&active["reason"], &active["charge"]), (&Value::Null, &Value::Null));
    let time = |value: &Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let left = time(&active["expires_at"]).duration_since(time(&active["at"]));
    assert!(left.as_secs() <= 300 && left.as_secs() > 200, "{active}");
    let id = service.charge("flexi", COFFEE, "Oakes Cafe").unwrap();
    let charge = waiting.line("completed")["charge"].clone();
    assert_eq!(charge["account"], "Flexi Dollars");
    assert_eq!((charge["amount"].to_string().as_str(), &charge["unit"]), ("4.5", &json!("USD")));
    assert_eq!(charge["location"], "Oakes Cafe");
    assert_eq!(charge["transaction_id"], id);
    assert_eq!(charge["confirmed"], true);
    assert_eq!(
        charge["balance_after"].to_string(),
        service.balance("flexi").unwrap().normalize().to_string()
    );
    assert_eq!(waiting.exit(), Some(0));
}

#[test]
fn a_charge_whose_transaction_never_comes_is_unconfirmed() {
    let (service, user) = linked();
    service.set_posting_delay(Duration::MAX);
    let mut waiting = Waiting::start(&user, &[]);
    waiting.line("active");
    service.charge("flexi", COFFEE, "Oakes Cafe").unwrap();
    let charge = waiting.line("completed")["charge"].clone();
    assert_eq!((&charge["confirmed"], &charge["transaction_id"]), (&Value::Bool(false), &Value::Null));
    assert_eq!(charge["amount"].to_string(), "4.5");
    assert_eq!(service.hits("retrieveTransactionHistoryWithinDateRange"), 3);
    assert_eq!(waiting.exit(), Some(0));
    let [record] = lags(&user).try_into().unwrap();
    // Nobody knows when it was made: the balance was seen as it was before at most that long ago.
    assert!(record["duration_ms"].as_u64().unwrap() >= 5_000, "{record}");
}

#[test]
fn how_long_after_the_charge_it_was_seen_is_kept() {
    let (service, user) = linked();
    let mut waiting = Waiting::start(&user, &[]);
    waiting.line("active");
    let made = Instant::now();
    service.charge("flexi", COFFEE, "Oakes Cafe").unwrap();
    waiting.line("completed");
    assert_eq!(waiting.exit(), Some(0));
    // Times are told in whole milliseconds.
    let longest = made.elapsed() + Duration::from_millis(2);

    let [record] = lags(&user).try_into().unwrap();
    let keys: Vec<&String> = record.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["at", "duration_ms", "event", "origin", "outcome", "profile", "state"],
        "no amount, no place"
    );
    let lag = record["duration_ms"].as_u64().unwrap();
    assert!(Duration::from_millis(lag) <= longest, "{lag} ms in {longest:?}");
    let figures = user.run(&["doctor", "--json"]).json()["figures"].clone();
    let expected = json!({"count": 1, "p50_ms": lag, "p95_ms": lag});
    assert_eq!(
        (&figures["last_day"]["completion_lag"], &figures["all"]["completion_lag"]),
        (&expected, &expected)
    );
    let metrics = user.run(&["doctor", "--openmetrics"]);
    assert!(metrics.text().contains("\ngetcard_completion_lag_seconds_count 1\n"), "{}", metrics.text());
}

#[test]
fn other_accounts_and_deposits_complete_nothing() {
    let (service, user) = linked();
    let mut waiting = Waiting::start(&user, &["--account", "points"]);
    waiting.line("active");
    service.charge("flexi", COFFEE, "Oakes Cafe").unwrap();
    service.deposit("points", Decimal::TEN, "Online").unwrap();
    wait_for_hits(&service, "retrieveAccounts", service.hits("retrieveAccounts") + 2);
    service.charge("points", Decimal::ONE, "Library").unwrap();
    let charge = waiting.line("completed")["charge"].clone();
    assert_eq!((&charge["account"], charge["amount"].to_string()), (&"Slug Points".into(), "1".to_owned()));
    assert_eq!(waiting.exit(), Some(0));
}

#[test]
fn stolen_sessions_and_failures_in_between_are_survived() {
    let (service, user) = linked();
    let mut waiting = Waiting::start(&user, &["--retries", "0"]);
    waiting.line("active");
    service.steal_session();
    service.set_faults(vec!["http=503@retrieveAccounts#first".parse().unwrap()]);
    service.charge("flexi", COFFEE, "Oakes Cafe").unwrap();
    waiting.line("completed");
    assert_eq!(waiting.exit(), Some(0));
}

#[test]
fn an_outage_is_told_and_its_end_too() {
    let (service, user) = linked();
    let mut waiting = Waiting::start(&user, &["--timeout", "2"]);
    waiting.line("active");
    service.set_faults(vec!["http=503".parse().unwrap()]);
    assert_eq!(waiting.line("unavailable")["reason"], "upstream_unavailable");
    service.set_faults(Vec::new());
    waiting.line("active");
    service.charge("flexi", COFFEE, "Oakes Cafe").unwrap();
    waiting.line("completed");
    assert_eq!(waiting.exit(), Some(0));
    let told = user.run(&["journal", "--json"]).json();
    let events = told["events"].as_array().unwrap().iter().filter(|event| event["event"] == "watch");
    let states: Vec<&str> = events.map(|event| event["detail"].as_str().unwrap()).collect();
    assert_eq!(states, ["active", "unavailable", "active", "completed"]);
}

#[test]
fn other_charges_are_left_aside() {
    let (service, user) = linked();
    let mut waiting = Waiting::start(&user, &["--min-amount", "4", "--at", "oakes"]);
    waiting.line("active");
    let seen_anew = || wait_for_hits(&service, "retrieveAccounts", service.hits("retrieveAccounts") + 2);
    service.charge("flexi", Decimal::ONE, "Oakes Cafe").unwrap();
    seen_anew();
    service.charge("flexi", COFFEE, "Library").unwrap();
    seen_anew();
    let id = service.charge("flexi", COFFEE, "Oakes Cafe").unwrap();
    assert_eq!(waiting.line("completed")["charge"]["transaction_id"], id);
    assert_eq!(waiting.exit(), Some(0));
    for args in [["--min-amount", "4"], ["--at", "oakes"]] {
        assert_eq!(user.run(&[&["barcode", "--once"], &args[..]].concat()).code, Some(2), "{args:?}");
    }
}

#[test]
fn leaving_the_view_before_the_charge_is_an_unmet_condition() {
    let (_service, user) = linked();
    let mut screen = Screen::of(&user, &["barcode", "--until-charged"]);
    screen.until_text("Waiting for the charge");
    screen.send("q");
    assert_eq!(screen.exit(), Some(6));
}

#[test]
fn revoked_credentials_end_the_wait() {
    let (service, user) = linked();
    let mut waiting = Waiting::start(&user, &[]);
    waiting.line("active");
    service.revoke_devices();
    assert_eq!(waiting.line("unavailable")["reason"], "credentials_revoked");
    assert_eq!(waiting.exit(), Some(3));
}

#[test]
fn the_wait_has_an_end() {
    let (service, user) = linked();
    let mut waiting = Waiting::start(&user, &["--expires", "2s"]);
    waiting.line("active");
    assert_eq!(waiting.line("unavailable")["reason"], "expired");
    assert_eq!(waiting.exit(), Some(6));
    service.set_latency(Duration::from_secs(30));
    let mut hanging = Waiting::start(&user, &["--expires", "1s"]);
    assert_eq!(hanging.line("unavailable")["reason"], "expired");
    assert_eq!(hanging.exit(), Some(6));
}

#[test]
fn an_account_that_there_is_not_is_wrong_usage() {
    let (_service, user) = linked();
    let args = ["barcode", "--json", "--until-charged", "--account", "no such"];
    user.run(&args).fails(2, "validation_error", "no_such_account");
}

#[test]
fn a_file_is_kept_fresh_while_it_waits() {
    let (service, user) = linked();
    let path = user.home.path().join("code.png");
    let mut waiting = Waiting::start(&user, &["--output", path.to_str().unwrap()]);
    waiting.line("active");
    let first = scan(&std::fs::read(&path).unwrap()).unwrap();
    wait_for_content("another code", &path, |bytes| scan(bytes).unwrap() != first);
    service.charge("flexi", COFFEE, "Oakes Cafe").unwrap();
    waiting.line("completed");
    assert_eq!(waiting.exit(), Some(0));
    assert_eq!(scan(&std::fs::read(&path).unwrap()), None, "no dead code is left");
}

#[test]
fn in_words_without_a_terminal() {
    let (service, user) = linked();
    let args = ["barcode", "--until-charged", "--refresh", "5"];
    let child = user.command(&args).spawn().unwrap();
    // A second read of the balances is asked for only after the first has arrived: what is charged then is seen.
    wait_for_hits(&service, "retrieveAccounts", 2);
    service.charge("flexi", COFFEE, "Oakes Cafe").unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().last().unwrap().starts_with("Paid $4.50 at Oakes Cafe · "), "{text}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn the_view_shows_the_receipt_and_goes_on() {
    let (service, user) = linked();
    let mut screen = Screen::of(&user, &["barcode", "--refresh", "5"]);
    screen.until_text(" live ");
    screen.until_text("Flexi Dollars $");
    service.charge("flexi", COFFEE, "Oakes Cafe").unwrap();
    let left = format!("${:.2}", service.balance("flexi").unwrap());
    screen.until_text(&format!("Paid $4.50 at Oakes Cafe · {left} left on Flexi Dollars"));
    screen.resize(28, 80);
    screen.until_text(&format!("Flexi Dollars {left}"));
    assert!(screen.scan().is_some());
    screen.send("q");
    assert_eq!(screen.exit(), Some(0));
}

#[test]
fn the_view_ends_with_the_charge_when_that_is_waited_for() {
    let (service, user) = linked();
    let mut screen = Screen::of(&user, &["barcode", "--refresh", "5", "--until-charged"]);
    screen.until_text("Waiting for the charge");
    screen.until_text("Flexi Dollars $");
    service.charge("flexi", COFFEE, "Oakes Cafe").unwrap();
    assert_eq!(screen.exit(), Some(0));
    screen.is_restored();
    assert!(screen.text().contains("Paid $4.50 at Oakes Cafe · "), "{}", screen.text());
    assert_eq!(lags(&user).len(), 1);
}
