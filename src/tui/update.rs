//! Message → new model and effects; pure.

use super::keys::Action;
use super::model::{Effect, End, Event, Model, Msg};
use super::update_layout::{update_layout, update_layout_if_needed};
use crate::auth::session;
use crate::barcode::fit::Size;
use crate::error::{Category, Cause, Error, Result};
use crate::live::feed::CardBalances;
use crate::live::payment_watch::{Change, Reason};
use crate::live::sleep;
use crate::secret::Payload;
use crate::terminal::query::Answers;
use crate::terminal::screen::Screen;

/// Takes a message.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    let before = std::mem::replace(&mut model.now, msg.at);
    model.code.record_age(model.now);
    model.accounts.record_age(model.now);
    let slept = sleep::slept(before, msg.at);
    if slept || matches!(msg.event, Event::Resumed(_)) {
        wake(model, &mut effects);
    }
    match msg.event {
        // A reply to what was just given up.
        Event::Payload(_)
        | Event::Accounts(_)
        | Event::Transactions(_)
        | Event::Newest(_)
        | Event::Patron(_)
            if slept => {}
        Event::Tick => {}
        Event::Key(action) => press(model, action, &mut effects),
        Event::Resized(screen) => resized(model, screen),
        Event::Resumed(screen) => {
            resized(model, screen);
            effects.push(Effect::Repaint);
        }
        Event::Answered(answers) => {
            answered(model, &answers);
            effects.push(Effect::Repaint);
        }
        Event::Payload(answer) => payload(model, answer, &mut effects),
        Event::Accounts(answer) => accounts(model, answer, &mut effects),
        Event::Transactions(answer) => {
            let change = model.watch.transactions(model.now, &answer.unwrap_or_default());
            charged(model, change, &mut effects);
        }
        Event::Newest(answer) => {
            let jitter = model.jitter();
            model.newest.take(model.now, answer, jitter);
        }
        Event::Patron(answer) => {
            let jitter = model.jitter();
            model.patron.take(model.now, answer, jitter);
        }
    }
    let expired = model.watch.tick(model.now);
    charged(model, expired, &mut effects);
    fetch(model, &mut effects);
    update_layout_if_needed(model);
    effects
}

fn resized(model: &mut Model, screen: Screen) {
    model.screen = screen.or_cell(model.setup.terminal.screen.cell);
    update_layout(model);
}

/// What the terminal says that it can do.
fn answered(model: &mut Model, answers: &Answers) {
    let terminal = &mut model.setup.terminal;
    if let Some(protocol) = terminal.take(answers, model.setup.pictures) {
        let notice = format!("This terminal did not confirm {} pictures: using characters", protocol.name());
        model.notice = Some((notice, model.now));
    }
    model.options.pixels = terminal.pictures.is_some();
    model.options.glyphs = terminal.glyphs();
    resized(model, model.screen);
}

/// Asks for whatever is due.
fn fetch(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.end.is_some() {
        return;
    }
    if !model.paused {
        feed(model, effects);
    }
    if let Some(query) = model.watch.query(model.now) {
        effects.push(Effect::FetchTransactions(query));
    }
}

fn feed(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.code.pace.start(model.now) {
        effects.push(Effect::FetchPayload);
    }
    if model.accounts.pace.start(model.now) {
        effects.push(Effect::FetchAccounts);
    }
    if !model.asks_for_panel() {
        return;
    }
    if model.newest.pace.start(model.now) {
        effects.push(Effect::FetchNewest);
    }
    if model.patron.latest.is_none() && model.patron.pace.start(model.now) {
        effects.push(Effect::FetchPatron);
    }
}

/// After sleep, pending requests will not get a reply in time, and everything is due.
fn wake(model: &mut Model, effects: &mut Vec<Effect>) {
    effects.push(Effect::Abandon);
    model.code.pace.abandon();
    model.accounts.pace.abandon();
    model.newest.pace.abandon();
    model.patron.pace.abandon();
    model.watch.abandon();
}

fn press(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    match action {
        Action::Quit => model.end = Some(End::Quit),
        Action::Interrupt => model.end = Some(End::Interrupted),
        Action::Suspend => effects.push(Effect::Suspend),
        Action::Pause => model.paused = !model.paused,
        Action::Refresh => refresh(model, effects),
        Action::Help => model.help = !model.help,
        Action::Back if model.help => model.help = false,
        Action::Back => set_bare(model, false),
        Action::Bare => set_bare(model, !model.options.bare),
        Action::Larger => resize(model, 1),
        Action::Smaller => resize(model, -1),
    }
}

/// A new code now, also while paused; at most once a second.
fn refresh(model: &mut Model, effects: &mut Vec<Effect>) {
    model.code.pace.poll_soon(model.now);
    model.accounts.pace.poll_soon(model.now);
    model.newest.pace.poll_soon(model.now);
    feed(model, effects);
}

