//! The full-screen view in a real terminal.

use std::ffi::OsStr;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use crate::support::getcard::Getcard;
use crate::support::screen::Screen;
use crate::support::service::Service;
use crate::support::wait::wait_until_stopped;

const SIGNALS: [Signal; 3] = [Signal::TERM, Signal::HUP, Signal::INT];

fn linked() -> (Service, Getcard) {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("a passphrase of the tests");
    user.link(&service.validated_url());
    (service, user)
}

#[track_caller]
fn live(user: &Getcard, args: &[&str]) -> Screen {
    let screen = Screen::of(user, &[&["barcode"], args].concat());
    screen.until_text(" live ");
    screen
}

#[test]
fn the_barcode_on_the_screen_scans_and_q_gives_the_terminal_back() {
    let (service, user) = linked();
    let mut screen = live(&user, &[]);
    let payload = screen.scan().expect("a barcode");
    assert_eq!(payload.len(), 22);
    assert!(screen.text().contains("Last fetched"));
    let balance = service.balance("flexi").unwrap();
    screen.until_text(&format!("Flexi Dollars ${balance:.2}"));
    screen.send("q");
    assert_eq!(screen.exit(), Some(0));
    screen.is_restored();
    assert_eq!(screen.text().trim(), "", "nothing is left behind");
}

/// zxing-cpp reads less far clockwise than counterclockwise, whatever the symbol's shape.
#[test]
fn the_barcode_on_a_turned_screen_scans() {
    let payload = "1770663851140506070809";
    let (service, user) = linked();
    service.set_payload(Some(json!(payload)));
    let screen = live(&user, &[]);
    for (rows, columns) in [(24, 80), (30, 100), (40, 120)] {
        resize(&screen, rows, columns);
        for options in [
            ["--rotate=15", "--decoder=zxing-cpp"],
            ["--rotate=-8", "--decoder=zxing-cpp"],
            ["--rotate=15", "--decoder=pdf417decoder"],
            ["--rotate=-15", "--decoder=pdf417decoder"],
        ] {
            let read = screen.scan_with(&options);
            assert_eq!(read.as_deref(), Some(payload), "{columns}x{rows} {options:?}");
        }
    }
}

/// Makes the terminal another size and waits for what is drawn in it.
#[track_caller]
fn resize(screen: &Screen, rows: u16, columns: u16) {
    screen.resize(rows, columns);
    screen.until("a footer on the last line", |text| {
        text.lines().count() == usize::from(rows)
            && text.lines().last().is_some_and(|line| line.contains("quit"))
    });
}

#[test]
fn a_resize_refits_the_barcode() {
    let (_service, user) = linked();
    let screen = live(&user, &[]);
    for (rows, columns) in [(40, 120), (14, 60), (20, 60), (24, 80), (30, 100), (50, 160)] {
        resize(&screen, rows, columns);
        assert!(screen.scan().is_some(), "{rows}x{columns}\n{}", screen.text());
    }
    screen.resize(12, 40);
    screen.until_text("this terminal has 40 × 12");
}

#[test]
fn keys_answer_while_the_service_hangs() {
    let (service, user) = linked();
    let screen = live(&user, &["--timeout", "60"]);
    service.set_latency(Duration::from_secs(60));
    screen.send("r");
    screen.until_text("refreshing…");
    // The fastest of a few: what else the machine does is not the view's delay.
    let answer = |_| {
        screen.send("?");
        let shown = screen.until_text("fetch a new code now");
        screen.send("?");
        shown.max(screen.until("the help to go", |text| !text.contains("fetch a new code now")))
    };
    let fastest = (0..10).map(answer).min().unwrap();
    assert!(fastest < Duration::from_millis(50), "{fastest:?}");
}

#[test]
fn a_service_that_goes_away_is_stale_and_one_that_comes_back_is_live() {
    let (service, user) = linked();
    let screen = live(&user, &["--timeout", "1"]);
    service.set_faults(vec!["http=503".parse().unwrap()]);
    screen.send("r");
    screen.until_text(" STALE ");
    screen.until_text("next try");
    for (rows, columns) in [(20, 60), (24, 80), (40, 120)] {
        screen.resize(rows, columns);
        screen.until_text("The service returned HTTP 503");
        assert!(screen.scan().is_some(), "{rows}x{columns}\n{}", screen.text());
    }
    service.set_faults(Vec::new());
    screen.send("r");
    screen.until_text(" live ");
}

#[test]
fn one_request_of_each_kind_at_a_time() {
    let (service, user) = linked();
    service.set_latency(Duration::from_secs(2));
    let screen = Screen::of(&user, &["barcode"]);
    screen.until_text("Fetching the barcode…");
    screen.send("rrrr");
    screen.until_text(" live ");
    assert_eq!(service.hits("retrievePatronBarcodePayload"), 1);
    assert_eq!(service.hits("retrieveAccounts"), 1);
}

#[test]
fn signals_give_the_terminal_back() {
    let (_service, user) = linked();
    for (signal, code) in SIGNALS.into_iter().zip([143, 143, 130]) {
        let mut screen = live(&user, &[]);
        screen.signal(signal);
        assert_eq!(screen.exit(), Some(code), "{signal:?}");
        screen.is_restored();
    }
    let mut screen = live(&user, &[]);
    screen.send("\x03");
    assert_eq!(screen.exit(), Some(130));
    screen.is_restored();
}

