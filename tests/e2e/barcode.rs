//! One barcode: every form of it scans, and every bad payload and place is refused in words.

use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::getcard::Getcard;
use crate::support::scanner::scan;
use crate::support::screen::Screen;
use crate::support::service::Service;
use crate::support::stub::stub;
use crate::support::wait::wait_for_content;

const PAYLOAD: &str = "1770663851140506070809";
/// The one after it.
const NEXT: &str = "1770663911140506070809";

fn linked() -> (Service, Getcard) {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("a passphrase of the tests");
    user.link(&service.validated_url());
    service.set_payload(Some(json!(PAYLOAD)));
    (service, user)
}

#[test]
fn every_form_on_standard_output_scans() {
    let (_service, user) = linked();
    for args in [&["--once"][..], &["--format", "text"], &["--format", "svg"], &["--format", "png"], &[]] {
        let outcome = user.run(&[&["barcode"], args].concat());
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        assert_eq!(scan(&outcome.stdout).as_deref(), Some(PAYLOAD), "{args:?}");
    }
    let outcome = user.run(&["barcode", "--format", "payload"]);
    assert_eq!(outcome.text(), format!("{PAYLOAD}\n"));
}

#[test]
fn json_tells_payload_and_shape() {
    let (_service, user) = linked();
    let document = user.run(&["barcode", "--json", "--columns", "3", "--ec-level", "2"]).json();
    let keys: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["columns", "ec_level", "fetched_at", "payload", "rows", "symbology"]);
    assert_eq!(document["payload"], PAYLOAD);
    assert_eq!(document["symbology"], "PDF417");
    assert_eq!(
        (&document["columns"], &document["rows"], &document["ec_level"]),
        (&json!(3), &json!(6), &json!(2))
    );
}

#[test]
fn text_in_a_pipe_keeps_its_colors_unless_they_are_refused() {
    let (_service, user) = linked();
    let colored = user.run(&["barcode", "--once"]);
    assert!(colored.text().contains("\x1b[48;2;255;255;255m"));
    let user = user.with("NO_COLOR", "1");
    assert!(user.run(&["barcode", "--once"]).text().contains("\x1b[48;2;"), "they are no decoration");
    let plain = user.run(&["barcode", "--once", "--color", "never"]);
    assert!(!plain.text().contains('\x1b'));
    assert!(plain.text().contains('█'));
}

#[test]
fn files_follow_their_ending_and_are_private() {
    let (_service, user) = linked();
    for name in ["code.svg", "code.png", "code.txt"] {
        let path = user.home.path().join(name);
        let outcome = user.run(&["barcode", "--output", path.to_str().unwrap()]);
        assert_eq!((outcome.code, outcome.stdout.len()), (Some(0), 0), "{}", outcome.stderr);
        assert_eq!(scan(&std::fs::read(&path).unwrap()).as_deref(), Some(PAYLOAD), "{name}");
        let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let path = user.home.path().join("code");
    let path = path.to_str().unwrap();
    user.run(&["barcode", "--output", path, "--json"]).fails(2, "validation_error", "file_type");
    assert_eq!(user.run(&["barcode", "--output", path, "--format", "svg"]).code, Some(0));
    user.run(&["barcode", "--json", "--output", "/nowhere/code.svg"]).fails(1, "internal_error", "output");
}

#[test]
fn a_code_says_until_when_it_is_good() {
    let (_service, user) = linked();
    let printed = user.run(&["barcode", "--once"]);
    let told = printed.stderr.trim();
    let (fetched, until) = told.strip_prefix("fetched ").unwrap().split_once(", good until ").unwrap();
    let seconds = |time: &str| {
        time.split(':').map(|part| part.parse::<u32>().unwrap()).fold(0, |sum, part| sum * 60 + part)
    };
    assert_eq!((seconds(until) + 86_400 - seconds(fetched)) % 86_400, 60, "{told}");
    assert_eq!(user.run(&["barcode", "--once", "--quiet"]).stderr, "");
    let svg = user.run(&["barcode", "--format", "svg"]);
    assert!(svg.text().contains(">fetched 20") && svg.text().contains(">good until "), "{}", svg.text());
}

/// A file that is kept fresh, and whose process is ended.
struct Kept {
    child: std::process::Child,
    path: std::path::PathBuf,
}

impl Kept {
    fn start(user: &Getcard, name: &str) -> Self {
        let path = user.home.path().join(name);
        let args = ["barcode", "--refresh", "5", "--output", path.to_str().unwrap()];
        let format: &[&str] = if name == "code" { &["--format", "payload"] } else { &[] };
        let child = user.command(&[&args, format].concat()).spawn().unwrap();
        let kept = Self { child, path };
        kept.until("a code", |bytes| !bytes.is_empty());
        kept
    }

    fn read(&self) -> Vec<u8> {
        std::fs::read(&self.path).unwrap_or_default()
    }

    #[track_caller]
    fn until(&self, what: &str, wanted: impl Fn(&[u8]) -> bool) {
        wait_for_content(what, &self.path, wanted);
    }

    fn end(&mut self, signal: Signal) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        self.child.wait().unwrap().code()
    }
}

