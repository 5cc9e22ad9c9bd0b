//! Recorded replies over HTTP, with and without faults and the simulated service.

use serde_json::{Value, json};

use super::client::{call, exchange, post};
use crate::sandbox::{Options, Outcome, Recording, Sandbox};

async fn replaying(lines: &[Value], faults: &[&str]) -> Sandbox {
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    let options = Options {
        replay: Some(Recording::parse(&text.join("\n")).unwrap()),
        faults: faults.iter().map(|fault| fault.parse().unwrap()).collect(),
        ..Options::default()
    };
    Sandbox::start(options).await.unwrap()
}

#[tokio::test]
async fn recorded_methods_are_replayed_and_the_rest_simulated() {
    let lines = [
        json!({"service": "commerce", "method": "retrieveAccounts", "exception": "4001|gone"}),
        json!({"service": "commerce", "method": "retrieveAccounts", "response": [{"balance": 12.35}]}),
    ];
    let sandbox = replaying(&lines, &[]).await;
    let params = json!({"sessionId": sandbox.new_web_session()});
    let accounts = async || call(&sandbox, "commerce.retrieveAccounts", params.clone()).await.json();
    assert_eq!(accounts().await, json!({"response": null, "exception": "4001|gone"}));
    for _ in 0..2 {
        assert_eq!(accounts().await["response"], json!([{"balance": 12.35}]));
    }
    let user = call(&sandbox, "user.retrieve", params.clone()).await;
    assert_eq!(user.json()["response"]["firstName"], "Sam");
    let outcomes: Vec<Outcome> = sandbox.requests().into_iter().map(|request| request.outcome).collect();
    let exception = Outcome::Exception("4001|gone".into());
    assert_eq!(outcomes, [exception, Outcome::Response, Outcome::Response, Outcome::Response]);
}

#[tokio::test]
async fn a_recorded_status_and_a_recorded_unknown_service() {
    let lines = [
        json!({"service": "user", "method": "retrieve", "http_status": 429, "headers": {"Retry-After": "3"}}),
        json!({"service": "menus", "method": "retrieveList", "response": []}),
    ];
    let sandbox = replaying(&lines, &[]).await;
    let answer = call(&sandbox, "user.retrieve", json!({})).await;
    assert!(answer.head().starts_with("http/1.1 429 ") && answer.head().contains("retry-after: 3"));
    assert!(answer.head().contains("access-control-allow-origin: *"));
    assert_eq!(call(&sandbox, "menus.retrieveList", json!({})).await.json()["response"], json!([]));
    let unknown = exchange(&sandbox, &post("menu", "{}"), std::time::Duration::from_secs(5)).await;
    assert!(unknown.head().starts_with("http/1.1 404 "));
    assert_eq!(sandbox.requests()[0].status, Some(429));
}

#[tokio::test]
async fn faults_apply_to_recorded_replies() {
    let lines = [json!({"service": "user", "method": "retrieve", "response": {"id": "1"}})];
    let sandbox = replaying(&lines, &["http=503#1", "missing-fields=id#2"]).await;
    let user = async || call(&sandbox, "user.retrieve", json!({})).await;
    assert!(user().await.head().starts_with("http/1.1 503 "));
    assert_eq!(user().await.json()["response"], json!({}));
    assert_eq!(user().await.json()["response"], json!({"id": "1"}));
}
