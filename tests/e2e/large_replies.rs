//! Replies that are large, endless or slow: each ends in time, takes little memory, and makes no long message.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::thread::{sleep, spawn};
use std::time::Duration;

use getcard::sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::chaos::usual_or_long;
use crate::support::getcard::Getcard;
use crate::support::keyring::Session;
use crate::support::measured::{Measurement, print_figures};
use crate::support::service::Service;

/// What any reply may cost, in bytes. With what the program takes anyway it is less than 64 MiB.
const BUDGET: u64 = 48 << 20;
/// A body just below the limit of 8 MiB, in bytes.
const LARGE: usize = (8 << 20) - 1000;
/// The longest log or message of ours about a reply, in bytes.
const LOGGED: usize = 2 << 20;

const HISTORY: &str = "retrieveTransactionHistoryWithinDateRange";

/// A list with as many copies of this element as a large body holds.
fn list_of(element: &Value) -> Value {
    let count = LARGE / (element.to_string().len() + 1);
    Value::Array(vec![element.clone(); count])
}

fn text() -> String {
    "N x".repeat(LARGE / 3)
}

/// What the program takes without a reply.
fn peak_without_reply(user: &Getcard) -> u64 {
    Measurement::of(user, &["status"]).run("").peak
}

/// Runs with a reply that is a large one, and gives the exit code.
fn run(user: &Getcard, args: &[&str], what: &str) -> Option<i32> {
    let mut measurement = Measurement::of(user, args);
    // Messages must not flood; a log may be longer than a pipe holds.
    let log = tempfile::NamedTempFile::new_in(user.home.path()).unwrap();
    measurement.command.stdout(Stdio::null()).stderr(log.reopen().unwrap());
    let mut measured = measurement.run("");
    measured.outcome.stderr = std::fs::read_to_string(log.path()).unwrap();
    let cost = measured.peak.saturating_sub(peak_without_reply(user));
    let figures = format!("{what}, {args:?}: {} MiB, {:.1?}", cost >> 20, measured.elapsed);
    assert!(cost < BUDGET, "{figures}");
    let messages = measured.outcome.stderr.len();
    assert!(messages < LOGGED, "{figures}, {messages} bytes of messages");
    print_figures(&figures);
    measured.outcome.code
}

#[test]
fn a_large_exception_costs_little() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service).with("GETCARD_RETRIES", "0");
    let exceptions = [
        ("numbers", list_of(&json!(0))),
        ("lists", list_of(&json!([0]))),
        ("objects", list_of(&json!({}))),
        ("text", Value::String(text())),
        ("text in an object", json!({"message": text()})),
        ("digits", Value::String(format!("{}|x", "9".repeat(LARGE)))),
        ("hostile text", Value::String("\u{202e}\u{4e00}".repeat(LARGE / 6))),
    ];
    let commands =
        [&["balance"][..], &["balance", "-vv"], &["balance", "--json"], &["probe", "user", "retrieve"]];
    let all = exceptions.iter().flat_map(|exception| commands.map(|args| (exception, args)));
    // Each takes seconds of an unoptimized program; a third of them has every exception and every command.
    for ((what, exception), args) in all.step_by(usual_or_long(3, 1)) {
        service.set_faults(vec![Fault::new(FaultKind::ExceptionJson(exception.clone()))]);
        assert_ne!(run(&user, args, what), Some(0));
    }
}

#[test]
fn a_large_response_costs_little() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service).with("GETCARD_RETRIES", "0");
    let account = |name: &str| json!({"id": "1", "accountType": 3, "balance": 1, "accountDisplayName": name});
    let row = |name: &str, number: usize| {
        let date = format!("2026-02-09T19:04:{:02}.{:03}+0000", 59 - number / 1000, 999 - number % 1000);
        json!({"transactionId": number, "transactionType": 1, "amount": 1.25, "locationName": name,
            "actualDate": date})
    };
    let rows: Vec<Value> = (0..20_000).map(|number| row(&"N x".repeat(80), number)).collect();
    let school = |name: &str| json!({"id": "1", "name": name, "shortName": "x"});
    for (what, method, response, args, exit) in [
        ("accounts", "retrieveAccounts", json!({"accounts": list_of(&account("x"))}), &["balance"][..], 1),
        ("empty accounts", "retrieveAccounts", list_of(&json!({})), &["balance"], 1),
        ("long name", "retrieveAccounts", json!([account(&text())]), &["balance"], 1),
        ("1000 names", "retrieveAccounts", json!(vec![account(&"N x".repeat(341)); 1000]), &["balance"], 0),
        ("text", "retrieveAccounts", Value::String(text()), &["balance"], 1),
        ("payload", "retrievePatronBarcodePayload", Value::String(text()), &["barcode", "--once"], 1),
        ("rows", HISTORY, json!({"transactions": list_of(&row("x", 0))}), &["history"], 1),
        ("20000 rows", HISTORY, json!({"transactions": rows}), &["history"], 0),
        ("long place", HISTORY, json!({"transactions": [row(&text(), 0)]}), &["history"], 1),
        ("schools", "retrieveLookupList", json!({"institutions": list_of(&school("x"))}), &["schools"], 1),
        (
            "5000 schools",
            "retrieveLookupList",
            json!({"institutions": vec![school(&"N x".repeat(300)); 5000]}),
            &["schools"],
            0,
        ),
        ("user", "retrieve", json!({"id": "1", "firstName": text()}), &["doctor"], 1),
        ("raw", "retrieve", Value::String(text()), &["probe", "user", "retrieve", "--json"], 0),
    ] {
        service.override_response(method, Some(response));
        assert_eq!(run(&user, args, what), Some(exit), "{what}");
        service.override_response(method, None);
    }
    service.set_faults(vec![Fault::new(FaultKind::GzipBomb)]);
    assert_eq!(run(&user, &["balance"], "gzip bomb"), Some(1));
}