#[test]
fn a_file_is_kept_fresh_and_shows_expired_however_it_ends() {
    let (service, user) = linked();
    let ends = [
        ("code.svg", Signal::TERM, 143),
        ("code.png", Signal::INT, 130),
        ("code.txt", Signal::HUP, 143),
        ("code", Signal::QUIT, 143),
    ];
    for (name, signal, exit) in ends {
        let mut kept = Kept::start(&user, name);
        let mode = std::os::unix::fs::PermissionsExt::mode(&kept.path.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "{name}");
        service.set_payload(Some(json!(NEXT)));
        if name == "code" {
            kept.until("a new payload", |bytes| bytes == format!("{NEXT}\n").as_bytes());
        } else {
            kept.until("a new code", |bytes| scan(bytes).as_deref() == Some(NEXT));
        }
        service.set_payload(Some(json!(PAYLOAD)));
        assert_eq!(kept.end(signal), Some(exit), "{name}");
        let left = kept.read();
        let text = String::from_utf8_lossy(&left);
        match name {
            "code" => assert_eq!(text, ""),
            "code.png" => assert!(scan(&left).is_none() && left.starts_with(b"\x89PNG")),
            _ => assert!(text.contains("EXPIRED") && scan(&left).is_none(), "{text}"),
        }
    }
}

#[test]
fn a_file_shows_no_code_that_has_expired_while_the_service_is_down() {
    let (service, user) = linked();
    let mut kept = Kept::start(&user, "code.svg");
    service.set_faults(vec!["http=503".parse().unwrap()]);
    kept.until("end of the code", |bytes| String::from_utf8_lossy(bytes).contains("EXPIRED"));
    service.set_faults(Vec::new());
    kept.until("new code", |bytes| scan(bytes).as_deref() == Some(PAYLOAD));
    service.revoke_devices();
    assert_eq!(kept.child.wait().unwrap().code(), Some(3));
    assert!(String::from_utf8_lossy(&kept.read()).contains("EXPIRED"));
}

#[test]
fn payloads_are_a_second_apart_whatever_is_started() {
    let (service, user) = linked();
    let running: Vec<_> = (0..6)
        .map(|number| {
            let args: &[&str] = match number % 3 {
                0 => &["barcode", "--once"],
                1 => &["barcode", "--format", "payload"],
                _ => &["probe", "authentication", "retrievePatronBarcodePayload"],
            };
            user.command(args).spawn().unwrap()
        })
        .collect();
    for child in running {
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0));
    }
    let requests = service.requests();
    let mut times = requests.iter().filter(|it| it.method == "retrievePatronBarcodePayload").map(|it| it.at);
    let mut before = times.next().unwrap();
    let mut count = 1;
    for at in times {
        assert!(at.duration_since(before).as_millis() >= 990, "{before} {at}");
        (before, count) = (at, count + 1);
    }
    assert_eq!(count, 6);
    let waits = user.command(&["barcode", "--format", "payload", "-v"]).spawn().unwrap();
    assert_eq!(user.run(&["barcode", "--once"]).code, Some(0));
    let told = String::from_utf8(waits.wait_with_output().unwrap().stderr).unwrap();
    assert!(
        told.contains("payloads are fetched a second apart") || told.contains("another getcard"),
        "{told}"
    );
}

