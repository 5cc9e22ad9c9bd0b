//! `history` as CSV, summed up, checked and drawn.

use std::collections::BTreeMap;
use std::io::Read;

use getcard::sandbox::Options;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::getcard::Getcard;
use crate::support::service::Service;

/// The records of the CSV of everything, by column.
fn csv(user: &Getcard) -> Vec<BTreeMap<String, String>> {
    let outcome = user.run(&["history", "--all", "--format", "csv"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let mut reader = csv::Reader::from_reader(outcome.stdout.as_slice());
    reader.deserialize().map(Result::unwrap).collect()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn csv_is_complete_exact_and_harmless() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let records = csv(&user);
    assert_eq!(records.len(), 1278);
    let json = user.run(&["history", "--all", "--json"]).json();
    let hostile: Vec<_> = records.iter().filter(|record| record["location"].contains("HYPERLINK")).collect();
    assert_eq!(hostile.len(), 1);
    assert!(hostile[0]["location"].starts_with("'=HYPERLINK("));
    for (record, row) in records.iter().zip(json["transactions"].as_array().unwrap()) {
        let signed = decimal(&record["signed_amount"]);
        assert_eq!(signed.to_string(), row["signed_amount"].to_string());
        assert_eq!(signed.is_sign_negative(), record["kind"] != "deposit");
        assert_eq!(record["occurred_at"], row["occurred_at"].as_str().unwrap());
        assert!(record.values().all(|cell| !cell.contains(char::is_control) && !cell.contains('\u{202e}')));
    }
    let exact = json["transactions"].to_string();
    assert!(exact.contains(r"\u001b]0;owned\u0007"), "JSON keeps the text exact");
    let table = user.run(&["history", "--all"]);
    assert!(!table.text().contains(|c: char| c.is_control() && c != '\n'));
}

#[test]
fn sums_are_those_of_the_transactions() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let records = csv(&user);
    let spent = |field: &str, name: &str, unit: &str| -> Decimal {
        let of = records.iter().filter(|row| row["unit"] == unit && row[field].starts_with(name));
        of.map(|row| decimal(&row["signed_amount"])).filter(Decimal::is_sign_negative).sum::<Decimal>().abs()
    };
    for (by, field) in [("location", "location"), ("account", "account"), ("month", "occurred_at")] {
        let summary = user.run(&["history", "--summary", by, "--json"]).json();
        assert_eq!(summary["by"], by);
        let groups = summary["groups"].as_array().unwrap();
        for group in groups.iter().filter(|group| !group["name"].as_str().unwrap().contains("HYPERLINK")) {
            let (name, unit) = (group["name"].as_str().unwrap(), group["unit"].as_str().unwrap());
            if !name.contains('\u{1b}') {
                assert_eq!(decimal(&group["spent"].to_string()), spent(field, name, unit), "{group}");
            }
        }
        let total = decimal(&summary["total"]["spent"].to_string());
        assert_eq!(total, spent("unit", "", "USD"));
        assert_eq!(decimal(&summary["total_meals"]["spent"].to_string()), spent("unit", "", "meals"));
        let counted: u64 = groups.iter().map(|group| group["count"].as_u64().unwrap()).sum();
        assert_eq!(counted, 1278);
        let shares: Decimal = groups.iter().map(|group| decimal(&group["share"].to_string())).sum();
        assert!((shares - Decimal::TWO).abs() < decimal("0.01"), "dollars and meals are one each: {shares}");
    }
    let csv = user.run(&["history", "--summary", "month", "--format", "csv"]);
    assert!(csv.text().starts_with("name,unit,count,spent,deposited,share\n"));
}

#[test]
fn balances_that_follow_are_ok_and_a_false_one_is_found() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let report = user.run(&["history", "--reconcile", "--json"]);
    assert_eq!((report.code, &report.json()["ok"]), (Some(0), &true.into()), "{}", report.text());
    let checked: u64 =
        report.json()["accounts"].as_array().unwrap().iter().map(|it| it["checked"].as_u64().unwrap()).sum();
    assert_eq!(checked, 1278);
    let id = service.tamper_balance("flexi", decimal("1.25")).unwrap();
    let report = user.run(&["history", "--reconcile", "--json"]);
    assert_eq!(report.code, Some(6));
    let report = report.json();
    let flexi = |report: &Value| -> Value {
        let accounts = report["accounts"].as_array().unwrap();
        accounts.iter().find(|account| account["account"] == "Flexi Dollars").unwrap().clone()
    };
    let gaps = flexi(&report)["gaps"].clone();
    assert_eq!(
        (&gaps[0]["older_id"], &gaps[0]["difference"].to_string()),
        (&id.as_str().into(), &"-1.25".to_owned())
    );
    assert_eq!(
        (&gaps[1]["newer_id"], &gaps[1]["difference"].to_string()),
        (&id.as_str().into(), &"1.25".to_owned())
    );
    assert_eq!(gaps.as_array().unwrap().len(), 2);
    assert_eq!(report["accounts"].as_array().unwrap().iter().filter(|it| it["ok"] == true).count(), 5);
    let text = user.run(&["history", "--reconcile", "--account", "flexi"]);
    assert_eq!(text.code, Some(6));
    assert!(text.text().contains("2 gaps") && text.text().contains(&id), "{}", text.text());
    assert_eq!(user.run(&["history", "--reconcile", "--account", "board"]).code, Some(0));
}

