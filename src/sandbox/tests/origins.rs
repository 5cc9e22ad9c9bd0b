//! CORS tests: any origin may call the service, but only the sandbox's own pages may control it.

use std::time::Duration;

use serde_json::json;

use super::client::{Exchange, exchange, faulty, post, sandbox};
use crate::sandbox::Sandbox;

async fn send(sandbox: &Sandbox, request: &str) -> Exchange {
    exchange(sandbox, request, Duration::from_secs(5)).await
}

fn preflight(service: &str) -> String {
    format!(
        "OPTIONS /GETServices/services/json/{service} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
         Origin: https://page.example\r\nAccess-Control-Request-Method: POST\r\n\
         Access-Control-Request-Headers: content-type\r\n\r\n"
    )
}

#[tokio::test]
async fn a_browser_may_call_every_service_from_every_origin() {
    let sandbox = sandbox().await;
    for service in ["authentication", "user", "commerce", "institution", "configuration"] {
        let head = send(&sandbox, &preflight(service)).await.head();
        assert!(head.starts_with("http/1.1 204 "), "{head}");
        for line in [
            "access-control-allow-origin: *",
            "access-control-allow-methods: post",
            "access-control-allow-headers: content-type",
        ] {
            assert!(head.contains(line), "{head}");
        }
        let answer = send(&sandbox, &post(service, "{}")).await;
        assert!(answer.head().contains("access-control-allow-origin: *"));
        assert!(answer.json()["exception"].is_string());
    }
}

#[tokio::test]
async fn errors_are_readable_across_origins() {
    let faulty = faulty("http=503").await;
    assert!(send(&faulty, &post("user", "{}")).await.head().contains("access-control-allow-origin: *"));
    let sandbox = sandbox().await;
    for request in
        [post("usr", "{}"), post("user", "{}").replace("Accept: application/json", "Accept: text/html")]
    {
        assert!(send(&sandbox, &request).await.head().contains("access-control-allow-origin: *"));
    }
}

#[tokio::test]
async fn no_page_of_another_origin_controls_the_sandbox() {
    let sandbox = sandbox().await;
    let body = json!({"method": "revokeDevices", "params": {}}).to_string();
    let good = post("sandbox", &body);
    let from = |origin: &str| good.replace("Accept:", &format!("Origin: {origin}\r\nAccept:"));
    let to = |host: &str| good.replace("Host: 127.0.0.1", &format!("Host: {host}"));
    for (request, status) in [
        (good.clone(), "200"),
        (from("http://127.0.0.1"), "200"),
        (to("localhost:8417"), "200"),
        (from("https://page.example"), "403"),
        (from("http://localhost"), "403"),
        (from("null"), "403"),
        (to("page.example"), "403"),
        (preflight("sandbox"), "403"),
    ] {
        let head = send(&sandbox, &request).await.head();
        assert_eq!(&head[9..12], status, "{request}");
        assert!(!head.contains("access-control"), "{head}");
    }
}
