//! Hints: in every state each is a whole command, and the command does what it says.

use std::fmt::Write;

use clap::error::ErrorKind;
use getcard::cli::help;
use getcard::sandbox::{Fault, FaultKind};

use crate::support::getcard::{Getcard, Outcome};
use crate::support::keyring::Session;
use crate::support::service::Service;
use crate::support::transcript::{Transcript, words};

/// The commands that are advised in a text: all `getcard …` on the lines that advise something.
fn commands(text: &str) -> Vec<String> {
    let advises = |line: &&str| {
        ["hint: ", "\"hint\":\"", "Next", "run: ", "with: "].iter().any(|mark| line.contains(mark))
    };
    let mut commands = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with("$ ")).filter(advises) {
        for part in line.split("getcard ").skip(1) {
            let end = part.find([',', ';', '`', '"', ')']).unwrap_or(part.len());
            let command = part[..end].trim().replace("[day]", "2030-01-01").replace("[time]", "2030-01-01");
            let first = command.split(' ').next().unwrap_or_default();
            if help::command().find_subcommand(first).is_some() || first.starts_with("--") {
                commands.push(format!("getcard {command}"));
            }
        }
    }
    commands
}

#[track_caller]
fn assert_accepted(commands: &[String]) {
    for command in commands {
        let error = help::command().try_get_matches_from(words(command)).err();
        let refused = error.filter(|error| error.kind() != ErrorKind::DisplayHelp);
        assert!(refused.is_none(), "{command}: {}", refused.unwrap());
    }
}

#[test]
fn every_command_that_is_advised_is_accepted() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/snapshots");
    let mut all = Vec::new();
    for file in std::fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("help_") {
            all.extend(commands(&std::fs::read_to_string(path).unwrap()));
        }
    }
    assert!(all.len() > 50, "{}", all.len());
    assert_accepted(&all);
}

/// Runs commands in a state, and keeps of each what it advises.
struct States {
    text: String,
}

impl States {
    fn add(&mut self, state: &str, user: &Getcard, lines: &[&str]) {
        writeln!(self.text, "# {state}\n").unwrap();
        for line in lines {
            let outcome = user.run(&words(line));
            writeln!(self.text, "$ getcard {line}").unwrap();
            let next = outcome.text().lines().filter(|line| {
                ["Next", "Pending", "Refused", "Store", "Card"].iter().any(|label| line.starts_with(label))
            });
            for line in next.chain(outcome.stderr.lines()) {
                writeln!(self.text, "{line}").unwrap();
            }
            writeln!(self.text).unwrap();
        }
    }
}

const USUAL: [&str; 4] = ["", "status", "balance", "barcode --once"];

#[test]
fn hints_in_every_state() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0");
    let mut states = States { text: String::new() };
    states.add("not linked", &user, &USUAL);
    states.add(
        "not linked",
        &user,
        &["unlink --yes", "lost --yes", "store rekey", "forecast", "history --new"],
    );
    service.set_faults(vec![
        "exception=9999|Down@createPIN".parse().unwrap(),
        "http=503@authenticatePIN".parse().unwrap(),
    ]);
    let pending = user.run_with_stdin(&["link", "-"], service.validated_url());
    writeln!(states.text, "# linking is interrupted\n\n{}", pending.stderr).unwrap();
    states.add("pending", &user, &USUAL);
    states.add("pending", &user, &["status --check"]);
    service.set_faults(Vec::new());
    user.link(&service.validated_url());
    states.add("linked", &user, &USUAL[..2]);
    let linked = [
        "link -",
        "login --no-browser",
        "unlink",
        "balance zzz",
        "history --until 2020-01-01 --since 2020-02-01",
        "--profile wrok balance",
        "store migrate --to file",
        "forecast --until 2020-01-01",
        "lost",
        "balance --below 5",
        "sandbox --replay nope",
        "--config nope balance",
    ];
    states.add("linked", &user, &linked);
    for (state, fault) in [
        ("the service is down", "http=503"),
        ("too many calls", "http=429:90"),
        ("a captive portal", "html"),
        ("a redirect", "redirect=http://127.0.0.1:9/"),
        ("a reply of another shape", "wrong-types"),
        ("a connection that breaks", "reset-before"),
        ("insufficient funds", "exception=6112|Insufficient funds@retrieveAccounts"),
    ] {
        service.set_faults(vec![fault.parse().unwrap()]);
        states.add(state, &user, &["balance", "status --check"]);
    }
    service.set_faults(vec![Fault::new(FaultKind::Hang)]);
    states.add("a service that hangs", &user, &["balance --timeout 0.1"]);
    service.set_faults(Vec::new());
    assert_eq!(user.run(&["lost", "--yes"]).code, Some(0));
    states.add("lost", &user, &["status --check", "barcode --once"]);
    assert_eq!(user.run(&["found", "--yes"]).code, Some(0));
    service.revoke_devices();
    states.add(
        "revoked",
        &user,
        &["balance", "", "status", "balance", "status --check", "status --check", "balance", "status"],
    );
    user.keyring.lock();
    states.add("a locked keychain", &user, &USUAL);
    let alone = Getcard::with_keyring("http://127.0.0.1:9", Session::without_service());
    states.add("no keychain", &alone, &USUAL);
    let file = Getcard::at(&service.base_url()).with("GETCARD_STORE", "file");
    states.add("the file store without a passphrase", &file, &["link -"]);
    let file = file.with_file_store("correct horse");
    file.link(&service.new_web_session());
    let keychain = file.with("GETCARD_STORE", "keychain");
    states.add("linked in the other store", &keychain, &USUAL);
    states.add("linked in the other store", &keychain, &["link -", "unlink --yes"]);
    let session = Getcard::ephemeral(&service);
    service.end_sessions();
    states.add("a session that has ended", &session, &["balance"]);
    let nothing = Getcard::at(&service.base_url()).with("GETCARD_EPHEMERAL", "1");
    states.add("no credentials", &nothing, &["balance", "login --no-browser"]);
    assert_accepted(&commands(&states.text));
    Transcript::after(&session, states.text).assert("hints");
}

