//! Help: of commands, of topics, and of getcard alone; in `snapshots/` as it stands.

use std::collections::BTreeSet;

use getcard::cli::help::command_on;
use getcard::cli::help::topics::Topic;
use getcard::platform::system::System;

use crate::support::getcard::Getcard;
use crate::support::keyring::Session;
use crate::support::service::Service;
use crate::support::transcript::Transcript;

#[test]
fn help_is_that_of_clap_and_of_the_topics() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let same = |help: &[&str], option: &[&str]| {
        let (help, option) = (user.run(help), user.run(option));
        assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
        assert_eq!(help.text(), option.text());
        help.text().to_owned()
    };
    assert!(same(&["help"], &["--help"]).contains("exit-codes, environment, configuration, files,"));
    assert!(same(&["help", "balance"], &["balance", "--help"]).contains("Examples:"));
    same(&["help", "store", "rekey"], &["store", "rekey", "--help"]);
    for (topic, says) in [
        ("exit-codes", "130"),
        ("environment", "GETCARD_API_URL"),
        ("configuration", "term_ends"),
        ("files", "config.toml"),
        ("json", "history.summary"),
    ] {
        let outcome = user.run(&["help", topic]);
        assert_eq!(outcome.code, Some(0));
        assert!(outcome.text().contains(says), "{}", outcome.text());
    }
}

#[test]
fn a_typo_is_wrong_usage_with_a_suggestion() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    for args in [["blance", "--json"].as_slice(), &["help", "blance", "--json"]] {
        let error = user.run(args).fails(2, "validation_error", "usage");
        assert!(error["hint"].as_str().unwrap().contains("'balance'"), "{error}");
    }
}

#[test]
fn getcard_alone_says_what_is_next() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let next = |user: &Getcard| {
        let outcome = user.run::<&str>(&[]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
        let text = outcome.text().to_owned();
        let next = text.lines().find_map(|line| line.strip_prefix("Next: ")).map(ToOwned::to_owned);
        assert_eq!(user.run(&["--json"]).json()["next"], next.clone().unwrap());
        next.unwrap()
    };
    assert_eq!(next(&user), "getcard login");
    user.link(&service.validated_url());
    assert_eq!(next(&user), "getcard barcode");
    let without = Getcard::with_keyring(&service.base_url(), Session::without_service());
    assert_eq!(next(&without), "getcard login --store file");
    let outcome = without.run::<&str>(&[]);
    assert!(outcome.text().starts_with("No card is linked") && outcome.text().contains("getcard demo"));
}

/// Every command with its parents, getcard itself first.
fn commands() -> Vec<String> {
    fn add(all: &mut Vec<String>, command: &clap::Command, path: &str) {
        all.push(path.to_owned());
        for sub in command.get_subcommands() {
            add(all, sub, format!("{path} {}", sub.get_name()).trim());
        }
    }
    let mut all = Vec::new();
    add(&mut all, &command_on(System::Linux), "");
    all
}

#[test]
fn every_help_is_as_in_its_snapshot() {
    let user =
        Getcard::with_keyring("http://127.0.0.1:9", Session::without_service()).without("GETCARD_API_URL");
    let mut snapshots = BTreeSet::new();
    for command in commands() {
        let mut said = Transcript::of(&user);
        said.run(format!("{command} --help").trim());
        let name = if command.is_empty() { "getcard".to_owned() } else { command.replace(' ', "_") };
        said.assert_exactly(&format!("help_{name}"));
        snapshots.insert(format!("help_{name}.snap"));
    }
    for topic in Topic::ALL {
        let mut said = Transcript::of(&user);
        said.run(&format!("help {}", topic.name()));
        said.assert_exactly(&format!("help_topic_{}", topic.name()));
        snapshots.insert(format!("help_topic_{}.snap", topic.name()));
    }
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/snapshots")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let helps: BTreeSet<String> = names.filter(|name| name.starts_with("help_")).collect();
    assert_eq!(helps, snapshots, "a snapshot of a command that is no more");
}
