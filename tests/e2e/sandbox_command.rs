//! `getcard sandbox` as a process: its help, its log, and what it does when it runs out of descriptors.

use std::net::TcpStream;
use std::process::{Command, Stdio};

use getcard::sandbox::Fault;
use serde_json::json;

use crate::support::getcard::Getcard;
use crate::support::http;
use crate::support::sandbox::Running;

fn nobody() -> Getcard {
    Getcard::at("http://127.0.0.1:9/")
}

#[test]
fn the_help_lists_every_fault() {
    let help = nobody().run(&["sandbox", "--help"]);
    for line in Fault::kinds().lines() {
        assert!(help.text().contains(line.trim()), "{line}");
    }
}

#[test]
fn with_v_each_request_is_logged_without_what_was_sent() {
    let mut sandbox = Running::start(nobody().command(&["sandbox", "-v", "--fault", "http=503@createPIN"]));
    let secret = json!({"sessionId": "0f8fad5b-d9cb-469f-a165-70867728950e"});
    http::call(sandbox.address, "user", "retrieve", &secret, "");
    http::call(sandbox.address, "user", "createPIN", &secret, "");
    http::call(sandbox.address, "menus", "retrieve", &secret, "");
    http::call(sandbox.address, "sandbox", "hits", &json!({}), "");
    let mut lines = sandbox.log.by_ref().map(Result::unwrap).filter(|line| line.contains(" info sandbox: "));
    for expected in [
        "call=user.retrieve status=200 outcome=4001|Session not found ",
        "call=user.createPIN status=503 outcome=spoiled ",
        "request=POST /GETServices/services/json/menus status=404",
        "call=sandbox.hits status=200 outcome=response ",
    ] {
        let line = lines.next().unwrap();
        assert!(line.contains(expected) && !line.contains("0f8fad5b"), "{line}");
    }
}

#[test]
fn connections_without_a_descriptor_wait_until_there_is_one() {
    let user = nobody();
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -n 24; exec \"$0\" sandbox", env!("CARGO_BIN_EXE_getcard")]);
    shell.env_clear().envs(user.environment()).stdin(Stdio::null());
    let sandbox = Running::start(shell);
    let crowd: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(sandbox.address).unwrap()).collect();
    drop(crowd);
    let hits = http::call(sandbox.address, "sandbox", "hits", &json!({}), "");
    assert_eq!((hits.status, hits.json()["response"].clone()), (200, json!({})));
}
