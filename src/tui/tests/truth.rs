//! What the view says of its code: never better than it is, whatever clocks and laptops do.

use std::time::Duration;

use jiff::SignedDuration;

use super::frames::words;
use super::{DIGITS, View, accounts, at, payload, timeout};
use crate::platform::clock::Moment;
use crate::terminal::screen::Screen;
use crate::tui::freshness::Freshness;
use crate::tui::keys::Action;
use crate::tui::model::{Effect, Event};

/// The moment at which a laptop wakes that slept an hour: the steady clock stood still.
fn woken(second: u64) -> Moment {
    Moment { wall: at(second, 0).wall + SignedDuration::from_hours(1), ..at(second, 0) }
}

#[test]
fn age_and_next_refresh_are_told() {
    let mut view = View::live();
    view.tick(3);
    let text = words(&view);
    assert!(text.contains(" live  Last fetched 19:04:11 (3 s ago) · next in 7 s"), "{text}");
}

#[test]
fn a_failed_refresh_is_stale_and_says_why_and_when() {
    let mut view = View::live();
    view.run(1..13, Err(&timeout()));
    let text = words(&view);
    assert!(text.contains(" STALE  Last fetched 19:04:11 (12 s ago) · next try 19:04:"), "{text}");
    assert!(text.contains("The service did not respond within 10 s · check the network"));
    assert!(text.contains('▌'), "it may still be scanned");
}

#[test]
fn a_code_past_its_minute_is_hidden() {
    let mut view = View::live();
    view.press(1, Action::Pause);
    view.tick(59);
    assert!(words(&view).contains('▌'));
    view.tick(60);
    let text = words(&view);
    assert!(text.contains("EXPIRED") && text.contains("This code is 60 s old: do not scan it."), "{text}");
    assert!(!text.contains(['▌', '▀', '▗', '▖']), "{text}");
}

#[test]
fn a_code_is_as_old_as_the_question() {
    let mut view = View::start();
    view.send(at(9, 0), Event::Payload(Ok(payload(DIGITS))));
    assert_eq!(view.model.code.age(at(9, 0)), Some(Duration::from_secs(9)));
}

#[test]
fn the_first_frame_after_sleep_hides_the_code_and_everything_is_asked_for_anew() {
    let mut view = View::live();
    view.tick(10);
    let effects = view.send(woken(11), Event::Tick).to_vec();
    assert_eq!(effects, [Effect::Abandon, Effect::FetchPayload, Effect::FetchAccounts]);
    assert_eq!(view.model.freshness(), Freshness::Expired);
    assert!(words(&view).contains("This code is 60 min old"), "{}", words(&view));
}

#[test]
fn an_answer_from_before_the_sleep_is_not_taken_for_new() {
    let mut view = View::live();
    view.tick(10);
    view.send(woken(11), Event::Payload(Ok(payload(DIGITS))));
    assert_eq!(view.model.freshness(), Freshness::Expired);
    let later = Moment { wall: woken(12).wall, ..at(12, 0) };
    view.send(later, Event::Payload(Ok(payload(DIGITS))));
    assert_eq!(view.model.freshness(), Freshness::Live);
}

#[test]
fn a_clock_set_back_changes_no_age() {
    let mut view = View::live();
    let back = Moment { wall: at(5, 0).wall - SignedDuration::from_hours(1), ..at(5, 0) };
    assert_eq!(view.send(back, Event::Tick), []);
    let text = words(&view);
    assert!(text.contains("Last fetched 18:04:11 (5 s ago) · next in 5 s"), "{text}");
}

#[test]
fn what_was_expired_stays_expired_whatever_the_clock_does() {
    let mut view = View::live();
    view.press(1, Action::Pause);
    view.send(woken(2), Event::Tick);
    assert_eq!(view.model.freshness(), Freshness::Expired);
    // The clock that had jumped ahead is set back.
    view.tick(3);
    assert_eq!(view.model.freshness(), Freshness::Expired);
    assert!(!words(&view).contains('▌'));
    view.press(4, Action::Refresh);
    view.send(at(4, 0), Event::Payload(Ok(payload(DIGITS))));
    assert_eq!(view.model.freshness(), Freshness::Live, "a new code is as old as it is");
}

#[test]
fn a_view_that_was_stopped_comes_back_veiled() {
    let mut view = View::live();
    view.send(at(90, 0), Event::Resumed(Screen::new(80, 24)));
    assert!(words(&view).contains("EXPIRED"));
}

#[test]
fn old_balances_say_so() {
    let mut view = View::live();
    view.tick(10);
    view.send(at(10, 0), Event::Accounts(Err(timeout())));
    view.send(at(70, 0), Event::Payload(Ok(payload(DIGITS))));
    let text = words(&view);
    assert!(text.contains("balances 70 s old · Flexi Dollars"), "{text}");
    assert!(text.contains("Balances not refreshed: the service did not respond within 10 s"), "{text}");
    view.send(at(70, 0), Event::Resized(Screen::new(80, 28)));
    let text = words(&view);
    assert!(text.contains("Balances not refreshed: the service did not respond"), "{text}");
}

#[test]
fn hostile_names_are_harmless() {
    let mut view = View::start();
    let mut hostile = accounts("1");
    hostile.accounts[0].name = "\u{1b}[2J\u{202e}Flexi".into();
    view.send(at(1, 0), Event::Accounts(Ok(hostile)));
    assert!(words(&view).contains("[2JFlexi $1.00"));
}

#[test]
fn the_same_payload_twice_is_no_failure() {
    let mut view = View::live();
    view.run(1..12, Ok("15.50"));
    assert_eq!(view.model.freshness(), Freshness::Live);
    assert_eq!(view.model.code.age(at(12, 0)), Some(Duration::from_secs(2)));
}
