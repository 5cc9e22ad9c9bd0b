//! Each kind of fault over a real connection.

use std::time::Duration;

use serde_json::{Value, json};

use super::client::{Exchange, call, exchange, faulty, post, sandbox};
use crate::sandbox::Sandbox;

const DEVICE: &str = "abcdef0123456789";
const HISTORY: &str = "commerce.retrieveTransactionHistoryWithinDateRange";

/// Creates a device, a call with an observable effect.
async fn link(sandbox: &Sandbox) -> Exchange {
    let session = sandbox.new_web_session();
    let params = json!({"sessionId": session, "deviceId": DEVICE, "PIN": "1234"});
    call(sandbox, "user.createPIN", params).await
}

/// Creates a device under a fault; returns the exchange and whether the device was created anyway.
async fn linked(fault: &str) -> (Exchange, bool) {
    let sandbox = faulty(fault).await;
    let exchange = link(&sandbox).await;
    assert_eq!(sandbox.hits("createPIN"), 1);
    (exchange, !sandbox.live_devices().is_empty())
}

#[tokio::test]
async fn resets_come_before_or_after_processing() {
    for (fault, expected) in [("reset-before", false), ("reset-after", true)] {
        let (exchange, done) = linked(fault).await;
        assert!(exchange.was_reset() && exchange.bytes.is_empty(), "{fault}: {:?}", exchange.end);
        assert_eq!(done, expected);
    }
}

#[tokio::test]
async fn a_hang_sends_nothing_before_or_after_processing() {
    for (fault, expected) in [("hang", false), ("hang-after", true)] {
        let sandbox = faulty(fault).await;
        let session = sandbox.new_web_session();
        let params = json!({"sessionId": session, "deviceId": DEVICE, "PIN": "1234"});
        let body = json!({"method": "createPIN", "params": params}).to_string();
        let request = post("user", &body);
        let exchange = exchange(&sandbox, &request, Duration::from_millis(150)).await;
        assert!(exchange.end.is_none() && exchange.bytes.is_empty(), "{fault}");
        assert_eq!(!sandbox.live_devices().is_empty(), expected);
    }
}

#[tokio::test]
async fn a_truncated_body_is_shorter_than_its_length_says() {
    let (exchange, done) = linked("truncate").await;
    assert!(exchange.head().contains("content-length: 34"), "{}", exchange.head());
    assert_eq!(exchange.body(), b"{\"response\":true,");
    assert!(exchange.ended() && done);
}

