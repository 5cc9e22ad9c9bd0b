//! A hundred thousand transactions: in little memory, and exact to the cent.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};

use getcard::sandbox::Options;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::getcard::Getcard;
use crate::support::measured::{Measurement, print_figures};
use crate::support::service::Service;

const COUNT: usize = 100_000;

#[test]
fn a_hundred_thousand_are_streamed_and_their_sums_are_exact() {
    let service = Service::with(Options { transactions: Some(COUNT), ..Options::default() });
    let user = Getcard::ephemeral(&service);
    // A file: a pipe would be full long before the end.
    let path = user.home.path().join("history.jsonl");
    let mut listing = Measurement::of(&user, &["history", "--all", "--format", "jsonl"]);
    listing.command.stdout(File::create(&path).unwrap());
    let listed = listing.run("");
    assert_eq!(listed.outcome.code, Some(0), "{}", listed.outcome.stderr);
    assert!(listed.peak < 64 << 20, "{} MiB", listed.peak >> 20);
    let mut spent: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut count = 0;
    for line in BufReader::new(File::open(path).unwrap()).lines() {
        let row: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let signed: Decimal = row["signed_amount"].to_string().parse().unwrap();
        *spent.entry(row["account"].as_str().unwrap().to_owned()).or_default() += signed;
        count += 1;
    }
    assert_eq!(count, COUNT);
    let (peak, elapsed) = (listed.peak >> 20, listed.elapsed);
    print_figures(&format!("{COUNT} transactions as JSON lines: {peak} MiB, {elapsed:.1?}"));
    let summary = user.run(&["history", "--summary", "account", "--json"]).json();
    for group in summary["groups"].as_array().unwrap() {
        let amount = |field: &str| -> Decimal { group[field].to_string().parse().unwrap() };
        assert_eq!(amount("deposited") - amount("spent"), spent[group["name"].as_str().unwrap()], "{group}");
    }
    assert_eq!(summary["groups"].as_array().unwrap().len(), spent.len());
}

#[test]
fn books_of_a_hundred_thousand_are_streamed_and_balance() {
    let service = Service::with(Options { transactions: Some(COUNT), ..Options::default() });
    let user = Getcard::ephemeral(&service);
    let path = user.home.path().join("card.journal");
    let mut args = vec!["history", "--all", "--format", "hledger", "--output"];
    args.push(path.to_str().unwrap());
    let written = Measurement::of(&user, &args).run("");
    assert_eq!(written.outcome.code, Some(0), "{}", written.outcome.stderr);
    assert!(written.peak < 64 << 20, "{} MiB", written.peak >> 20);
    let (peak, elapsed) = (written.peak >> 20, written.elapsed);
    print_figures(&format!("{COUNT} transactions as books: {peak} MiB, {elapsed:.1?}"));
    let lines = BufReader::new(File::open(path).unwrap()).lines();
    assert_eq!(lines.filter(|line| line.as_ref().unwrap().contains("  ; id:")).count(), COUNT);
}
