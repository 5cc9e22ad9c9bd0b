//! The journal: complete, without secrets, safe with many processes, and never in a command's way.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use getcard::sandbox::{Fault, FaultKind, Options};
use serde_json::Value;

use crate::support::getcard::Getcard;
use crate::support::service::Service;
use crate::support::wait::wait_for_hits;

fn path(user: &Getcard) -> PathBuf {
    user.home.path().join(".local/state/getcard/journal.jsonl")
}

fn records(user: &Getcard) -> Vec<Value> {
    let text = fs::read_to_string(path(user)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn events(user: &Getcard) -> Vec<String> {
    let name = |record: &Value| {
        let method = record["method"].as_str().map(|method| format!(" {method}")).unwrap_or_default();
        format!("{}{method} {}", record["event"].as_str().unwrap(), record["outcome"].as_str().unwrap())
    };
    records(user).iter().map(name).collect()
}

#[test]
fn linking_reading_and_unlinking_leave_their_lines() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "1");
    user.link(&service.validated_url());
    assert_eq!(user.run(&["balance"]).code, Some(0));
    service.set_faults(vec![Fault::new(FaultKind::Http { status: 503, retry_after: None })]);
    let error = user.run(&["balance", "--json"]).fails(5, "transient_upstream_error", "http_503");
    service.set_faults(Vec::new());
    assert_eq!(user.run(&["unlink", "--yes"]).code, Some(0));
    let expected = [
        "call user.createPIN ok",
        "sign_in authentication.authenticatePIN ok",
        "link ok",
        "call commerce.retrieveAccounts ok",
        "call commerce.retrieveAccounts transient_upstream_error",
        "call user.deletePIN ok",
        "unlink ok",
    ];
    assert_eq!(events(&user), expected);

    let failed = &records(&user)[4];
    assert_eq!((&failed["code"], &failed["attempts"]), (&"http_503".into(), &2.into()));
    assert_eq!(failed["correlation_id"], error["correlation_id"]);
    assert_eq!(failed["profile"], "default");
    assert!(service.base_url().starts_with(failed["origin"].as_str().unwrap()));
    assert!(failed["duration_ms"].as_u64().unwrap() >= 100, "the pause is a part of it");
    assert_eq!(fs::metadata(path(&user)).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn no_secret_and_no_amount_is_in_it() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let validated = service.validated_url();
    user.link(&validated);
    let balances = user.run(&["balance", "--value"]);
    let text = fs::read_to_string(path(&user)).unwrap();
    let web_session = validated.rsplit_once('=').unwrap().1;
    let device = service.live_devices()[0].clone();
    assert!(!text.contains(web_session) && !text.contains(&device), "{text}");
    // A time and an address may hold the same digits as an amount.
    let told: Vec<String> = text
        .lines()
        .map(|line| {
            let mut record: serde_json::Map<String, Value> = serde_json::from_str(line).unwrap();
            record.retain(|key, _| key != "at" && key != "origin");
            Value::Object(record).to_string()
        })
        .collect();
    for amount in balances.text().lines().filter(|amount| amount.contains('.')) {
        assert!(told.iter().all(|record| !record.contains(amount)), "{amount}: {text}");
    }
    let masked = format!("{}…{}", &device[..2], &device[device.len() - 2..]);
    let link = records(&user).into_iter().find(|record| record["event"] == "link").unwrap();
    assert_eq!(link["device"], masked);
}

#[test]
fn every_page_of_a_history_is_one_call() {
    let service = Service::with(Options { transactions: Some(2_500), ..Options::default() });
    let user = Getcard::linked(&service);
    let listed = user.run(&["history", "--all", "--format", "jsonl"]);
    assert_eq!((listed.code, listed.text().lines().count()), (Some(0), 2_500));
    let calls = events(&user)
        .iter()
        .filter(|event| event.contains("TransactionHistory"))
        .cloned()
        .collect::<Vec<_>>();
    assert_eq!(calls, ["call commerce.retrieveTransactionHistoryWithinDateRange ok"; 3]);
    service.set_faults(vec![Fault::new(FaultKind::WrongTypes)]);
    assert_ne!(user.run(&["history", "--all", "--format", "jsonl"]).code, Some(0));
    assert!(events(&user).pop().unwrap().ends_with("TransactionHistoryWithinDateRange internal_error"));
}

#[test]
fn it_can_be_switched_off_and_is_off_in_ephemeral_mode() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_JOURNAL", "no");
    user.link(&service.validated_url());
    assert!(!path(&user).exists());

    let config = user.home.path().join(".config/getcard/config.toml");
    fs::create_dir_all(config.parent().unwrap()).unwrap();
    fs::write(&config, "journal = false\n").unwrap();
    let user = user.without("GETCARD_JOURNAL");
    assert_eq!(user.run(&["balance"]).code, Some(0));
    assert!(!path(&user).exists());
    let user = user.with("GETCARD_JOURNAL", "yes");
    assert_eq!(user.run(&["balance"]).code, Some(0));
    assert_eq!(events(&user), ["call commerce.retrieveAccounts ok"], "a variable beats the file");

    let ephemeral =
        user.with("GETCARD_EPHEMERAL", "1").with("GETCARD_VALIDATED_URL", service.validated_url());
    assert_eq!(ephemeral.run(&["balance"]).code, Some(0));
    assert_eq!(records(&ephemeral).len(), 1);
}