fn set_bare(model: &mut Model, bare: bool) {
    if model.options.bare != bare {
        model.options.bare = bare;
        model.options.size = if bare { Size::Largest } else { Size::default() };
        update_layout(model);
    }
}

/// One step from the current size: presses beyond either end are ignored.
fn resize(model: &mut Model, steps: i8) {
    let before = model.layout.step();
    model.options.size = Size::Step(before.saturating_add(steps));
    update_layout(model);
    if model.layout.subject.size().is_some() && model.layout.step() == before {
        let notice = if steps > 0 {
            "The barcode is as large as this window allows: enlarge the window, or make the terminal's font smaller"
        } else {
            "The barcode is as small as it gets"
        };
        model.notice = Some((notice.to_owned(), model.now));
    } else {
        model.notice = None;
    }
}

fn payload(model: &mut Model, answer: Result<Payload>, effects: &mut Vec<Effect>) {
    let jitter = model.jitter();
    let revoked = answer.as_ref().err().is_some_and(session::is_revoked);
    let first = model.code.latest.is_none();
    let fatal = answer.as_ref().err().filter(|error| first && ends(model, error)).cloned();
    model.code.take(model.now, answer, jitter);
    record_refusal(model, revoked, model.code.failure.is_none());
    if let Some(error) = fatal {
        model.end = Some(End::Failed(error));
    } else if revoked {
        let change = model.watch.revoked(model.now);
        charged(model, change, effects);
    } else if model.code.failure.is_none() {
        update_layout(model);
        let change = model.watch.shown();
        charged(model, change, effects);
    }
}

/// Whether a failure ends a view that shows nothing yet. A user who looks at it reads why and tries again; a caller
/// that waits for a charge needs to know at once.
fn ends(model: &Model, error: &Error) -> bool {
    let Some(cause) = error.cause() else { return true };
    let session_ended = cause.is_refusal() && !cause.is_unlinked();
    let lasting = cause.category() != Category::TransientUpstream && !session_ended;
    is_wrong_usage(error) || model.setup.until_charged.is_some() && lasting
}

/// Whether the command line asks for something that does not exist.
fn is_wrong_usage(error: &Error) -> bool {
    matches!(error.cause(), Some(Cause::Shape | Cause::NoSuchAccount))
}

/// Keeps since when the service refuses the link.
fn record_refusal(model: &mut Model, refused: bool, succeeded: bool) {
    if refused {
        model.refused_at.get_or_insert(model.now.wall);
    } else if succeeded {
        (model.refused_at, model.setup.refused_at) = (None, None);
    }
}

fn accounts(model: &mut Model, answer: Result<CardBalances>, effects: &mut Vec<Effect>) {
    let jitter = model.jitter();
    let revoked = answer.as_ref().err().is_some_and(session::is_revoked);
    let first = model.accounts.latest.is_none();
    let unknown = answer.as_ref().err().filter(|error| first && is_wrong_usage(error)).cloned();
    let changed = answer.as_ref().is_ok_and(|new| model.accounts() != Some(&new.accounts));
    model.accounts.take(model.now, answer, jitter);
    if changed && !first {
        // The payment belongs in the latest transactions.
        model.newest.pace.poll_soon(model.now);
    }
    record_refusal(model, revoked, model.accounts.failure.is_none());
    if let Some(error) = unknown {
        model.end = Some(End::Failed(error));
    } else if revoked {
        let change = model.watch.revoked(model.now);
        charged(model, change, effects);
    } else if let (None, Some((holdings, _))) = (&model.accounts.failure, &model.accounts.latest) {
        let change = model.watch.accounts(model.now, &holdings.accounts);
        charged(model, change, effects);
    }
}

/// What a change of the scan's state means for the view.
fn charged(model: &mut Model, change: Option<Change>, effects: &mut Vec<Effect>) {
    let ends = model.setup.until_charged.is_some();
    effects.extend(change.clone().map(Effect::Report));
    match change {
        // The view shows each failure by itself.
        None | Some(Change::Active | Change::Unavailable(Reason::UpstreamUnavailable)) => {}
        Some(Change::Completed(paid)) => {
            if ends {
                model.end = Some(End::Charged(paid.clone()));
            } else {
                model.watch.resume();
            }
            model.paid = Some((paid, model.now));
            model.newest.pace.poll_soon(model.now);
        }
        Some(Change::Unavailable(Reason::Expired)) => model.end = Some(End::Expired),
        Some(Change::Unavailable(Reason::CredentialsRevoked)) if ends => {
            let failure = model.code.failure.clone().or_else(|| model.accounts.failure.clone());
            model.end = Some(End::Failed(failure.unwrap_or_else(Error::not_linked)));
        }
        // Without an end to wait for, the view stays and says why; the user may link again meanwhile.
        Some(Change::Unavailable(Reason::CredentialsRevoked)) => model.watch.resume(),
    }
}
