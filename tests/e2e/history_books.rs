//! `history --format hledger|beancount`, read by the programs themselves.

use std::path::{Path, PathBuf};
use std::process::Command;

use getcard::model::text::clean;
use getcard::sandbox::Options;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::getcard::Getcard;
use crate::support::service::Service;

/// Writes the books of a range.
fn books(user: &Getcard, format: &str, range: &[&str]) -> PathBuf {
    let path = user.home.path().join(format!("card.{format}"));
    let mut args = vec!["history", "--format", format, "--output", path.to_str().unwrap()];
    args.extend(range);
    let outcome = user.run(&args);
    assert_eq!((outcome.code, outcome.text()), (Some(0), ""), "{}", outcome.stderr);
    path
}

/// Standard output of a program that must be content.
fn run(program: &str, args: &[&str], file: &Path) -> String {
    let output = Command::new(program).args(args).arg(file).env("LC_ALL", "C.UTF-8").output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}; tests/run.sh installs it"));
    let (stdout, stderr) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{program} {args:?}: {stderr}{stdout}");
    assert_eq!(stderr, "", "{program} {args:?}");
    stdout
}

fn hledger(args: &[&str], file: &Path) -> String {
    let mut all = args.to_vec();
    all.push("-f");
    run("hledger", &all, file)
}

/// What the service says is on the accounts, by their names in the books.
fn balances(user: &Getcard) -> Vec<(String, Decimal)> {
    let document = user.run(&["balance", "--all", "--json"]).json();
    let account = |account: &Value| {
        let name = clean(account["name"].as_str()?);
        let words: Vec<&str> =
            name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let balance = account["balance"].to_string().parse().ok()?;
        Some((format!("Assets:Card:{}", words.join("-")), balance))
    };
    document["accounts"].as_array().unwrap().iter().filter_map(account).collect()
}

/// Asserts that the balances of the books' accounts are those of the service.
fn assert_balances(user: &Getcard, journal: &Path) {
    let found = hledger(&["balance", "--flat", "--empty", "--no-total", "-O", "csv", "Assets"], journal);
    let mut reader = csv::Reader::from_reader(found.as_bytes());
    let found: Vec<(String, Decimal)> = reader
        .records()
        .map(Result::unwrap)
        .map(|record| {
            let number = record[1].split(' ').next().unwrap().parse().unwrap();
            (record[0].to_owned(), number)
        })
        .collect();
    let expected = balances(user);
    assert!(found.len() >= 4, "{found:?}");
    for account in &found {
        assert!(expected.contains(account), "{account:?} is none of {expected:?}");
    }
}

#[test]
fn hledger_reads_everything_and_comes_to_the_same_balances() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let journal = books(&user, "hledger", &["--all"]);
    hledger(&["check", "--strict"], &journal);
    assert_balances(&user, &journal);
    let text = std::fs::read_to_string(&journal).unwrap();
    let transactions = user.run(&["history", "--all", "--json"]).json();
    for row in transactions["transactions"].as_array().unwrap() {
        assert!(text.contains(&format!("  ; id:{}, kind:", row["id"].as_str().unwrap())), "{row}");
    }
    let of_kind =
        |kind: &str| hledger(&["print", &format!("tag:kind={kind}")], &journal).matches("; id:").count();
    assert!(of_kind("deposit") > 5 && of_kind("correction") > 0);
    assert_eq!(of_kind("debit") + of_kind("deposit") + of_kind("correction"), 1278);
    assert!(text.contains(" MEALS = ") && text.contains(" USD = "));
    assert!(!text.contains("Balance adjustment"));
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
}