#[test]
fn a_journal_that_cannot_be_written_breaks_nothing() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    fs::remove_file(path(&user)).unwrap();
    std::os::unix::fs::symlink("/dev/full", path(&user)).unwrap();
    let outcome = user.run(&["balance"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    fs::remove_file(path(&user)).unwrap();
    fs::create_dir(path(&user)).unwrap();
    assert_eq!(user.run(&["balance"]).code, Some(0));
}

#[test]
fn many_processes_share_it() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let before = records(&user).len();
    let running: Vec<_> = (0..12).map(|_| user.command(&["balance"]).spawn().unwrap()).collect();
    for child in running {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    assert_eq!(records(&user).len() - before, 12);
}

#[test]
fn a_call_that_is_interrupted_is_recorded() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    service.set_faults(vec![Fault::new(FaultKind::Hang).at("retrieveAccounts")]);
    let child = user.command(&["balance"]).spawn().unwrap();
    wait_for_hits(&service, "retrieveAccounts", 1);
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(143));
    assert_eq!(events(&user).last().unwrap(), "call commerce.retrieveAccounts interrupted");
}

#[test]
fn the_audit_trail_has_no_device_that_never_was_and_no_wrong_usage() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let dead = user.run_with_stdin(&["link", "-"], "0f8fad5b-d9cb-469f-a165-70867728950e");
    let nonsense = user.run_with_stdin(&["link", "-"], "nonsense");
    let nothing = user.run(&["unlink", "--yes"]);
    assert_eq!((dead.code, nonsense.code, nothing.code), (Some(3), Some(2), Some(3)));
    // The sign-in that asks whether there is such a device is a call like any other.
    let expected = [
        "call user.createPIN authentication_error",
        "call authentication.authenticatePIN ok",
        "link user.createPIN authentication_error",
    ];
    assert_eq!(events(&user), expected);
    let trail = user.run(&["journal", "--json"]).json();
    assert_eq!(trail["events"].as_array().unwrap().len(), 1, "{trail}");
    assert_eq!(trail["events"][0]["detail"], "code 4001");
}

#[test]
fn the_audit_trail_is_told_without_the_calls() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("a passphrase of the tests");
    let trail = |args: &[&str]| {
        let document = user.run(&[&["journal", "--json"], args].concat()).json();
        document["events"].as_array().unwrap().clone()
    };
    assert_eq!(trail(&[]), Vec::<Value>::new());
    assert_eq!(user.run(&["journal"]).stderr, "no events\n");
    user.link(&service.validated_url());
    let device = service.live_devices()[0].clone();
    let masked = format!("{}…{}", &device[..2], &device[device.len() - 2..]);
    assert_eq!(user.run(&["barcode", "--format", "payload"]).code, Some(0));
    service.revoke_devices();
    assert_eq!(user.run(&["balance"]).code, Some(3));
    let events = trail(&[]);
    let keys: Vec<&String> = events[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["at", "detail", "device", "event", "outcome", "profile", "remote_revoked"]);
    let told: Vec<String> = events
        .iter()
        .map(|event| {
            format!("{} {} {} {}", event["event"], event["outcome"], event["device"], event["detail"])
        })
        .collect();
    let expected = [
        format!("\"link\" \"ok\" \"{masked}\" null"),
        "\"code\" \"ok\" null \"standard output\"".to_owned(),
        "\"refusal\" \"authentication_error\" null \"code 9510\"".to_owned(),
    ];
    assert_eq!(told, expected);
    let new = user.passphrase_file("new", "another passphrase");
    assert_eq!(user.run(&["store", "rekey", "--new-passphrase-file", &new]).code, Some(0));
    let user = user.with("GETCARD_PASSPHRASE_FILE", new);
    assert_eq!(user.run(&["unlink", "--yes", "--local"]).code, Some(0));
    let trail = |args: &[&str]| {
        let document = user.run(&[&["journal", "--json"], args].concat()).json();
        document["events"].as_array().unwrap().clone()
    };
    let events = trail(&[]);
    let (rekey, unlink) = (&events[3], &events[4]);
    assert_eq!((&rekey["event"], &rekey["outcome"]), (&Value::from("rekey"), &Value::from("ok")));
    assert_eq!((&unlink["device"], &unlink["remote_revoked"]), (&Value::from(masked), &Value::from(false)));
    assert_eq!(trail(&["--since", "1d"]).len(), 5);
    assert_eq!(trail(&["--since", "2100-01-01"]).len(), 0);
    let table = user.run(&["journal"]);
    assert_eq!(table.text().lines().count(), 6, "{}", table.text());
    assert_eq!(user.run(&["journal", "--since", "soon"]).code, Some(2));
}