#[tokio::test]
async fn a_drip_is_slow() {
    let sandbox = faulty("drip").await;
    let request = post("user", r#"{"method":"retrieve","params":{}}"#);
    let exchange = exchange(&sandbox, &request, Duration::from_millis(550)).await;
    assert!(exchange.end.is_none());
    let count = exchange.body().len();
    assert!((2..=6).contains(&count), "{count}");
}

#[tokio::test]
async fn pages_and_statuses_replace_processing() {
    let (exchange, done) = linked("html").await;
    assert!(exchange.head().starts_with("http/1.1 200 ok"));
    assert!(exchange.head().contains("content-type: text/html") && !done);
    let (exchange, done) = linked("http=429:7").await;
    assert!(exchange.head().starts_with("http/1.1 429 "));
    assert!(exchange.head().contains("retry-after: 7") && !done);
    let (exchange, done) = linked("http=503").await;
    assert!(exchange.head().starts_with("http/1.1 503 "));
    assert!(!exchange.head().contains("retry-after") && !done);
    let (exchange, done) = linked("redirect=https://example.invalid/x").await;
    assert!(exchange.head().starts_with("http/1.1 302 "));
    assert!(exchange.head().contains("location: https://example.invalid/x") && !done);
}

#[tokio::test]
async fn oversized_and_deeply_nested_bodies() {
    let (exchange, done) = linked("huge").await;
    assert!(exchange.body().len() > 64 * 1024 * 1024 && exchange.ended() && !done);
    let (exchange, done) = linked("deep").await;
    assert!(exchange.body().len() > 200_000 && !done);
    assert!(serde_json::from_slice::<Value>(exchange.body()).is_err());
}

#[tokio::test]
async fn the_gzip_bomb_inflates_to_more_than_64_mib_of_whitespace() {
    let sandbox = faulty("gzip-bomb").await;
    // Fails only if another test has installed the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.post(format!("{}/user", sandbox.base_url()));
    let request = request.header("content-type", "application/json").body("{}");
    let body = request.send().await.unwrap().bytes().await.unwrap();
    assert!(body.len() > 64 * 1024 * 1024, "{}", body.len());
    assert!(body.iter().all(|byte| *byte == b' '));
}

#[tokio::test]
async fn exceptions_of_every_form() {
    for (fault, expected) in [
        ("exception=9999|oops", json!("9999|oops")),
        ("exception=no code", json!("no code")),
        ("exception-object=oops", json!({"message": "oops"})),
        (r#"exception-json={"detailMessage":["x"]}"#, json!({"detailMessage": ["x"]})),
        ("exception-json=17", json!(17)),
    ] {
        let (exchange, done) = linked(fault).await;
        assert_eq!(exchange.json(), json!({"response": null, "exception": expected}));
        assert!(!done);
    }
}

#[tokio::test]
async fn an_exception_replaces_processing_or_follows_it() {
    for (fault, expected) in [("exception=4001|gone", false), ("exception-after=4001|gone", true)] {
        let (exchange, done) = linked(fault).await;
        assert_eq!(exchange.json(), json!({"response": null, "exception": "4001|gone"}));
        assert_eq!(done, expected, "{fault}");
    }
}

#[tokio::test]
async fn empty_and_contradictory_replies() {
    let (exchange, done) = linked("null").await;
    assert_eq!(exchange.json(), json!({"response": null, "exception": null}));
    assert!(done);
    let (exchange, done) = linked("empty").await;
    assert!(exchange.head().starts_with("http/1.1 200 ") && exchange.body().is_empty() && done);
    let (exchange, done) = linked("response-beside-exception").await;
    let reply = exchange.json();
    assert_eq!(reply["response"], true);
    assert!(reply["exception"].is_string() && done);
}

#[tokio::test]
async fn replies_of_the_wrong_shape() {
    let (exchange, _) = linked("wrong-types").await;
    assert_eq!(exchange.json()["response"], json!([17]));
    let sandbox = faulty("missing-fields=balance@retrieveAccounts").await;
    let params = json!({"sessionId": sandbox.new_web_session()});
    let reply = call(&sandbox, "commerce.retrieveAccounts", params).await.json();
    let account = &reply["response"]["accounts"][0];
    assert!(account.get("balance").is_none() && account.get("id").is_some());
}

#[tokio::test]
async fn false_histories() {
    let sandbox = sandbox().await;
    let session = sandbox.new_web_session();
    let read = async |oldest: Option<&str>| {
        let criteria = json!({"maxReturnMostRecent": 5, "oldestDate": oldest});
        let params = json!({"sessionId": session, "paymentSystemType": 0, "queryCriteria": criteria});
        call(&sandbox, HISTORY, params).await.json()["response"].clone()
    };
    let truth = read(None).await;
    sandbox.set_faults(vec!["lie-capped".parse().unwrap()]);
    let lie = read(None).await;
    assert_eq!((&truth["returnCapped"], &lie["returnCapped"]), (&json!(true), &json!(false)));
    assert_eq!(truth["transactions"], lie["transactions"]);
    sandbox.set_faults(vec!["outside-range".parse().unwrap()]);
    let newest = truth["transactions"][0]["actualDate"].as_str();
    let strays = read(newest).await;
    assert_eq!(strays["totalCount"], 1);
    assert_eq!(strays["transactions"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_fault_applies_only_to_its_calls() {
    let sandbox = faulty("http=503@createPIN#2").await;
    for expected in ["200", "503", "200"] {
        assert_eq!(link(&sandbox).await.head()[9..12], *expected);
    }
    let control = call(&sandbox, "sandbox.faults", json!({"faults": ["html#1"]})).await;
    assert_eq!(control.json()["response"], 1);
    assert!(link(&sandbox).await.head().contains("text/html"));
    assert!(link(&sandbox).await.head().contains("application/json"));
}