#[test]
fn a_picture_of_pixels_is_not_written_to_a_terminal() {
    let (service, user) = linked();
    let mut screen = Screen::of(&user, &["barcode", "--format", "png"]);
    assert_eq!(screen.exit(), Some(2));
    assert!(screen.text().contains("cannot print a PNG to the terminal"));
    assert_eq!(service.hits("retrievePatronBarcodePayload"), 0, "nothing was asked for");
}

#[test]
fn once_on_a_terminal_fits_it() {
    let (_service, user) = linked();
    let mut screen = Screen::of(&user, &["barcode", "--once"]);
    assert_eq!(screen.exit(), Some(0));
    assert_eq!(screen.scan().as_deref(), Some(PAYLOAD));
    screen.is_restored();
}

#[test]
fn without_a_terminal_no_program_is_asked_for_its_size() {
    let (_service, user) = linked();
    let bin = tempfile::tempdir().unwrap();
    stub(&bin.path().join("tput"), r#"echo >> "$0.ran"; echo 80"#);
    let mut setsid = Command::new("setsid");
    setsid.arg("--wait");
    let output = user
        .command_under(setsid, &["barcode", "--once"])
        .env("PATH", format!("{}:{}", bin.path().display(), std::env::var("PATH").unwrap()))
        .output();
    assert!(output.unwrap().status.success());
    assert!(!bin.path().join("tput.ran").exists());
}

#[test]
fn unusable_payloads_are_told_apart_and_end_no_run_badly() {
    let (service, user) = linked();
    let cases: [(Value, &str); 4] = [
        (json!(""), "unusable_payload"),
        (json!("x".repeat(5000)), "unusable_payload"),
        (json!(null), "unexpected_answer"),
        (json!({"code": PAYLOAD}), "unexpected_answer"),
    ];
    for (payload, code) in cases {
        service.set_payload(Some(payload.clone()));
        let printed = user.run(&["barcode", "--format", "payload"]);
        assert_eq!((printed.code, printed.text()), (Some(1), ""), "{payload}");
        for args in [&["--json"][..], &["--json", "--output", "/nowhere/code.svg"], &["--json", "--once"]] {
            let error = user.run(&[&["barcode"], args].concat()).fails(1, "internal_error", code);
            assert!(error["hint"].is_string(), "{error}");
        }
        let mut screen = Screen::of(&user, &["barcode"]);
        // The view says what is wrong, tries again, and can be left.
        screen.until_text("Next try");
        screen.send("q");
        assert_eq!(screen.exit(), Some(0), "{payload}");
        screen.is_restored();
    }
}

#[test]
fn shapes_that_do_not_fit_are_the_users_to_change() {
    let (_service, user) = linked();
    let args = ["barcode", "--json", "--columns", "1", "--ec-level", "8"];
    user.run(&args).fails(2, "validation_error", "shape");
    for args in [&["--columns", "31"][..], &["--ec-level", "9"], &["--refresh", "4"], &["--expires", "5m"]] {
        assert_eq!(user.run(&[&["barcode", "--json"], args].concat()).code, Some(2), "{args:?}");
    }
}

#[test]
fn any_text_is_carried_exactly() {
    let (service, user) = linked();
    for payload in ["https://example.org/c?x=1&y=é", "A", "\u{202e}{\"a\":1}\r\n"] {
        service.set_payload(Some(json!(payload)));
        let outcome = user.run(&["barcode", "--format", "svg"]);
        assert_eq!(scan(&outcome.stdout).as_deref(), Some(payload.trim_end_matches('\n')));
        assert_eq!(user.run(&["barcode", "--json"]).json()["payload"], payload);
    }
}

#[test]
fn a_session_that_ended_is_renewed_unseen() {
    let (service, user) = linked();
    service.end_sessions();
    assert_eq!(user.run(&["barcode", "--json"]).json()["payload"], PAYLOAD);
    service.revoke_devices();
    user.run(&["barcode", "--json"]).fails(3, "authentication_error", "9510");
}

#[test]
fn the_payload_is_in_no_log() {
    let (_service, user) = linked();
    let outcome = user.run(&["barcode", "--once", "-vv"]);
    assert!(outcome.stderr.contains("retrievePatronBarcodePayload"));
    assert!(!outcome.stderr.contains(PAYLOAD));
}
