//! `probe`: any call, its reply as it came, and no secret unless asked.

use std::time::Duration;

use getcard::sandbox::{Fault, FaultKind, Options, Recording};
use serde_json::{Value, json};

use crate::support::getcard::Getcard;
use crate::support::service::Service;

#[test]
fn a_reply_is_shown_as_it_came() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let odd = json!({"a": [1, {"b": "x"}], "c": null});
    service.override_response("retrieveAccounts", Some(odd.clone()));
    let outcome = user.run(&["probe", "commerce", "retrieveAccounts", "--timing"]);
    assert_eq!(outcome.text(), "{\"response\":{\"a\":[1,{\"b\":\"x\"}],\"c\":null},\"exception\":null}\n");
    assert!(outcome.stderr.starts_with("HTTP 200 in "), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("[secret]"));
    let document = user.run(&["probe", "commerce", "retrieveAccounts", "--json"]).json();
    assert_eq!((&document["service"], &document["method"]), (&json!("commerce"), &json!("retrieveAccounts")));
    assert_eq!((&document["http_status"], &document["attempts"]), (&json!(200), &json!(1)));
    assert_eq!((&document["response"], &document["exception"]), (&odd, &json!(null)));
    assert_eq!(document["correlation_id"].as_str().unwrap().len(), 36);
    assert!(document["duration_ms"].is_u64());
}

/// The phases that a reply's `timing` has, and those that it has not.
fn phases(document: &Value) -> (Vec<&str>, Vec<&str>) {
    let timing = document["timing"].as_object().unwrap();
    timing.keys().map(String::as_str).partition(|name| timing[*name].as_f64().is_some_and(|ms| ms >= 0.0))
}

#[test]
fn a_call_is_timed_by_phase() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let call = ["probe", "commerce.retrieveAccounts", "--json", "--timing"];
    let plain = user.run(&call).json();
    assert_eq!(phases(&plain), (vec!["connect_ms", "read_ms", "wait_ms"], vec!["dns_ms", "tls_ms"]));
    let wait = plain["timing"]["wait_ms"].as_f64().unwrap();
    assert!((wait * 10.0).fract().abs() < 1e-6, "tenths: {wait}");
    assert!(user.run(&call[..3]).json().get("timing").is_none(), "only with --timing");
    let text = user.run(&["probe", "commerce.retrieveAccounts", "--timing"]);
    for line in [
        "  DNS     none, no name to look up",
        "  connect ",
        "  TLS     none, plain http",
        "  wait ",
        "  read ",
    ] {
        assert!(text.stderr.lines().any(|shown| shown.starts_with(line)), "{line}: {}", text.stderr);
    }
}

#[test]
fn the_wait_is_for_the_service_and_a_kept_connection_is_said() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    service.end_sessions();
    service.set_latency(Duration::from_millis(300));
    let document = user.run(&["probe", "commerce.retrieveAccounts", "--json", "--timing"]).json();
    assert_eq!(phases(&document), (vec!["read_ms", "wait_ms"], vec!["connect_ms", "dns_ms", "tls_ms"]));
    assert!(document["timing"]["wait_ms"].as_f64().unwrap() >= 300.0, "{document}");
}

#[test]
fn numbers_keep_their_digits() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let flexi = service.balance("flexi").unwrap();
    let outcome = user.run(&["probe", "commerce", "retrieveAccounts", "--json"]);
    assert!(outcome.text().contains(&format!("\"balance\":{flexi},")));
}

#[test]
fn parameters_come_from_the_argument_a_file_or_standard_input() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let params = json!({"paymentSystemType": 0, "queryCriteria": {"maxReturnMostRecent": 2}}).to_string();
    let file = user.home.path().join("params.json");
    std::fs::write(&file, &params).unwrap();
    let call = ["probe", "commerce", "retrieveTransactionHistoryWithinDateRange", "--json", "--params"];
    let with =
        |params: &str| call.iter().copied().chain([params]).map(ToOwned::to_owned).collect::<Vec<String>>();
    let from_argument = user.run(&with(&params));
    let from_file = user.run(&with(&format!("@{}", file.display())));
    let from_stdin = user.run_with_stdin(&with("-"), &params);
    for outcome in [from_argument, from_file, from_stdin] {
        assert_eq!(outcome.json()["response"]["transactions"].as_array().unwrap().len(), 2);
    }
    for bad in ["[]", "{", "@/nonexistent", "x"] {
        user.run(&with(bad)).fails(2, "validation_error", "bad_params");
    }
}

