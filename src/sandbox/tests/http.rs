//! The HTTP interface: pages, calls, refusals, and control of a running sandbox.

use std::time::{Duration, Instant};

use rust_decimal::Decimal;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::client::{Exchange, call, exchange, post, sandbox};
use crate::sandbox::{Options, Outcome, Sandbox};

const SOON: Duration = Duration::from_secs(5);

async fn get(sandbox: &Sandbox, path: &str) -> Exchange {
    let request = format!("GET {path} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n\r\n");
    exchange(sandbox, &request, SOON).await
}

fn status(exchange: &Exchange) -> u16 {
    exchange.head()[9..12].parse().unwrap()
}

#[tokio::test]
async fn a_browser_sign_in_ends_on_a_live_web_session() {
    let sandbox = sandbox().await;
    let page = get(&sandbox, "/ucsc/full/login.php?mobileapp=1").await;
    let text = String::from_utf8(page.body().to_vec()).unwrap();
    let link = text.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    let landed = get(&sandbox, link).await;
    assert_eq!(status(&landed), 302);
    let head = landed.head();
    let location = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap();
    assert!(location.starts_with("/ucsc/full/mobileapp_login_validator.php?sessionid="));
    let session = location.split('=').nth(1).unwrap();
    let validator = "/ucsc/full/mobileapp_login_validator.php?sessionId=";
    let page = get(&sandbox, &format!("{validator}{session}")).await;
    assert!(page.body().windows(9).any(|word| word == b"validated"));
    let page = get(&sandbox, &format!("{validator}00000000-0000-4000-8000-000000000000")).await;
    assert!(!page.body().windows(9).any(|word| word == b"validated"));
    let user = call(&sandbox, "user.retrieve", json!({"sessionId": session})).await;
    assert_eq!(user.json()["response"]["firstName"], "Sam");
}

#[tokio::test]
async fn the_validated_url_is_on_this_host_and_works() {
    let sandbox = sandbox().await;
    let url = sandbox.validated_url();
    let origin = format!("http://{}", sandbox.address());
    let path = url.strip_prefix(&origin).unwrap();
    assert!(get(&sandbox, path).await.body().windows(9).any(|word| word == b"validated"));
    assert_eq!(sandbox.base_url(), format!("{origin}/GETServices/services/json"));
    assert_ne!(sandbox.validated_url(), url);
}

#[tokio::test]
async fn invalid_requests_never_reach_the_application() {
    let sandbox = sandbox().await;
    let answer = get(&sandbox, "/GETServices/services/json/user").await;
    assert_eq!(status(&answer), 405);
    assert!(answer.head().contains("allow: post"));
    let good = post("user", "{}");
    for (request, expected) in [
        (post("usr", "{}"), 404),
        (good.replace("application/json\r\nAccept", "text/plain\r\nAccept"), 415),
        (good.replace("Content-Type: application/json\r\n", ""), 415),
        (good.replace("Accept: application/json", "Accept: text/html"), 406),
        (good.replace("/GETServices", "/Services"), 405),
        (good.replace("json/user", "jsonuser"), 405),
    ] {
        let answer = exchange(&sandbox, &request, SOON).await;
        assert_eq!(status(&answer), expected, "{request}");
        assert!(answer.head().contains("content-type: text/html"));
    }
    assert_eq!(status(&get(&sandbox, "/hogwarts/full/login.php").await), 404);
    assert_eq!(status(&get(&sandbox, "/ucsc/full/other.php").await), 404);
    assert!(sandbox.requests().is_empty());
}

