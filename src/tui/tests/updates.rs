//! What keys, answers and time do to the view.

use std::time::Duration;

use super::{DIGITS, View, accounts, at, coffee, payload, timeout};
use crate::error::{Category, Cause, Error};
use crate::terminal::pictures::{PicturePreference, PictureProtocol};
use crate::terminal::query::Answers;
use crate::terminal::screen::Screen;
use crate::tui::keys::Action;
use crate::tui::model::{Effect, End, Event};
use crate::tui::subject::Subject;

fn width(view: &View) -> u16 {
    match view.model.layout.subject {
        Subject::Barcode { layout, .. } => layout.width(),
        _ => 0,
    }
}

#[test]
fn it_asks_for_everything_at_once_and_then_every_interval() {
    let mut view = View::start();
    assert_eq!(view.effects, [Effect::FetchPayload, Effect::FetchAccounts]);
    assert_eq!(view.tick(30), [], "never two of a kind at once");
    view.send(at(30, 0), Event::Payload(Ok(payload(DIGITS))));
    view.send(at(30, 0), Event::Accounts(Ok(accounts("1"))));
    assert_eq!(view.tick(34), [], "a slow service gets its rest");
    assert_eq!(view.tick(35), [Effect::FetchPayload, Effect::FetchAccounts]);

    let mut view = View::live();
    assert_eq!(view.tick(9), []);
    assert_eq!(view.tick(10), [Effect::FetchPayload, Effect::FetchAccounts]);
}

#[test]
fn refresh_is_at_most_once_a_second() {
    let mut view = View::live();
    assert_eq!(view.press(3, Action::Refresh), [Effect::FetchPayload, Effect::FetchAccounts]);
    assert_eq!(view.press(3, Action::Refresh), []);
    view.send(at(3, 100), Event::Payload(Ok(payload(DIGITS))));
    view.send(at(3, 100), Event::Accounts(Ok(accounts("15.50"))));
    assert_eq!(view.send(at(3, 500), Event::Key(Action::Refresh)), []);
    assert_eq!(view.tick(4), [Effect::FetchPayload, Effect::FetchAccounts]);
}

#[test]
fn a_pause_holds_until_it_is_lifted_but_lets_the_user_refresh() {
    let mut view = View::live();
    view.press(2, Action::Pause);
    assert_eq!(view.tick(50), []);
    assert_eq!(view.press(51, Action::Refresh), [Effect::FetchPayload, Effect::FetchAccounts]);
    view.send(at(52, 0), Event::Payload(Ok(payload(DIGITS))));
    assert_eq!(view.tick(70), []);
    assert_eq!(view.press(71, Action::Pause), [Effect::FetchPayload]);
}

#[test]
fn sizes_step_from_what_is_shown() {
    let mut view = View::live_on(Screen::new(120, 40), None);
    assert_eq!(width(&view), 54);
    for _ in 0..5 {
        view.press(1, Action::Larger);
    }
    assert_eq!(width(&view), 107, "as large as it gets");
    view.press(2, Action::Smaller);
    assert_eq!(width(&view), 54, "one press is one step");
    view.press(3, Action::Bare);
    assert_eq!(width(&view), 107);
    view.press(4, Action::Back);
    assert_eq!(width(&view), 54);
}

#[test]
fn another_size_is_fitted_at_once() {
    let mut view = View::live();
    view.send(at(1, 0), Event::Resized(Screen::new(40, 12)));
    assert!(matches!(view.model.layout.subject, Subject::TooSmall(..)));
    view.send(at(2, 0), Event::Resized(Screen::new(120, 40)));
    assert!(matches!(view.model.layout.subject, Subject::Barcode { .. }));
}

#[test]
fn quitting_and_interrupting_differ() {
    for (action, end) in [(Action::Quit, End::Quit), (Action::Interrupt, End::Interrupted)] {
        let mut view = View::start();
        view.press(1, action);
        assert_eq!(view.model.end, Some(end));
    }
    assert_eq!(View::live().press(1, Action::Suspend), [Effect::Suspend]);
}

#[test]
fn failures_keep_the_view_and_lengthen_the_pauses() {
    let mut view = View::live();
    view.run(1..200, Err(&timeout()));
    assert_eq!(view.model.end, None);
    let wait = view.model.code.pace.wait(at(200, 0)).unwrap();
    assert!(wait <= Duration::from_secs(15), "{wait:?}");
    view.press(200, Action::Refresh);
    view.send(at(200, 500), Event::Payload(Ok(payload(DIGITS))));
    assert!(view.model.code.failure.is_none());
}

#[test]
fn a_view_that_comes_back_asks_for_everything_at_once() {
    let mut view = View::live();
    let effects = view.send(at(2, 0), Event::Resumed(Screen::new(80, 24))).to_vec();
    assert_eq!(effects, [Effect::Abandon, Effect::Repaint, Effect::FetchPayload, Effect::FetchAccounts]);
    let mut view = View::live();
    view.run(1..31, Err(&timeout()));
    view.send(at(31, 0), Event::Resumed(Screen::new(80, 24)));
    assert!(
        view.model.code.pace.wait(at(32, 0)).is_none_or(|wait| wait.is_zero()),
        "not within a second of the last"
    );
}

#[test]
fn a_wide_screen_asks_for_what_its_panel_shows_after_the_first_code() {
    let mut view = View::on(Screen::new(120, 40), None);
    assert_eq!(view.effects, [Effect::FetchPayload, Effect::FetchAccounts]);
    let effects = view.send(at(0, 0), Event::Payload(Ok(payload(DIGITS)))).to_vec();
    assert_eq!(effects, [Effect::FetchNewest, Effect::FetchPatron]);
    view.send(at(0, 0), Event::Patron(Ok(None)));
    view.send(at(0, 0), Event::Newest(Ok(Vec::new())));
    view.send(at(0, 0), Event::Accounts(Ok(accounts("15.50"))));
    assert_eq!(view.tick(9), []);
    view.tick(10);
    // A balance that changed has a transaction behind it.
    let effects = view.send(at(10, 0), Event::Accounts(Ok(accounts("11.00")))).to_vec();
    assert!(effects.contains(&Effect::FetchNewest), "{effects:?}");
}

