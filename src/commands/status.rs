//! `getcard status`: what is linked, where it is kept, and with `--check` whether it works.

use clap::Args;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Serialize;

use crate::app::App;
use crate::auth::link::Resumed;
use crate::auth::session;
use crate::commands::link;
use crate::error::{Category, Cause, Error, Exit, Result};
use crate::get::failure::CallError;
use crate::model::text::clean;
use crate::settings::endpoint::Mode;
use crate::store::entry::Entry;

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
    /// `None` where the store does not say.
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
    api_url: &'a str,
    checked: bool,
    valid: Option<bool>,
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

/// What asking the service came to.
#[derive(Default)]
pub struct Check {
    /// Whether it was asked.
    pub checked: bool,
    /// What it says of the credentials; `None` where it did not say.
    pub valid: Option<bool>,
    /// Why not.
    pub failure: Option<Error>,
}

/// Runs `status`.
///
/// # Errors
/// When the store cannot be opened or does not answer; that is shown in the document too.
pub async fn run(app: &App, args: &StatusArgs) -> Result<Exit> {
    let ephemeral = app.settings.ephemeral;
    let entry_store = match app.entry_store().await {
        // Without credentials ephemeral mode has still a state to show.
        Err(error) if ephemeral && error.category() == Some(Category::Authentication) => {
            show(app, Some(&Entry::default()), &Check::default())?;
            return Ok(if args.check { error.exit() } else { Exit::Done });
        }
        Err(error) if !ephemeral && error.category().is_some() => {
            show(app, None, &Check::default())?;
            return Err(error);
        }
        entry_store => entry_store?,
    };
    let mut entry = match entry_store.load().await {
        Ok(entry) => entry,
        Err(error) => {
            show(app, None, &Check::default())?;
            return Err(error.into());
        }
    };
    if entry.pending.is_some() {
        entry = resume(app).await?;
    }
    let check = if args.check { check(app, &mut entry).await? } else { Check::default() };
    show(app, Some(&entry), &check)?;
    if let Some(category) = check.failure.as_ref().and_then(Error::category) {
        return Ok(Exit::Failed(category));
    }
    Ok(if entry.link.is_some() || ephemeral { Exit::Done } else { Exit::Failed(Category::Authentication) })
}

/// Finishes or forgets a pending link; a service that does not answer leaves it pending.
async fn resume(app: &App) -> Result<Entry> {
    let linking = app.linking().await?;
    let held = linking.entry_store.lock().await?;
    let mut entry = linking.entry_store.load().await?;
    match linking.resume(&held, &mut entry).await {
        Ok(Resumed::Linked) => {
            app.ui.note("the pending device works: linking is finished");
            if let Some(link) = &entry.link {
                app.journal().linked(Ok(&link.device.id.masked()));
            }
            link::revoke_replaced(app, &held).await?;
        }
        Ok(Resumed::Dead) => app.ui.note("the service does not know the pending device: it is forgotten"),
        Ok(Resumed::Nothing) => {}
        Err(error) => app.ui.warn(&format!("the pending device could not be checked: {error}")),
    }
    Ok(entry)
}

/// Asks the service: a sign-in, then a change of the PIN to itself. A session alone is proved by a call.
///
/// # Errors
/// When the store fails; what the service says is no error here.
pub async fn check(app: &App, entry: &mut Entry) -> Result<Check> {
    let client = app.client()?;
    let entry_store = app.entry_store().await?;
    let outcome = if entry.link.is_some() {
        let held = entry_store.lock().await?;
        *entry = entry_store.load().await?;
        let result = match session::sign_in(client, entry_store, &*app.clock, &held, entry.clone()).await {
            Ok(session) => {
                *entry = entry_store.load().await?;
                let device =
                    entry.link.as_ref().map(|link| link.device.clone()).ok_or_else(Error::not_linked)?;
                let verified = client.verify_pin(&session, &device).await.map_err(refused_device);
                link::revoke_replaced(app, &held).await?;
                verified
            }
            Err(error) => Err(error),
        };
        *entry = entry_store.load().await?;
        result
    } else if entry.session.is_some() {
        app.session().await?.call(async |session| client.user(session).await).await.map(drop)
    } else {
        return Ok(Check::default());
    };
    Ok(match outcome {
        Ok(()) => Check { checked: true, valid: Some(true), failure: None },
        Err(error) => Check {
            checked: true,
            valid: error.cause().is_some_and(Cause::is_refusal).then_some(false),
            failure: Some(error),
        },
    })
}

/// An exception to a change of the PIN is a verdict on the device, whatever its code.
fn refused_device(error: CallError) -> Error {
    let verdict = error.is_verdict();
    Error::from(error).edit(|report| {
        if verdict {
            let code = report.cause.exception_code().map(ToOwned::to_owned);
            report.cause = Cause::SignInRefused { code, unknown_device: false };
        }
    })
}

/// Shows what the store holds, or without an entry that it does not say.
fn show(app: &App, entry: Option<&Entry>, check: &Check) -> Result<()> {
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
        api_url: app.settings.endpoint.url().as_str(),
        checked: check.checked,
        valid: check.valid,
    };
    if app.ui.json {
        return app.ui.document(&document);
    }
    app.ui.result(text(&document, check))
}

fn text(document: &Document<'_>, check: &Check) -> String {
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
        lines.push(("Pending", "a device waits to be finished; run: getcard link".to_owned()));
    }
    if let Some(school) = document.school {
        lines.push(("School", school.to_owned()));
    }
    let answers = if document.store.available { "answers" } else { "does not answer" };
    lines.push(("Store", format!("{}, {answers}", document.store.kind)));
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
    let hint = match &check.failure {
        Some(Error::Failed(report)) => report.hint.as_deref(),
        _ if document.mode == Mode::Ephemeral => None,
        _ if (document.linked, document.pending) == (Some(false), Some(false)) => Some("run: getcard login"),
        _ => None,
    };
    if let Some(hint) = hint {
        lines.push(("Next", hint.to_owned()));
    }
    let mut text = String::new();
    for (label, value) in lines {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{label:<10} {}", clean(&value));
    }
    text
}
