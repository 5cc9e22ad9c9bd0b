//! Text of a hostile service: nothing that acts on a terminal or hides from its reader gets through, in any command.

use getcard::model::text::is_hostile;
use getcard::sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::getcard::Getcard;
use crate::support::service::Service;

/// Clears the screen, sets a title, rings, reverses, hides, breaks the line, and looks like an error of ours.
const NASTY: &str = "A\x1b[2J\x1b]0;t\x07\u{9b}31m\u{202e}B\u{200b}\u{2066}C\r\nerror: forged\u{feff}\u{e0041}\u{85}\u{2028}D";

fn transaction(id: u32) -> Value {
    json!({
        "transactionId": format!("{id}{NASTY}"), "transactionType": 1, "amount": 1.25, "resultingBalance": 3,
        "actualDate": "2026-02-09T19:04:11.000+0000", "locationName": NASTY, "accountName": NASTY,
    })
}

/// A service whose every text is nasty.
fn nasty() -> (Service, Getcard) {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0");
    user.link(&service.validated_url());
    let account = json!({
        "id": NASTY, "accountDisplayName": NASTY, "accountType": 3, "balance": 12.35, "lastFour": NASTY,
    });
    service.override_response("retrieveAccounts", Some(json!({"planName": NASTY, "accounts": [account]})));
    service.override_response(
        "retrieveTransactionHistoryWithinDateRange",
        Some(
            json!({"totalCount": 2, "returnCapped": false, "transactions": [transaction(1), transaction(2)]}),
        ),
    );
    service.override_response(
        "retrieveLookupList",
        Some(json!({"institutions": [{"id": NASTY, "name": NASTY, "shortName": NASTY}]})),
    );
    (service, user)
}

/// Every command that shows text of the service, in the forms for people.
const SHOWING: [&[&str]; 9] = [
    &["balance", "--all"],
    &["balance", "nothing like it"],
    &["history", "--limit", "5"],
    &["history", "--format", "csv"],
    &["history", "--summary", "location"],
    &["history", "--reconcile"],
    &["history", "--chart"],
    &["schools"],
    &["doctor"],
];

fn assert_harmless(text: &str, what: &str) {
    let shown = text.replace('\n', "");
    // What is drawn in color begins with an escape of ours; without a terminal nothing is.
    assert!(!shown.contains(is_hostile), "{what}: {text:?}");
    assert!(!text.lines().any(|line| line.starts_with("error: forged")), "{what}: {text:?}");
}

#[test]
fn tables_messages_and_the_log_are_harmless() {
    let (_service, user) = nasty();
    for args in SHOWING {
        for more in [&["-vv"][..], &["-vv", "--log-format", "json"], &["--color", "always"]] {
            let outcome = user.run(&[args, more].concat());
            let expected: &[i32] = if args.contains(&"nothing like it") { &[2] } else { &[0, 1, 6] };
            assert!(
                outcome.code.is_some_and(|code| expected.contains(&code)),
                "{args:?}: {:?} {}",
                outcome.code,
                outcome.stderr
            );
            let stdout = String::from_utf8(outcome.stdout).unwrap();
            assert_harmless(&outcome.stderr, &format!("{args:?} {more:?}"));
            // The chart's own colors are escapes; its text is checked without them.
            if more[0] != "--color" {
                assert_harmless(&stdout, &format!("{args:?} {more:?}"));
            }
        }
    }
}

#[test]
fn json_is_exact_and_harmless() {
    let (_service, user) = nasty();
    let accounts = user.run(&["balance", "--json"]);
    assert_harmless(accounts.text(), "balance --json");
    assert_eq!(accounts.json()["accounts"][0]["name"], NASTY);
    let history = user.run(&["history", "--json"]);
    assert_harmless(history.text(), "history --json");
    assert_eq!(history.json()["transactions"][0]["location"], NASTY);
}

#[test]
fn exceptions_are_harmless_in_every_form() {
    let (service, user) = nasty();
    for kind in [
        FaultKind::Exception(format!("9801|{NASTY}")),
        FaultKind::Exception(NASTY.to_owned()),
        FaultKind::ExceptionObject(NASTY.to_owned()),
        FaultKind::ExceptionJson(json!({ NASTY: [NASTY] })),
        FaultKind::Redirect("http://127.0.0.1:9/%1b".to_owned()),
    ] {
        service.set_faults(vec![Fault::new(kind.clone())]);
        for args in [
            &["balance", "-vv"][..],
            &["balance", "--json"],
            &["status", "--check"],
            &["doctor"],
            &["probe", "user", "retrieve"],
        ] {
            let outcome = user.run(args);
            assert_harmless(&outcome.stderr, &format!("{args:?} {kind:?}"));
            assert_harmless(&String::from_utf8(outcome.stdout).unwrap(), &format!("{args:?} {kind:?}"));
        }
    }
}

#[test]
fn a_spreadsheet_is_handed_no_formula() {
    let (service, user) = nasty();
    let cell = |text: &str| {
        let mut row = transaction(1);
        row["locationName"] = json!(text);
        service.override_response(
            "retrieveTransactionHistoryWithinDateRange",
            Some(json!({"totalCount": 1, "returnCapped": false, "transactions": [row]})),
        );
        user.run(&["history", "--format", "csv"]).text().to_owned()
    };
    for formula in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\u{200b}=1",
        "=cmd|' /C calc'!A0",
        " =1",
        "\u{ff1d}1",
    ] {
        let csv = cell(formula);
        let row = csv.lines().nth(1).unwrap();
        let starts =
            |mark: char| row.split(',').any(|cell| cell.trim_matches('"').trim_start().starts_with(mark));
        assert!(!starts('=') && !starts('@') && !starts('+') && !starts('\u{ff1d}'), "{formula:?}: {row}");
    }
}