#[test]
fn a_size_that_cannot_be_says_what_to_do() {
    let mut view = View::live();
    view.press(1, Action::Larger);
    let (notice, _) = view.model.notice.clone().unwrap();
    assert!(notice.contains("enlarge the window"), "{notice}");
    view.tick(12);
    assert!(!super::frames::words(&view).contains("enlarge the window"), "it goes away");
}

#[test]
fn pictures_that_the_terminal_did_not_answer_for_are_cells_and_it_says_so() {
    let mut view = View::live();
    view.model.setup.pictures = PicturePreference::This(PictureProtocol::Sixel);
    assert_eq!(view.send(at(1, 0), Event::Answered(Answers::default())), [Effect::Repaint]);
    assert!(matches!(view.model.layout.subject, Subject::Barcode { .. }));
    let text = super::frames::words(&view);
    assert!(text.contains("This terminal did not confirm Sixel pictures: using characters"), "{text}");
    let answers = Answers { sixel: true, cell: Some((10, 20)), complete: true, ..Answers::default() };
    view.send(at(2, 0), Event::Answered(answers));
    assert!(matches!(view.model.layout.subject, Subject::Picture { .. }));
}

#[test]
fn what_will_not_get_better_ends_a_wait_for_the_charge_that_shows_nothing_yet() {
    let error = Error::new(Cause::UnusablePayload, "unusable payload");
    let mut view = View::start();
    view.send(at(1, 0), Event::Payload(Err(error.clone())));
    assert_eq!(view.model.end, None, "somebody reads why");

    let mut view = View::on(Screen::new(80, 24), Some(Duration::from_secs(300)));
    view.send(at(1, 0), Event::Payload(Err(error.clone())));
    assert_eq!(view.model.end, Some(End::Failed(error.clone())));

    let mut view = View::start();
    view.send(at(1, 0), Event::Payload(Err(timeout())));
    assert_eq!(view.model.end, None);

    let mut view = View::live();
    view.tick(10);
    view.send(at(11, 0), Event::Payload(Err(error)));
    assert_eq!(view.model.end, None);
}

#[test]
fn an_account_that_there_is_not_ends_it() {
    let error = Error::new(Cause::NoSuchAccount, "no account matches `x`");
    let mut view = View::start();
    view.send(at(1, 0), Event::Accounts(Err(error.clone())));
    assert_eq!(view.model.end, Some(End::Failed(error)));
}

#[test]
fn a_charge_is_shown_and_the_view_goes_on() {
    let mut view = View::live();
    view.run(1..11, Ok("11.00"));
    assert!(view.model.watch.dropped().is_some());
    view.send(at(11, 0), Event::Transactions(Ok(vec![coffee("11.00")])));
    let (charge, _) = view.model.paid.clone().unwrap();
    assert_eq!(charge.summary(), "Paid $4.50 at Oakes [31mCafe · $11.00 left on Flexi Dollars");
    assert_eq!(view.model.end, None);
    view.run(12..32, Ok("6.50"));
    assert!(view.model.watch.dropped().is_some(), "the next one is seen too");
}

#[test]
fn waiting_for_the_charge_ends_with_it() {
    let mut view = View::live_on(Screen::new(80, 24), Some(Duration::from_secs(300)));
    view.run(1..11, Ok("11.00"));
    for second in [11, 21, 31] {
        view.tick(second);
        view.send(at(second, 0), Event::Transactions(Err(timeout())));
    }
    match &view.model.end {
        Some(End::Charged(charge)) => assert!(!charge.confirmed),
        other => panic!("{other:?}"),
    }
}

#[test]
fn waiting_for_the_charge_has_an_end() {
    let mut view = View::live_on(Screen::new(80, 24), Some(Duration::from_secs(300)));
    view.run(1..299, Ok("15.50"));
    assert_eq!(view.model.end, None);
    view.run(299..301, Ok("15.50"));
    assert_eq!(view.model.end, Some(End::Expired));
}

#[test]
fn revoked_credentials_end_the_wait_but_not_the_view() {
    let revoked = Error::new(Cause::SignInRefused { code: None, unknown_device: true }, "gone");
    let mut view = View::live_on(Screen::new(80, 24), Some(Duration::from_secs(300)));
    view.run(1..11, Err(&revoked.clone()));
    assert_eq!(view.model.end, Some(End::Failed(revoked.clone())));
    let mut view = View::live();
    view.run(1..11, Err(&revoked));
    assert_eq!(view.model.end, None);
    // A session that another device ended is no such thing.
    let ended = Error::new(
        Cause::Exception { code: Some("4001".to_owned()), category: Category::Authentication },
        "session not found",
    );
    let mut view = View::live_on(Screen::new(80, 24), Some(Duration::from_secs(300)));
    view.run(1..60, Err(&ended));
    assert_eq!(view.model.end, None);
}

#[test]
fn it_sleeps_until_something_changes() {
    let mut view = View::live();
    view.send(at(3, 400), Event::Tick);
    assert_eq!(view.model.wait(), Duration::from_millis(600), "the next second of the age");
    view.send(at(9, 0), Event::Key(Action::Pause));
    view.tick(40);
    assert_eq!(view.model.wait(), Duration::from_secs(1), "what is due waits while paused");
}