#[test]
fn a_charge_that_is_not_listed_yet_shows_in_the_balance_now() {
    let posting_delay = std::time::Duration::MAX;
    let service = Service::with(Options { posting_delay, ..Options::default() });
    let user = Getcard::ephemeral(&service);
    service.charge("flexi", decimal("2.5"), "Cafe").unwrap();
    let report = user.run(&["history", "--reconcile", "--json"]);
    assert_eq!(report.code, Some(6));
    assert!(report.text().contains(r#""newer_id":null"#) && report.text().contains(r#""difference":-2.5}"#));
    // A day of the past is not compared with the balance now.
    let past = user.run(&["history", "--reconcile", "--until", "2d", "--json"]);
    assert_eq!(past.code, Some(0));
    assert!(past.json()["accounts"].as_array().unwrap().iter().all(|it| it["current_balance"].is_null()));
    service.post_pending();
    let day = user.run(&["history", "--reconcile", "--since", "today"]);
    assert_eq!(day.code, Some(0), "{}", day.text());
}

#[test]
fn charts_are_drawn_on_the_terminal_and_in_files() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let chart = user.run(&["history", "--chart", "--since", "3m"]);
    assert_eq!(chart.code, Some(0), "{}", chart.stderr);
    assert!(chart.text().contains("Flexi Dollars  $") && chart.text().contains('█'));
    assert!(!chart.text().contains('\x1b'));
    assert!(user.run(&["history", "--chart", "--color", "always"]).text().contains("\x1b[36m"));
    let dir = tempfile::tempdir().unwrap();
    for name in ["chart.svg", "chart.PNG"] {
        let path = dir.path().join(name);
        let outcome = user.run(&["history", "--chart", "--output", path.to_str().unwrap()]);
        assert_eq!((outcome.code, outcome.text()), (Some(0), ""), "{}", outcome.stderr);
        assert!(std::fs::metadata(path).unwrap().len() > 10_000);
    }
    assert_eq!(user.run(&["history", "--chart", "--output", "chart.pdf"]).code, Some(2));
    let nowhere = dir.path().join("none/chart.svg");
    assert_eq!(user.run(&["history", "--chart", "--output", nowhere.to_str().unwrap()]).code, Some(1));
}

#[test]
fn a_reader_that_goes_ends_it_quietly() {
    let service = Service::with(Options { transactions: Some(5000), ..Options::default() });
    let user = Getcard::ephemeral(&service);
    for format in ["jsonl", "csv", "table", "json"] {
        let mut child = user.command(&["history", "--all", "--format", format]).spawn().unwrap();
        child.stdout.take().unwrap().read_exact(&mut [0; 10]).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{format}");
    }
}
