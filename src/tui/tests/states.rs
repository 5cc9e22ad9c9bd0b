//! The view in each of its states, in any size.

use std::time::Duration;

use super::{DIGITS, View, accounts, at, coffee, payload, refused, timeout};
use crate::error::{Cause, Error};
use crate::terminal::query::Answers;
use crate::terminal::screen::Screen;
use crate::tui::keys::Action;
use crate::tui::model::{Effect, Event};

/// How a state comes about.
pub type Make = fn(Screen) -> View;

/// Every state by its name.
pub const STATES: [(&str, Make); 17] = [
    ("fetching", |screen| View::on(screen, None)),
    ("live", |screen| living(screen, None)),
    ("low", low),
    ("stale", |screen| failing(screen, &unreachable(), 11..14)),
    ("expired", |screen| failing(screen, &unreachable(), 11..80)),
    ("old_balances", old_balances),
    ("nothing_came", |screen| nothing(screen, unreachable())),
    ("refused", |screen| nothing(screen, refused())),
    ("refused_while_open", |screen| failing(screen, &refused(), 11..80)),
    ("not_linked", |screen| nothing(screen, Error::not_linked())),
    ("paused", paused),
    ("charge_seen", charge_seen),
    ("charge_confirmed", charge_confirmed),
    ("waiting_for_the_charge", |screen| living(screen, Some(Duration::from_secs(300)))),
    ("largest", largest),
    ("help", |screen| pressed(screen, Action::Help)),
    ("bare", |screen| pressed(screen, Action::Bare)),
];

/// What a student sees who has no network.
pub fn unreachable() -> Error {
    let message = "cannot reach the service: Connection refused";
    Error::new(Cause::CannotConnect, message)
}

/// A view that has been live for ten seconds.
fn living(screen: Screen, until_charged: Option<Duration>) -> View {
    let mut view = View::live_on(screen, until_charged);
    view.answer(at(0, 0), Ok("15.50"));
    view.run(1..11, Ok("15.50"));
    view.tick(13);
    view
}

fn low(screen: Screen) -> View {
    let mut view = View::live_on(screen, None);
    view.send(at(1, 0), Event::Accounts(Ok(accounts("0"))));
    view
}

fn failing(screen: Screen, error: &Error, seconds: std::ops::Range<u64>) -> View {
    let mut view = living(screen, None);
    view.run(14..seconds.end + 10, Err(error));
    view
}

fn old_balances(screen: Screen) -> View {
    let mut view = living(screen, None);
    for second in (20..90).step_by(10) {
        view.tick(second);
        view.send(at(second, 0), Event::Payload(Ok(payload(DIGITS))));
        view.send(at(second, 0), Event::Accounts(Err(timeout())));
    }
    view
}

fn nothing(screen: Screen, error: Error) -> View {
    let mut view = View::on(screen, None);
    view.send(at(1, 0), Event::Accounts(Err(error.clone())));
    view.send(at(1, 0), Event::Payload(Err(error)));
    view
}

fn paused(screen: Screen) -> View {
    let mut view = living(screen, None);
    view.press(14, Action::Pause);
    view
}

fn charge_seen(screen: Screen) -> View {
    let mut view = living(screen, None);
    view.run(14..21, Ok("11.00"));
    view
}

fn charge_confirmed(screen: Screen) -> View {
    let mut view = charge_seen(screen);
    let effects = view.send(at(21, 0), Event::Transactions(Ok(vec![coffee("11.00")]))).to_vec();
    assert!(!effects.contains(&Effect::FetchPayload));
    view
}

/// An answer to a key that could not do what it should.
fn largest(screen: Screen) -> View {
    let mut view = living(screen, None);
    for _ in 0..3 {
        view.press(14, Action::Larger);
    }
    view
}

fn pressed(screen: Screen, action: Action) -> View {
    let mut view = living(screen, None);
    view.press(14, action);
    view
}

/// A terminal of Latin-1, as it says itself.
pub fn latin1(screen: Screen) -> View {
    let mut view = living(screen, None);
    let answers = Answers { unicode: Some(false), complete: true, ..Answers::default() };
    view.send(at(14, 0), Event::Answered(answers));
    view
}