#[test]
fn secrets_are_masked_unless_asked() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let payload = ["probe", "authentication", "retrievePatronBarcodePayload", "--json"];
    assert_eq!(user.run(&payload).json()["response"], "[secret]");
    let shown = user.run(&[&payload[..], &["--show-secrets"]].concat()).json();
    assert_eq!(shown["response"].as_str().unwrap().len(), 22);
    let verbose = user.run(&[&payload[..], &["--show-secrets", "-vv"]].concat());
    assert!(!verbose.stderr.contains(shown["response"].as_str().unwrap()));
    assert!(verbose.stderr.contains("retrievePatronBarcodePayload") && verbose.stderr.contains("[secret]"));
}

#[test]
fn an_exception_is_a_document_and_decides_the_exit() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service).with("GETCARD_RETRIES", "1");
    let call = ["probe", "commerce", "retrieveAccounts", "--json"];
    let without = user.run(&[&call[..], &["--no-session"]].concat());
    assert_eq!((without.code, without.stderr.as_str()), (Some(2), ""));
    assert_eq!(without.json()["exception"], "9801|Invalid service argument: sessionId");
    for (exception, exit, attempts) in [
        ("4001|Session not found", 3, 1),
        ("1234|Access denied", 4, 1),
        ("6112|Insufficient funds", 2, 1),
        ("9999|oops", 5, 2),
        ("77|strange", 1, 1),
    ] {
        service
            .set_faults(vec![Fault::new(FaultKind::Exception(exception.to_owned())).at("retrieveAccounts")]);
        let outcome = user.run(&call);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(exit), ""), "{exception}");
        let document = outcome.json();
        assert_eq!((&document["exception"], &document["response"]), (&exception.into(), &json!(null)));
        assert_eq!(document["attempts"], attempts, "{exception}");
    }
}

#[test]
fn what_is_no_answer_is_an_error_and_is_shown_if_it_came() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service).with("GETCARD_RETRIES", "0");
    let call = ["probe", "commerce", "retrieveAccounts", "--json"];
    service.set_faults(vec![Fault::new(FaultKind::Html)]);
    let page = user.run(&call);
    page.fails(5, "transient_upstream_error", "web_page");
    assert!(page.json()["response"].as_str().unwrap().starts_with('<'));
    service.set_faults(vec![Fault::new(FaultKind::ResetBefore)]);
    let nothing = user.run(&call);
    assert_eq!((nothing.code, nothing.text()), (Some(5), ""));
    service.set_faults(Vec::new());
    let unknown = user.run(&["probe", "nope", "x", "--json"]);
    unknown.fails(2, "validation_error", "http_404");
    assert_eq!(unknown.json()["http_status"], 404);
}

#[test]
fn a_method_may_be_named_in_one_word_and_headers_are_shown() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let document = user.run(&["probe", "commerce.retrieveAccounts", "--headers", "--json"]).json();
    assert_eq!((&document["service"], &document["method"]), (&json!("commerce"), &json!("retrieveAccounts")));
    assert_eq!(document["headers"]["content-type"], "application/json;charset=UTF-8");
    let shown = user.run(&["probe", "commerce.retrieveAccounts", "--headers"]);
    assert!(shown.stderr.contains("content-type: application/json;charset=UTF-8\n"), "{}", shown.stderr);
    assert!(shown.json()["response"].is_object());
    user.run(&["probe", "commerce", "--json"]).fails(2, "validation_error", "usage");
}

#[test]
fn a_recorded_exchange_is_masked_and_can_be_replayed() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let file = user.home.path().join("replies.jsonl");
    let record = ["--record", file.to_str().unwrap(), "--show-secrets"];
    user.run(&[&["probe", "commerce.retrieveAccounts"][..], &record].concat()).json();
    let payload =
        user.run(&[&["probe", "authentication.retrievePatronBarcodePayload"][..], &record].concat());
    let digits = payload.json()["response"].as_str().unwrap().to_owned();
    let recorded = std::fs::read_to_string(&file).unwrap();
    assert_eq!(recorded.lines().count(), 2);
    assert!(!recorded.contains(&digits), "the payload is a secret");
    let recording = Recording::parse(&recorded).unwrap();
    let replayed = Service::with(Options { replay: Some(recording), ..Options::default() });
    let accounts = Getcard::ephemeral(&replayed).run(&["balance", "--json"]).json();
    assert_eq!(accounts["accounts"], user.run(&["balance", "--json"]).json()["accounts"]);
}