#[tokio::test]
async fn failures_of_the_application_have_status_200() {
    let sandbox = sandbox().await;
    for (body, exception) in [
        ("{", "9000|Unable to parse request"),
        ("[]", "9000|Unable to parse request"),
        (r#"{"method":"retrieve"}"#, "9801|Invalid service argument: sessionId"),
        (r#"{"method":"retrieve","params":{"sessionId":"x"}}"#, "4001|Session not found"),
        (r#"{"method":"remove","params":{}}"#, "9801|Invalid service method: user.remove"),
    ] {
        let answer = exchange(&sandbox, &post("user", body), SOON).await;
        assert_eq!(status(&answer), 200);
        assert_eq!(answer.json(), json!({"response": null, "exception": exception}));
    }
}

#[tokio::test]
async fn a_reply_is_one_write_and_keeps_the_connection_open() {
    let sandbox = sandbox().await;
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    for _ in 0..3 {
        let request = post("user", "{}").replace("Connection: close\r\n", "");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).await.unwrap();
        assert!(bytes[..count].ends_with(b"\"}"));
    }
}

#[tokio::test]
async fn requests_are_recorded_and_counted() {
    let sandbox = sandbox().await;
    call(&sandbox, "user.retrieve", json!({"sessionId": "x"})).await;
    assert_eq!((sandbox.hits("retrieve"), sandbox.hits("retrieveAccounts")), (1, 0));
    let requests = sandbox.requests();
    assert_eq!((requests[0].service.as_str(), requests[0].method.as_str()), ("user", "retrieve"));
    assert_eq!(requests[0].body["params"]["sessionId"], "x");
    assert_eq!(requests[0].header("accept"), Some("application/json"));
}

#[tokio::test]
async fn outcomes_are_recorded() {
    let sandbox = sandbox().await;
    let params = json!({"sessionId": sandbox.new_web_session()});
    call(&sandbox, "user.retrieve", params).await;
    call(&sandbox, "user.retrieve", json!({"sessionId": "x"})).await;
    for fault in ["http=503", "reset-after", "exception-json={\"a\":1}"] {
        sandbox.set_faults(vec![fault.parse().unwrap()]);
        call_to_the_end(&sandbox).await;
    }
    let ends = sandbox.requests().into_iter().map(|request| (request.status, request.outcome));
    let exception = |text: &str| (Some(200), Outcome::Exception(text.to_owned()));
    assert_eq!(
        ends.collect::<Vec<_>>(),
        [
            (Some(200), Outcome::Response),
            exception("4001|Session not found"),
            (Some(503), Outcome::Spoiled),
            (None, Outcome::Unanswered),
            exception("{\"a\":1}"),
        ]
    );
    let log = call(&sandbox, "sandbox.requests", json!({})).await.json()["response"].clone();
    let row = |index: usize| (log[index]["method"].clone(), log[index]["outcome"].clone());
    assert_eq!(row(1), (json!("retrieve"), json!("exception")));
    assert_eq!(row(3), (json!("retrieve"), json!("unanswered")));
    assert!(log[0].get("body").is_none());
}

async fn call_to_the_end(sandbox: &Sandbox) {
    exchange(sandbox, &post("user", r#"{"method":"retrieve","params":{}}"#), SOON).await;
}

#[tokio::test]
async fn wire_control_needs_no_session_and_is_not_logged() {
    let sandbox = sandbox().await;
    let before = sandbox.balance("flexi").unwrap();
    let params = json!({"account": "flexi", "amount": 2.5, "location": "Oakes Cafe"});
    let id = call(&sandbox, "sandbox.charge", params).await.json()["response"].clone();
    assert!(id.is_string());
    assert_eq!(sandbox.balance("flexi"), Some(before - Decimal::new(25, 1)));
    assert!(sandbox.requests().is_empty());
}

#[tokio::test]
async fn latency_delays_calls() {
    let sandbox = sandbox().await;
    sandbox.set_latency(Duration::from_millis(80));
    let start = Instant::now();
    call(&sandbox, "user.retrieve", json!({})).await;
    assert!(start.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn random_purchases_happen_at_the_interval() {
    let charge_every = Some(Duration::from_millis(10));
    let options = Options { charge_every, ..Options::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    let balances = || ["flexi", "banana", "slug", "board", "donated"].map(|name| sandbox.balance(name));
    let before = balances();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_ne!(balances(), before);
}

#[tokio::test]
async fn shutdown_and_drop_stop_the_server() {
    let first = sandbox().await;
    let address = first.address();
    let mut open = TcpStream::connect(address).await.unwrap();
    first.shutdown().await;
    assert!(TcpStream::connect(address).await.is_err());
    let mut byte = [0; 1];
    assert!(matches!(open.read(&mut byte).await, Ok(0) | Err(_)));
    let port = address.port();
    let again = Sandbox::start(Options { port, ..Options::default() }).await.unwrap();
    assert_eq!(again.address(), address);
    assert!(Sandbox::start(Options { port, ..Options::default() }).await.is_err());
    drop(again);
    tokio::task::yield_now().await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(TcpStream::connect(address).await.is_err());
}
