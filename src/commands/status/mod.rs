//! `getcard status`: what is linked, where it is stored, and with `--check`, whether it works.

mod check;

use std::fmt::Write as _;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

pub use self::check::{Check, check};
use crate::app::App;
use crate::auth::link::{Linking, Resumed};
use crate::auth::throttle::{self, RELINK};
use crate::commands::{known_profiles, link};
use crate::error::{Category, Cause, Error, Exit, Result};
use crate::model::card::CardState;
use crate::model::text::clean;
use crate::settings::endpoint::Mode;
use crate::store::entry::{Entry, SignInRefusals};
use crate::store::lock::LockGuard;

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Ask the service whether the credentials work.
    #[arg(long)]
    pub check: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    mode: Mode,
    /// `None` if the store cannot be read.
    linked: Option<bool>,
    device: Option<String>,
    school: Option<&'a str>,
    store: Store,
    #[serde(serialize_with = "crate::model::time::serialize")]
    linked_at: Option<Timestamp>,
    #[serde(serialize_with = "crate::model::time::serialize")]
    last_validated_at: Option<Timestamp>,
    session: CachedSession,
    pending: Option<bool>,
    refusals: Option<SignInRefusals>,
    api_url: &'a str,
    checked: bool,
    valid: Option<bool>,
    patron: Option<&'a str>,
    card: Option<CardState>,
}

#[derive(Serialize)]
struct Store {
    kind: &'static str,
    available: bool,
}

#[derive(Serialize)]
struct CachedSession {
    cached: bool,
    age_seconds: Option<i64>,
}

/// Runs `status`.
///
/// # Errors
/// If the store cannot be opened or does not respond; the document shows that too.
pub async fn run(app: &App, args: &StatusArgs) -> Result<Exit> {
    let ephemeral = app.settings.ephemeral;
    let entry_store = match app.entry_store().await {
        // Ephemeral mode without credentials still has a state to show.
        Err(error) if ephemeral && error.category() == Some(Category::Authentication) => {
            show(app, Ok(&Entry::default()), &Check::default())?;
            return Ok(if args.check { error.exit() } else { Exit::Done });
        }
        Err(error) if !ephemeral && error.category().is_some() => {
            show(app, Err(&error), &Check::default())?;
            return Err(error);
        }
        entry_store => entry_store?,
    };
    let (mut entry, held) = match load(app, args.check).await {
        Ok(loaded) => loaded,
        Err(error) if error.cause() == Some(&Cause::ProfileBusy) => return Err(error),
        Err(error) => {
            show(app, Err(&error), &Check::default())?;
            return Err(error);
        }
    };
    let unresolved = match &held {
        Some(held) if entry.pending.is_some() => resume(app, held, &mut entry).await?,
        _ => None,
    };
    let check = match (&held, unresolved) {
        (Some(held), None) if args.check => check(app, held, &mut entry).await?,
        (_, Some(error)) if args.check => Check::failed(error),
        _ => Check::default(),
    };
    known_profiles::update(app, entry_store, &entry);
    show(app, Ok(&entry), &check)?;
    if let Some(category) = check.failure.as_ref().and_then(Error::category) {
        return Ok(Exit::Failed(category));
    }
    let works = entry.link.is_some() && throttle::refusal_limit_error(&entry).is_none();
    Ok(if works || ephemeral { Exit::Done } else { Exit::Failed(Category::Authentication) })
}

/// Loads the entry, and locks it if it needs to be changed.
async fn load(app: &App, check: bool) -> Result<(Entry, Option<LockGuard>)> {
    let entry_store = app.entry_store().await?;
    if !check {
        let entry = entry_store.load().await?;
        if entry.pending.is_none() {
            return Ok((entry, None));
        }
    }
    // A check changes the entry, so it is loaded only once, under the lock.
    match entry_store.lock_within(app.settings.timeout).await {
        Ok(held) => Ok((entry_store.load().await?, Some(held))),
        // Another process is linking right now, so `pending` is the truth.
        Err(error) if !check && error.cause() == Some(&Cause::ProfileBusy) => {
            Ok((entry_store.load().await?, None))
        }
        Err(error) => Err(error),
    }
}

/// Finishes or discards a pending link; returns the error if its state could not be determined.
async fn resume(app: &App, held: &LockGuard, entry: &mut Entry) -> Result<Option<Error>> {
    // No retries: a hanging service must not delay what can be shown without it.
    let client = app.command_client(0)?;
    let linking = Linking { client: &client, ..app.linking().await? };
    match linking.resume(held, entry).await {
        Ok(Resumed::Linked) => {
            app.ui.note("the pending device works: linking is finished");
            if let Some(link) = &entry.link {
                app.journal().linked(Ok(&link.device.id.masked()));
            }
            link::revoke_replaced(app, &linking, held, entry).await?;
        }
        Ok(Resumed::Dead) => app.ui.note("the service does not know the pending device, so it was forgotten"),
        Ok(Resumed::Nothing) => {}
        Err(error) => {
            app.ui.warn(&format!("the pending device could not be checked: {error}"));
            return Ok(Some(error));
        }
    }
    Ok(None)
}