/// The last command that a run advises.
#[track_caller]
fn advised(outcome: &Outcome) -> String {
    let said = format!("{}\n{}", outcome.text(), outcome.stderr);
    commands(&said).pop().unwrap_or_else(|| panic!("no command is advised: {said}"))
}

/// Runs a command that was advised, a validated text on its standard input.
fn follow(user: &Getcard, command: &str, validated: &str) -> Outcome {
    user.run_with_stdin(&words(command)[1..], validated)
}

#[test]
fn what_is_advised_does_what_it_says() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0").with("BROWSER", "true");
    let config = user.home.path().join(".config/getcard/config.toml");
    std::fs::create_dir_all(config.parent().unwrap()).unwrap();
    std::fs::write(config, "school = \"ucsc\"\n").unwrap();
    let works = |profile: &str| user.run(&["balance", "--profile", profile]).code == Some(0);

    let login = advised(&user.run(&["balance"]));
    assert_eq!(
        (login.as_str(), follow(&user, &login, &service.validated_url()).code),
        ("getcard login", Some(0))
    );
    assert!(works("default"));

    let other = advised(&user.run(&["balance", "--profile", "work"]));
    assert_eq!(other, "getcard login --profile work");
    assert_eq!(follow(&user, &other, &service.new_web_session()).code, Some(0));
    assert!(works("work"));

    let again = advised(&user.run_with_stdin(&["link", "--profile", "work", "-"], service.new_web_session()));
    assert_eq!(again, "getcard --profile work login --replace");
    let devices = service.live_devices();
    assert_eq!(follow(&user, &again, &service.new_web_session()).code, Some(0));
    assert_eq!(service.live_devices().len(), devices.len());
    assert_ne!(service.live_devices(), devices);

    assert_eq!(user.run(&["lost", "--yes"]).code, Some(0));
    let found = advised(&user.run(&["barcode", "--once"]));
    assert_eq!(found, "getcard found");
    let yes = advised(&follow(&user, &found, ""));
    assert_eq!((yes.as_str(), follow(&user, &yes, "").code), ("getcard found --yes", Some(0)));
    assert_eq!(user.run(&["barcode", "--once"]).code, Some(0));

    service.revoke_devices();
    let replace = advised(&user.run(&["balance"]));
    assert_eq!(replace, "getcard login --replace");
    assert_eq!(follow(&user, &replace, &service.new_web_session()).code, Some(0));
    assert!(works("default"));

    let yes = advised(&user.run(&["unlink"]));
    assert_eq!((yes.as_str(), follow(&user, &yes, "").code), ("getcard unlink --yes", Some(0)));

    service.set_faults(vec!["http=503@authenticatePIN".parse().unwrap()]);
    let linking = user.run_with_stdin(&["link", "-"], service.new_web_session());
    assert_eq!(linking.code, Some(5), "{}", linking.stderr);
    service.set_faults(Vec::new());
    let finish = advised(&user.run(&["balance"]));
    assert_eq!((finish.as_str(), follow(&user, &finish, "").code), ("getcard link", Some(0)));
    assert!(works("default"));
}
