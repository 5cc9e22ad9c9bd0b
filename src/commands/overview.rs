//! `getcard` without a command: shows the current state and suggests the next command.

use std::fmt::Write as _;

use serde::Serialize;

use crate::app::App;
use crate::auth::throttle;
use crate::commands::known_profiles;
use crate::error::{Cause, Exit, Result};
use crate::model::text::clean;
use crate::output::prose::wrapped;
use crate::store::StoreKind;
use crate::store::entry::{Entry, SignInRefusals};

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    /// `None` if the store cannot be read.
    linked: Option<bool>,
    pending: Option<bool>,
    refusals: Option<SignInRefusals>,
    next: &'a str,
}

/// Shows the overview. Nothing here is a failure; the suggested commands report what is wrong.
///
/// # Errors
/// If the output is closed.
pub async fn run(app: &App) -> Result<Exit> {
    let loaded = app.entry().await;
    if let (Ok(entry), Ok(entry_store)) = (&loaded, app.entry_store().await) {
        known_profiles::update(app, entry_store, entry);
    }
    let (state, next) = match &loaded {
        Err(error) if error.cause() == Some(&Cause::StoreAbsent) && known_profiles::is_first_run(app) => (
            "No card is linked, and this session has no keychain. Credentials can be kept in an encrypted file instead. getcard demo shows everything without an account.".to_owned(),
            "getcard login --store file",
        ),
        Err(error) => (format!("The credentials cannot be read: {error}."), "getcard doctor"),
        Ok(entry) => state(app, entry),
    };
    let (state, next) = (app.ui.suggestion(&state), app.ui.suggestion(next));
    if app.ui.json {
        let entry = loaded.ok();
        app.ui.document(&Document {
            profile: &app.settings.profile,
            linked: entry.as_ref().map(|entry| entry.link.is_some()),
            pending: entry.as_ref().map(|entry| entry.pending.is_some()),
            refusals: entry.as_ref().and_then(|entry| entry.refusals),
            next: &next,
        })?;
        return Ok(Exit::Done);
    }
    let others = [
        ("getcard barcode", "the code to scan at the register"),
        ("getcard balance", "what is left on your accounts"),
        ("getcard history", "what was spent and deposited"),
        ("getcard doctor", "check everything"),
        ("getcard help", "all commands"),
    ]
    .map(|(command, does)| (app.ui.suggestion(command), does));
    let column = others.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    let width = app.ui.width().map_or(usize::MAX, usize::from);
    let mut text = format!("{}\n\nNext: {next}\n\n", wrapped(&clean(&state), 0, width).join("\n"));
    for (command, does) in others {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {command:<column$}   {does}");
    }
    app.ui.result(text)?;
    Ok(Exit::Done)
}

fn state(app: &App, entry: &Entry) -> (String, &'static str) {
    if entry.pending.is_some() {
        return ("Linking was interrupted.".to_owned(), "getcard link");
    }
    let Some(link) = &entry.link else {
        return match &entry.session {
            Some(_) => ("A session for this command only.".to_owned(), "getcard barcode"),
            None => unlinked(app),
        };
    };
    let school = link.school.as_ref().map_or_else(String::new, |school| format!(" at {school}"));
    let profile = match app.settings.profile.as_str() {
        "default" => String::new(),
        name => format!(", profile {name}"),
    };
    let linked = format!("Linked as device {}{school}{profile}", link.device.id.masked());
    match throttle::refusal_message(entry) {
        Some(refused) => (format!("{linked}, but {refused}."), "getcard login --replace"),
        None => (format!("{linked}."), "getcard barcode"),
    }
}

/// The message if this store has no link, and the next command: a link elsewhere, or signing in.
fn unlinked(app: &App) -> (String, &'static str) {
    let none = match app.settings.profile.as_str() {
        "default" => "No card is linked".to_owned(),
        name => format!("No card is linked in profile {name}"),
    };
    let next = match known_profiles::in_other_store(app).map(|other| other.store) {
        Some(StoreKind::File) => "getcard status --store file",
        Some(StoreKind::Keychain) => "getcard status --store keychain",
        _ => "getcard login",
    };
    match known_profiles::elsewhere(app) {
        Some(elsewhere) => (format!("{none} here; {elsewhere}."), next),
        None => (format!("{none}; getcard demo shows everything without an account."), next),
    }
}