#[test]
fn beancount_reads_everything_without_an_error() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let file = books(&user, "beancount", &["--all"]);
    assert_eq!(run("bean-check", &[], &file), "");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.matches(" balance Assets:Card:").count() > 300);
    assert!(text.contains(" MEALS\n") && text.contains("  id: \""));
    // The assertions are exact: a cent more is found.
    let wrong = text.replacen(" ~ 0 USD", "1 ~ 0 USD", 1);
    std::fs::write(&file, wrong).unwrap();
    let checked = Command::new("bean-check").arg(&file).output().unwrap();
    assert!(!checked.status.success());
    assert!(String::from_utf8_lossy(&checked.stderr).contains("Balance failed"));
}

#[test]
fn a_range_that_begins_in_the_middle_has_an_opening() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    for range in
        [&["--since", "30d", "--all"][..], &["--limit", "400"], &["--account", "flexi", "--since", "6w"]]
    {
        let journal = books(&user, "hledger", range);
        hledger(&["check", "--strict"], &journal);
        assert!(std::fs::read_to_string(&journal).unwrap().contains("* Opening balance\n"), "{range:?}");
        run("bean-check", &[], &books(&user, "beancount", range));
    }
    assert_balances(&user, &books(&user, "hledger", &["--limit", "1000"]));
}

#[test]
fn balances_that_jump_are_adjusted() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    service.tamper_balance("flexi", "1.25".parse().unwrap()).unwrap();
    let journal = books(&user, "hledger", &["--all"]);
    hledger(&["check", "--strict"], &journal);
    let adjusted = hledger(&["register", "--related", "Equity:Adjustments", "-O", "csv"], &journal);
    assert!(adjusted.contains("\"1.25 USD\"") && adjusted.contains("\"-1.25 USD\""), "{adjusted}");
    let file = books(&user, "beancount", &["--all"]);
    run("bean-check", &[], &file);
    assert!(std::fs::read_to_string(file).unwrap().contains("; No transaction explains the balance: "));
}

#[test]
fn hostile_names_are_only_names() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let places = [
        "(refund) Till; \"x\" | \\y",
        "* z",
        "! z",
        "=2026-01-01",
        "date:2020-13-45, [2020-99-99]",
        "\"\n2026-01-01 close Assets:Card:Board",
        "  ",
        "; nothing",
        "\\",
        "学食 🍜",
    ];
    for place in places {
        service.charge("flexi", "0.01".parse().unwrap(), place).unwrap();
    }
    let journal = books(&user, "hledger", &["--since", "today"]);
    hledger(&["check", "--strict"], &journal);
    let printed = hledger(&["print", "--explicit"], &journal);
    assert_eq!(hledger(&["print", "code:refund"], &journal), "");
    for shown in ["* (refund) Till, \"x\" / \\y  ;", "* * z  ;", "* ! z  ;", "* =2026-01-01  ;", "学食 🍜  ;"]
    {
        assert!(printed.contains(shown), "{shown}: {printed}");
    }
    assert_eq!(
        hledger(&["print", "Assets:Card:Flexi-Dollars", "amt:-0.01"], &journal).matches("; id:").count(),
        10
    );
    run("bean-check", &[], &books(&user, "beancount", &["--since", "today"]));
}

#[test]
fn no_transactions_are_books_too() {
    let service = Service::with(Options { transactions: Some(0), ..Options::default() });
    let user = Getcard::ephemeral(&service);
    hledger(&["check"], &books(&user, "hledger", &[]));
    run("bean-check", &[], &books(&user, "beancount", &[]));
}

#[test]
fn a_part_of_the_transactions_makes_no_books() {
    let user = Getcard::ephemeral(&Service::start());
    for part in [
        &["--place", "cafe"][..],
        &["--kind", "deposit"],
        &["--new"],
        &["--summary", "day"],
        &["--reconcile"],
    ] {
        for format in ["hledger", "beancount"] {
            let mut args = vec!["history", "--format", format];
            args.extend(part);
            let outcome = user.run(&args);
            assert_eq!((outcome.code, outcome.text()), (Some(2), ""), "{part:?}: {}", outcome.stderr);
        }
    }
}