/// A server that answers each request with `start`, then `more` without end, until the client hangs up.
fn endless(start: &[u8], more: &[u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/json", listener.local_addr().unwrap());
    let (start, more) = (start.to_vec(), more.to_vec());
    spawn(move || {
        for stream in listener.incoming() {
            let (start, more) = (start.clone(), more.clone());
            // It ends with an error: the client hangs up.
            spawn(move || drop(stream.and_then(|stream| flood(stream, &start, &more))));
        }
    });
    url
}

fn flood(mut stream: TcpStream, start: &[u8], more: &[u8]) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut length, mut line) = (0, String::new());
    while reader.read_line(&mut line)? > 2 {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    reader.read_exact(&mut vec![0; length])?;
    stream.write_all(start)?;
    loop {
        stream.write_all(more)?;
        if more.len() == 1 {
            sleep(Duration::from_millis(50));
        }
    }
}

/// A user of this service who has no keychain and waits for a short time.
fn user_of(url: &str) -> Getcard {
    Getcard::with_keyring(url, Session::without_service())
        .with("GETCARD_EPHEMERAL", "1")
        .with("GETCARD_DEVICE_ID", "0123456789abcdef")
        .with("GETCARD_PIN", "4711")
        .with("GETCARD_RETRIES", "0")
        .with("GETCARD_TIMEOUT", "2")
}

#[test]
fn a_large_reply_that_is_not_utf_8_costs_little() {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {LARGE}\r\n\r\n");
    let user = user_of(&endless(head.as_bytes(), &vec![0xff; 65536])).with("GETCARD_TIMEOUT", "60");
    for flag in ["--json", "--headers", "-vv"] {
        assert_eq!(run(&user, &["probe", "user", "retrieve", "--no-session", flag], "not UTF-8"), Some(1));
    }
    let record = user.home.path().join("record");
    let args = ["probe", "user", "retrieve", "--no-session", "--record", record.to_str().unwrap()];
    assert_eq!(run(&user, &args, "not UTF-8"), Some(1));
    let shown = user.run(&args).stderr;
    assert!(shown.contains("only the start of its"), "{shown}");
}

#[test]
fn an_endless_reply_ends_in_time_and_costs_little() {
    const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    const CHUNKED: &str = "Transfer-Encoding: chunked\r\n\r\n";
    const GZIP: &str = "Content-Encoding: gzip\r\n";
    let head = |rest: &str| format!("{OK}{rest}").into_bytes();
    let flood = |piece: &[u8]| piece.repeat(65536 / piece.len());
    // Long, as the unoptimized program takes long for many short ones.
    let hints = format!("HTTP/1.1 103 Early Hints\r\nLink: <{}>\r\n\r\n", "x".repeat(60_000));
    // Method deflate, no name; and with a name that does not end.
    let (plain, named) = (b"\x1f\x8b\x08\0\0\0\0\0\0\0", b"\x1f\x8b\x08\x08\0\0\0\0\0\0");
    for (what, start, more) in [
        ("informational replies", Vec::new(), hints.into_bytes()),
        ("continue", Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n".repeat(10)),
        ("headers", head(""), flood(b"X: y\r\n")),
        ("a header", head("X: "), flood(b"y")),
        ("a status line", b"HTTP/1.1 200 ".to_vec(), flood(b"y")),
        ("chunk extensions", head(CHUNKED), flood(b"1;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n \r\n")),
        ("small chunks", head(CHUNKED), flood(b"1\r\n \r\n")),
        ("trailers", head(&format!("{CHUNKED}2\r\n{{}}\r\n0\r\n")), flood(b"X: y\r\n")),
        ("a body without a length", head("\r\n"), flood(b" ")),
        ("a body by drips", head("Content-Length: 100000\r\n\r\n"), b" ".to_vec()),
        ("a gzip name", [&head(&format!("{GZIP}\r\n"))[..], named].concat(), flood(b"x")),
        (
            "empty gzip blocks",
            [&head(&format!("{GZIP}{CHUNKED}a\r\n"))[..], plain, b"\r\n"].concat(),
            flood(b"5\r\n\0\0\0\xff\xff\r\n"),
        ),
    ] {
        let user = user_of(&endless(&start, &more));
        assert!(matches!(run(&user, &["balance"], what), Some(1 | 5)), "{what}");
    }
}
