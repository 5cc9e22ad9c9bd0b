//! A web page of another origin uses the service in a real browser, and cannot control the sandbox.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::service::Service;

const PAGE: &str = include_str!("sandbox_browser.html");
/// How long the browser may take to start and be done: far more than it needs.
const LIMIT: Duration = Duration::from_secs(120);

/// The browser that is installed, if any is.
fn browser() -> Option<&'static str> {
    let starts = |name: &&str| Command::new(name).arg("--version").output().is_ok();
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find(starts)
}

/// A browser that ends with the test.
struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Serves the page on an origin of its own and gives what the page sends back.
fn site(page: String) -> (String, Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (results, received) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let result = serve(stream.unwrap(), &page);
            // The last one is the page's own.
            if let Some(result) = result {
                return results.send(result).unwrap();
            }
        }
    });
    (origin, received)
}

/// Answers one request: a result is taken, all else is the page.
fn serve(mut stream: TcpStream, page: &str) -> Option<Value> {
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    let body = loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                break body.to_owned();
            }
        }
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&part[..count]),
        }
    };
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{page}",
        page.len()
    );
    // A browser may hang up on what it no longer wants.
    let _ = stream.write_all(answer.as_bytes());
    bytes.starts_with(b"POST /result ").then(|| serde_json::from_str(&body).unwrap())
}

#[test]
fn a_page_of_another_origin_links_and_reads_and_controls_nothing() {
    let Some(browser) = browser() else {
        crate::support::measured::print_figures(
            "skipped: no Chromium is installed, so no page can call the sandbox",
        );
        return;
    };
    let service = Service::start();
    let page = PAGE.replace("{base}", &service.base_url()).replace("{session}", &service.new_web_session());
    let (origin, received) = site(page);
    let profile = tempfile::tempdir().unwrap();
    let _browser = Browser(
        Command::new(browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(["--remote-debugging-port=0", &origin])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let result = received.recv_timeout(LIMIT).unwrap();
    assert_eq!(result["error"], Value::Null, "{result}");
    assert_eq!(result["linked"], true);
    assert_eq!(result["accounts"], 11);
    assert_eq!(result["transactions"], 25);
    assert_eq!(result["payload"].as_str().map(str::len), Some(22));
    assert_eq!(result["refused"], "9510|Device marked as lost");
    assert_eq!(result["controlled"], json!("TypeError"));
    assert_eq!(service.live_devices(), ["0F8FAD5B-D9CB-469F-A165-70867728950E"]);
    let origin_of = |index: usize| service.requests()[index].header("origin").map(str::to_owned);
    assert_eq!(origin_of(0), Some(origin));
}
