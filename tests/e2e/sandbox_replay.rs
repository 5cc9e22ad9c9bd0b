//! `sandbox --replay`: every known shape of a reply comes over the wire as it was recorded.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::getcard::Getcard;
use crate::support::http;
use crate::support::sandbox::Running;

/// The recordings of known replies, in the order of their names.
fn recordings() -> Vec<PathBuf> {
    let files = fs::read_dir("tests/replies").unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = files.collect();
    files.sort();
    files
}

fn nobody() -> Getcard {
    Getcard::at("http://127.0.0.1:9/")
}

fn replaying(user: &Getcard, file: &str) -> Running {
    Running::start(user.command(&["sandbox", "--replay", file]))
}

#[test]
fn every_recorded_reply_is_served_as_it_was() {
    let user = nobody();
    let files = recordings();
    assert!(files.len() >= 15, "{files:?}");
    for file in files {
        let sandbox = replaying(&user, file.to_str().unwrap());
        for line in fs::read_to_string(&file).unwrap().lines() {
            let expected: Value = serde_json::from_str(line).unwrap();
            let (service, method) = (&expected["service"], &expected["method"]);
            let (service, method) = (service.as_str().unwrap(), method.as_str().unwrap());
            let reply = http::call(sandbox.address, service, method, &json!({}), "");
            assert_eq!(u64::from(reply.status), expected["http_status"].as_u64().unwrap_or(200), "{line}");
            if reply.status == 200 {
                let kept = json!({"response": expected["response"], "exception": expected["exception"]});
                assert_eq!(reply.json(), kept, "{line}");
                assert!(reply.body.contains("\"response\":") && reply.body.contains("\"exception\":"));
            }
        }
    }
}

#[test]
fn a_real_client_reads_recorded_accounts_and_simulated_history() {
    let nobody = nobody();
    let sandbox = replaying(&nobody, "tests/replies/accounts.jsonl");
    let session = http::call(sandbox.address, "sandbox", "newWebSession", &json!({}), "").json();
    let user = Getcard::at(&format!("http://{}/GETServices/services/json", sandbox.address))
        .with("GETCARD_EPHEMERAL", "1")
        .with("GETCARD_VALIDATED_URL", session["response"].as_str().unwrap());
    let balance = user.run(&["balance", "--json"]).json();
    let row = |index: usize| {
        (balance["accounts"][index]["name"].clone(), balance["accounts"][index]["balance"].clone())
    };
    assert_eq!((row(0), row(1)), ((json!("Flexi Dollars"), json!(118.35)), (json!("Board"), json!(37))));
    let history = user.run(&["history", "--limit", "3", "--format", "jsonl"]);
    assert_eq!((history.code, history.text().lines().count()), (Some(0), 3), "{}", history.stderr);
}

#[test]
fn a_bad_line_is_an_error_that_names_file_and_line() {
    let user = nobody();
    let file = user.home.path().join("replies.jsonl");
    let name = file.to_str().unwrap();
    fs::write(&file, "{\"service\":\"user\",\"method\":\"retrieve\"}\n\n{\"service\":\"user\"}\n").unwrap();
    let error = user.run(&["sandbox", "--json", "--replay", name]).fails(2, "validation_error", "replay");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(&format!("{name}: line 3: missing field `method`")), "{message}");
    fs::remove_file(&file).unwrap();
    let error = user.run(&["sandbox", "--json", "--replay", name]).fails(2, "validation_error", "replay");
    assert!(error["message"].as_str().unwrap().contains(name));
}