#[test]
fn suspend_and_resume() {
    let (_service, user) = linked();
    let mut shell = Screen::run(&user, OsStr::new("bash"), &["--norc", "--noprofile", "-i"]);
    shell.send(&format!("PS1='$ '; {} barcode\n", env!("CARGO_BIN_EXE_getcard")));
    shell.until_text(" live ");
    for _ in 0..2 {
        shell.send("\x1a");
        shell.until_text("Stopped");
        assert!(!shell.is_taken());
        // The shell edits lines by itself and echoes what is typed: nothing of raw mode is left.
        shell.send("stty -a | grep -ow icanon\n");
        shell.until_text("icanon");
        shell.send("clear; fg\n");
        shell.until_text(" live ");
        assert!(shell.is_taken());
        assert!(shell.scan().is_some());
    }
    shell.send("q");
    shell.until("the shell", |text| !text.contains(" live ") && text.contains("$ "));
    shell.send("exit\n");
    assert_eq!(shell.exit(), Some(0));
}

#[test]
fn stopped_and_continued_from_elsewhere() {
    let (_service, user) = linked();
    let mut screen = live(&user, &[]);
    screen.signal(Signal::STOP);
    wait_until_stopped(screen.process());
    screen.signal(Signal::CONT);
    screen.send("?");
    screen.until_text("fetch a new code now");
    screen.send("q");
    assert_eq!(screen.exit(), Some(0));
    screen.is_restored();
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_speaks() {
    let user = Getcard::at("http://127.0.0.1:9");
    let this = std::env::current_exe().unwrap();
    let args = ["--ignored", "--exact", "--nocapture", "view::panics_with_the_terminal_taken"];
    let mut screen = Screen::run(&user, this.as_os_str(), &args);
    assert_eq!(screen.exit(), Some(101));
    screen.is_restored();
    assert!(screen.text().contains("the view is broken"), "{}", screen.text());
}

/// Run by the test above, in a terminal of its own.
#[test]
#[ignore = "it panics on purpose"]
fn panics_with_the_terminal_taken() {
    let _terminal = getcard::tui::terminal::Terminal::enter().unwrap();
    panic!("the view is broken");
}

#[test]
fn colors_of_the_barcode_hold_whatever_else_is_refused() {
    let (_service, user) = linked();
    let mut user = user.with("NO_COLOR", "1");
    for (term, colors) in [("xterm", ""), ("xterm-256color", ""), ("xterm-256color", "truecolor")] {
        user = user.with("TERM", term).with("COLORTERM", colors);
        assert!(live(&user, &[]).scan().is_some(), "{term} {colors}");
    }
}

#[test]
fn without_a_link_the_screen_is_left_alone() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("a passphrase of the tests");
    let mut screen = Screen::of(&user, &["barcode"]);
    assert_eq!(screen.exit(), Some(3));
    // Wrapped by the terminal, with the options of this run in it.
    let words = screen.text().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("run: getcard ") && words.contains(" login"), "{words}");
    screen.is_restored();
}

#[test]
fn a_refused_link_is_told_in_the_view_with_what_to_do() {
    let (service, user) = linked();
    service.revoke_devices();
    let screen = Screen::of(&user, &["barcode"]);
    screen.until_text("The service refuses this link since ");
    screen.until("the command with the options of this run", |text| {
        let words = text.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        words.contains("Press q and run: getcard --store file --api-url http://127.0.0.1:")
            && words.contains("/services/json login --replace")
    });
    screen.until_text("Next try ");
}

#[test]
fn a_session_that_is_stolen_at_the_start_does_not_end_the_view() {
    let (service, user) = linked();
    service.steal_session();
    assert!(live(&user, &[]).scan().is_some());
}

#[test]
fn a_wide_screen_shows_accounts_and_newest_transactions() {
    let (service, user) = linked();
    let screen = live(&user, &[]);
    screen.resize(40, 120);
    screen.until_text("Latest transactions");
    screen.until("the accounts in a frame", |text| {
        text.lines().any(|line| line.contains("│ Flexi Dollars ") && line.contains('$'))
    });
    service.charge("flexi", "4.56".parse().unwrap(), "Late Night Cafe").unwrap();
    screen.send("r");
    screen.until("the charge among the transactions", |text| {
        text.lines().any(|line| line.contains("Late Night Cafe") && line.contains("-$4.56 │"))
    });
    assert!(screen.scan().is_some());
}

#[test]
fn a_terminal_without_half_blocks_gets_cells_or_a_sentence() {
    let (_service, user) = linked();
    let user = user.with("TERM", "linux");
    let screen = Screen::of(&user, &["barcode"]);
    screen.until_text("cannot draw half blocks");
    screen.resize(40, 120);
    screen.until_text(" live ");
    assert!(screen.text().is_ascii(), "{}", screen.text());
    assert!(screen.scan().is_some());
}

#[test]
fn pictures_that_the_terminal_did_not_answer_for_are_drawn_in_cells() {
    let (_service, user) = linked();
    let screen = live(&user, &["--graphics", "sixel"]);
    screen.until_text("did not confirm Sixel pictures");
    assert!(screen.scan().is_some());
}

#[test]
fn a_dumb_terminal_gets_one_barcode_in_ink() {
    let (_service, user) = linked();
    let user = user.with("TERM", "dumb");
    let mut screen = Screen::of(&user, &["barcode"]);
    assert_eq!(screen.exit(), Some(0));
    assert!(screen.text().contains('█'));
    assert!(screen.text().contains("a barcode without colors is inverted"));
    screen.is_restored();
}
