//! `help json`: what is said of each JSON document holds for what the commands print.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};

use serde_json::{Value, json};

use crate::support::getcard::{Getcard, Outcome};
use crate::support::schema;
use crate::support::service::Service;

/// Documents that were printed, each with the name of its description.
#[derive(Default)]
struct Documents(Vec<(&'static str, Value)>);

impl Documents {
    fn add(&mut self, name: &'static str, document: Value) {
        self.0.push((name, document));
    }

    /// Runs a command that prints one document.
    fn run(&mut self, name: &'static str, user: &Getcard, args: &[&str]) {
        let mut args = args.to_vec();
        args.push("--json");
        self.add(name, user.run(&args).json());
    }

    /// Runs a command that prints a document a line.
    fn lines(&mut self, name: &'static str, outcome: &Outcome) {
        assert!(outcome.text().lines().count() > 0, "{name}: {}", outcome.stderr);
        for line in outcome.text().lines() {
            self.add(name, serde_json::from_str(line).unwrap());
        }
    }

    fn error(&mut self, outcome: &Outcome) {
        self.add("error", json!({ "error": outcome.error() }));
    }

    /// Asserts that an independent validator finds every document to be as it is described.
    fn assert_valid(&self) {
        for (name, document) in &self.0 {
            schema::assert_valid(name, document);
        }
    }
}

/// What the commands for the card print.
fn of_card(documents: &mut Documents, user: &Getcard) {
    documents.run("balance", user, &["balance", "--all"]);
    documents.run("forecast", user, &["forecast"]);
    documents.run("history", user, &["history", "--all"]);
    documents.lines("history.transaction", &user.run(&["history", "--format", "jsonl"]));
    for by in ["location", "day", "week", "month", "account"] {
        documents.run("history.summary", user, &["history", "--summary", by]);
    }
    let groups = user.run(&["history", "--summary", "account", "--format", "jsonl"]);
    documents.lines("history.summary.group", &groups);
    documents.run("history.reconcile", user, &["history", "--reconcile"]);
    documents.run("barcode", user, &["barcode", "--once"]);
    documents.run("probe", user, &["probe", "commerce.retrieveAccounts"]);
    documents.run("probe", user, &["probe", "user.retrieve", "--headers", "--timing"]);
    documents.run("schools", user, &["schools", "santa"]);
    documents.run("schools", user, &["schools"]);
}

#[test]
fn every_document_is_as_it_is_described() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("correct horse");
    let mut documents = Documents::default();
    documents.run("getcard", &user, &[]);
    documents.run("profiles", &user, &["profiles"]);
    documents.run("status", &user, &["status"]);
    documents.run("login.print-url", &user, &["login", "--school", "ucsc", "--print-url"]);
    documents.error(&user.run(&["balance", "--json"]));
    documents.error(&user.run(&["balance", "--below", "x", "--json"]));
    documents.add("link", user.run_with_stdin(&["link", "-", "--json"], service.validated_url()).json());
    documents.run("getcard", &user, &[]);
    documents.run("profiles", &user, &["profiles"]);
    documents.run("status", &user, &["status"]);
    documents.run("status", &user, &["status", "--check"]);
    of_card(&mut documents, &user);
    service.tamper_balance("flexi", "1.25".parse().unwrap()).unwrap();
    documents.run("history.reconcile", &user, &["history", "--reconcile"]);
    documents.lines("balance", &Outcome::of(first_lines(&user, &["balance", "--watch", "5", "--json"], 1)));
    let mut watch = user.command(&["barcode", "--until-charged", "--json"]).spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let active = lines.next().unwrap().unwrap();
    service.charge("flexi", "2.5".parse().unwrap(), "Cafe").unwrap();
    for line in std::iter::once(active).chain(lines.map(Result::unwrap)) {
        documents.add("barcode.until-charged", serde_json::from_str(&line).unwrap());
    }
    watch.wait().unwrap();
    service.set_faults(vec!["http=503".parse().unwrap()]);
    documents.error(&user.run(&["balance", "--retries", "0", "--json"]));
    service.set_faults(Vec::new());
    documents.run("doctor", &user, &["doctor"]);
    documents.run("lost", &user, &["lost", "--yes"]);
    documents.run("found", &user, &["found", "--yes"]);
    let passphrase = user.passphrase_file("new", "battery staple");
    documents.run("store.rekey", &user, &["store", "rekey", "--new-passphrase-file", &passphrase]);
    let user = user.with("GETCARD_PASSPHRASE_FILE", passphrase).without("GETCARD_STORE");
    documents.run("store.migrate", &user, &["store", "migrate", "--to", "keychain"]);
    documents.run("unlink", &user, &["unlink", "--yes"]);
    documents.run("journal", &user, &["journal"]);
    documents.lines("sandbox", &Outcome::of(first_lines(&user, &["sandbox"], 1)));

    documents.assert_valid();
    let schema = user.run(&["help", "json", "--json"]).json();
    // Whatever is described was printed, but for the parts of documents.
    let printed: BTreeSet<&str> = documents.0.iter().map(|(name, _)| *name).collect();
    let parts = ["date", "doctor.figures", "login", "time", "unit"];
    let described = schema["$defs"].as_object().unwrap().keys().map(String::as_str);
    let missing: Vec<&str> =
        described.filter(|name| !printed.contains(name) && !parts.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
}

/// The first lines of a command that would go on.
fn first_lines(user: &Getcard, args: &[&str], count: usize) -> std::process::Output {
    let mut child = user.command(args).spawn().unwrap();
    let mut lines = String::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..count {
        reader.read_line(&mut lines).unwrap();
    }
    child.kill().unwrap();
    let mut output = child.wait_with_output().unwrap();
    output.stdout = lines.into_bytes();
    output
}

#[test]
fn a_document_that_is_otherwise_is_found() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let mut document = user.run(&["history", "--limit", "2", "--json"]).json();
    assert_eq!(schema::problems("history", &document), [""; 0]);
    document["transactions"][0]["occurred_at"] = "2026-02-09T12:00:00Z".into();
    document["surplus"] = 1.into();
    let problems = schema::problems("history", &document);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert_eq!(schema::problems("nothing", &document), ["not described"]);
}

#[test]
fn people_read_the_same() {
    let user = Getcard::ephemeral(&Service::start());
    let help = user.run(&["help", "json"]);
    assert_eq!(help.code, Some(0));
    for name in ["  history.summary\n", "    fetched_at\n", "  error\n"] {
        assert!(help.text().contains(name), "{name}: {}", help.text());
    }
}