/// Shows the state of the link, or why the store cannot be read.
fn show(app: &App, loaded: Result<&Entry, &Error>, check: &Check) -> Result<()> {
    let entry = loaded.ok();
    let link = entry.and_then(|entry| entry.link.as_ref());
    let session = entry.and_then(|entry| entry.session.as_ref());
    let age = session.map(|session| app.clock.now().duration_since(session.obtained_at).as_secs());
    let document = Document {
        profile: &app.settings.profile,
        mode: app.settings.mode(),
        linked: entry.map(|_| link.is_some() && !app.settings.ephemeral),
        device: link.map(|link| link.device.id.masked()),
        school: link.and_then(|link| link.school.as_deref()),
        store: Store {
            kind: if app.settings.ephemeral { "memory" } else { app.store_kind().name() },
            available: entry.is_some(),
        },
        linked_at: link.map(|link| link.linked_at),
        last_validated_at: link.map(|link| link.last_validated_at),
        session: CachedSession { cached: age.is_some(), age_seconds: age.map(|age| age.max(0)) },
        pending: entry.map(|entry| entry.pending.is_some()),
        refusals: entry.and_then(|entry| entry.refusals),
        api_url: app.settings.endpoint.url().as_str(),
        checked: check.checked,
        valid: check.valid,
        patron: check.patron.as_deref(),
        card: check.card,
    };
    if app.ui.json {
        return app.ui.document(&document);
    }
    let refused = entry.and_then(throttle::refusal_message);
    let next = next_step(app, &document, check);
    let store = loaded.err().map_or("available", |error| unavailable(error.cause()));
    let rows = rows(&document, store, check, refused, next);
    let mut text = String::new();
    for (label, value) in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{label:<10} {}", clean(&app.ui.suggestion(&value)));
    }
    app.ui.result(text)
}

/// The suggested next step, if any.
fn next_step(app: &App, document: &Document<'_>, check: &Check) -> Option<String> {
    match &check.failure {
        Some(Error::Failed(report)) => report.hint.as_deref().map(ToOwned::to_owned),
        _ if document.mode == Mode::Ephemeral => None,
        _ if document.refusals.is_some() => Some(RELINK.to_owned()),
        _ if (document.linked, document.pending) == (Some(false), Some(false)) => {
            Some(known_profiles::next_step(app))
        }
        _ => None,
    }
}

/// Describes why the store cannot be read.
fn unavailable(cause: Option<&Cause>) -> &'static str {
    match cause {
        Some(Cause::StoreAbsent) => "not running",
        Some(Cause::StoreLocked) => "locked",
        Some(Cause::StoreDenied) => "denied access",
        Some(Cause::StoreTimeout) => "does not respond",
        _ => "cannot be read",
    }
}

fn rows(
    document: &Document<'_>,
    store: &str,
    check: &Check,
    refused: Option<String>,
    next: Option<String>,
) -> Vec<(&'static str, String)> {
    let local =
        |at: Timestamp| at.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let linked = match (document.linked, &document.device, document.mode) {
        (_, Some(device), Mode::Ephemeral) => format!("for this command, device {device}"),
        (_, None, Mode::Ephemeral) if document.session.cached => "for this command, by a session".to_owned(),
        (Some(true), Some(device), _) => format!("yes, device {device}"),
        (None, ..) => "unknown".to_owned(),
        _ => "no".to_owned(),
    };
    let mut lines = vec![("Profile", document.profile.to_owned()), ("Linked", linked)];
    if document.pending == Some(true) {
        lines.push(("Pending", "linking was interrupted; run: getcard link".to_owned()));
    }
    if let Some(refused) = refused {
        lines.push(("Refused", refused));
    }
    if let Some(school) = document.school {
        lines.push(("School", school.to_owned()));
    }
    lines.push(("Store", format!("{}, {store}", document.store.kind)));
    if let (Some(linked_at), Some(validated_at), Some(true)) =
        (document.linked_at, document.last_validated_at, document.linked)
    {
        lines.push(("Linked at", local(linked_at)));
        lines.push(("Validated", local(validated_at)));
    }
    if let Some(age) = document.session.age_seconds {
        lines.push(("Session", format!("{age} s old")));
    }
    lines.push(("Service", format!("{} ({})", document.api_url, document.mode.name())));
    match (document.checked, document.valid) {
        (true, Some(true)) => lines.push(("Check", "the credentials work".to_owned())),
        (true, valid) => {
            let what = if valid.is_some() { "the credentials do not work" } else { "unknown" };
            let why = check.failure.as_ref().map_or_else(String::new, |error| format!(": {error}"));
            lines.push(("Check", format!("{what}{why}")));
        }
        (false, _) => {}
    }
    if let Some(patron) = document.patron {
        lines.push(("Patron", patron.to_owned()));
    }
    match document.card {
        Some(CardState::Lost) => {
            lines.push(("Card", "reported lost; when it is found, run: getcard found".to_owned()));
        }
        Some(card) => lines.push(("Card", card.name().to_owned())),
        None => {}
    }
    if let Some(next) = next {
        lines.push(("Next", next));
    }
    lines
}
