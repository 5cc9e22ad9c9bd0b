//! Message → new model and what to do about it; pure.

use super::keys::Action;
use super::model::{Effect, End, Event, Model, Msg};
use crate::auth::session;
use crate::barcode::fit::Size;
use crate::error::{Category, Error, Result};
use crate::live::payment_watch::{Change, Reason};
use crate::live::sleep;
use crate::model::account::Account;
use crate::secret::Payload;

/// Takes a message.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    let before = std::mem::replace(&mut model.now, msg.at);
    let slept = sleep::slept(before, msg.at);
    if slept {
        wake(model, &mut effects);
    }
    match msg.event {
        // An answer to what was just given up.
        Event::Payload(_) | Event::Accounts(_) | Event::Transactions(_) if slept => {}
        Event::Tick => {}
        Event::Key(action) => press(model, action, &mut effects),
        Event::Resized(screen) => {
            model.screen = screen;
            model.restage();
        }
        Event::Resumed(screen) => {
            model.screen = screen;
            model.restage();
            effects.push(Effect::Repaint);
        }
        Event::Payload(answer) => payload(model, answer, &mut effects),
        Event::Accounts(answer) => accounts(model, answer, &mut effects),
        Event::Transactions(answer) => {
            let change = model.watch.transactions(model.now, &answer.unwrap_or_default());
            charged(model, change, &mut effects);
        }
    }
    let expired = model.watch.tick(model.now);
    charged(model, expired, &mut effects);
    fetch(model, &mut effects);
    effects
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
}

/// After sleep nothing that was under way will be answered in time, and everything is due.
fn wake(model: &mut Model, effects: &mut Vec<Effect>) {
    effects.push(Effect::Abandon);
    model.code.pace.abandon();
    model.accounts.pace.abandon();
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
        Action::Back => show_bare(model, false),
        Action::Bare => show_bare(model, !model.wishes.bare),
        Action::Larger => resize(model, 1),
        Action::Smaller => resize(model, -1),
    }
}

/// A new code now, also while paused; at most once a second.
fn refresh(model: &mut Model, effects: &mut Vec<Effect>) {
    model.code.pace.hurry(model.now);
    model.accounts.pace.hurry(model.now);
    feed(model, effects);
}

fn show_bare(model: &mut Model, bare: bool) {
    if model.wishes.bare != bare {
        model.wishes.bare = bare;
        model.wishes.size = if bare { Size::Largest } else { Size::default() };
        model.restage();
    }
}

/// A step from the size that is shown: what was pressed past an end of the ladder counts for nothing.
fn resize(model: &mut Model, steps: i8) {
    model.wishes.size = Size::Step(model.stage.step().saturating_add(steps));
    model.restage();
}

fn payload(model: &mut Model, answer: Result<Payload>, effects: &mut Vec<Effect>) {
    let jitter = model.jitter();
    let revoked = answer.as_ref().err().is_some_and(session::is_revoked);
    let first = model.code.latest.is_none();
    let fatal = answer.as_ref().err().filter(|error| first && is_lasting(error)).cloned();
    model.code.take(model.now, answer, jitter);
    if let Some(error) = fatal {
        model.end = Some(End::Failed(error));
    } else if revoked {
        let change = model.watch.revoked(model.now);
        charged(model, change, effects);
    } else if model.code.failure.is_none() {
        model.restage();
        let change = model.watch.shown();
        charged(model, change, effects);
    }
}

/// Whether trying again would change nothing.
fn is_lasting(error: &Error) -> bool {
    error.category().is_some_and(|category| category != Category::TransientUpstream)
}

fn accounts(model: &mut Model, answer: Result<Vec<Account>>, effects: &mut Vec<Effect>) {
    let jitter = model.jitter();
    let revoked = answer.as_ref().err().is_some_and(session::is_revoked);
    let first = model.accounts.latest.is_none();
    let unknown = answer.as_ref().err().filter(|error| first && is_wrong_scope(error)).cloned();
    model.accounts.take(model.now, answer, jitter);
    if let Some(error) = unknown {
        model.end = Some(End::Failed(error));
    } else if revoked {
        let change = model.watch.revoked(model.now);
        charged(model, change, effects);
    } else if let (None, Some((accounts, _))) = (&model.accounts.failure, &model.accounts.latest) {
        let change = model.watch.accounts(model.now, accounts);
        charged(model, change, effects);
    }
}

fn is_wrong_scope(error: &Error) -> bool {
    error.category() == Some(Category::Validation)
}

/// What a change of the scan's state means for the view.
fn charged(model: &mut Model, change: Option<Change>, effects: &mut Vec<Effect>) {
    let ends = model.setup.until_charged.is_some();
    effects.extend(change.clone().map(Effect::Report));
    match change {
        None | Some(Change::Active) => {}
        Some(Change::Completed(paid)) => {
            if ends {
                model.end = Some(End::Charged(paid.clone()));
            } else {
                model.watch.resume();
            }
            model.paid = Some((paid, model.now));
        }
        // The view shows each failure by itself.
        Some(Change::Unavailable(Reason::UpstreamUnavailable)) => {}
        Some(Change::Unavailable(Reason::Expired)) => model.end = Some(End::Expired),
        Some(Change::Unavailable(Reason::CredentialsRevoked)) if ends => {
            let failure = model.code.failure.clone().or_else(|| model.accounts.failure.clone());
            model.end = Some(End::Failed(failure.unwrap_or_else(Error::not_linked)));
        }
        // Without an end to wait for, the view stays and says why; the user may link anew meanwhile.
        Some(Change::Unavailable(Reason::CredentialsRevoked)) => model.watch.resume(),
    }
}
