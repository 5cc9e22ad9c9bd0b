//! `getcard` alone: how things stand, and the command that is useful next.

use std::fmt::Write as _;

use serde::Serialize;

use crate::app::App;
use crate::error::{Error, Exit, Result};
use crate::model::text::clean;
use crate::output::prose::wrapped;
use crate::store::entry::Entry;

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    /// `None` where the store does not say.
    linked: Option<bool>,
    pending: Option<bool>,
    next: &'static str,
}

/// Shows it; nothing here is a failure, the commands that it names say what is wrong.
///
/// # Errors
/// When the output has gone.
pub async fn run(app: &App) -> Result<Exit> {
    let loaded = match app.entry_store().await {
        Ok(entry_store) => entry_store.load().await.map_err(Error::from),
        Err(error) => Err(error),
    };
    let (state, next) = match &loaded {
        Err(error) => (format!("The credentials cannot be read: {error}."), "getcard doctor"),
        Ok(entry) => state(app, entry),
    };
    if app.ui.json {
        let entry = loaded.ok();
        app.ui.document(&Document {
            profile: &app.settings.profile,
            linked: entry.as_ref().map(|entry| entry.link.is_some()),
            pending: entry.as_ref().map(|entry| entry.pending.is_some()),
            next,
        })?;
        return Ok(Exit::Done);
    }
    let others = [
        ("getcard barcode", "the code to scan at the till"),
        ("getcard balance", "what is left on the accounts"),
        ("getcard history", "what was spent and deposited"),
        ("getcard doctor", "check everything"),
        ("getcard help", "all commands"),
    ];
    let width = app.ui.width().map_or(usize::MAX, usize::from);
    let mut text = format!("{}\n\nNext: {next}\n\n", wrapped(&clean(&state), 0, width).join("\n"));
    for (command, does) in others {
        // Writing to a string does not fail.
        let _ = writeln!(text, "  {command:<17} {does}");
    }
    app.ui.result(text)?;
    Ok(Exit::Done)
}

fn state(app: &App, entry: &Entry) -> (String, &'static str) {
    if entry.pending.is_some() {
        return ("A new device waits to be finished.".to_owned(), "getcard link");
    }
    let Some(link) = &entry.link else {
        return match &entry.session {
            Some(_) => ("A session for this command only.".to_owned(), "getcard barcode"),
            None => (
                "No card is linked; getcard demo shows how it looks without one.".to_owned(),
                "getcard login",
            ),
        };
    };
    let school = link.school.as_ref().map_or_else(String::new, |school| format!(" at {school}"));
    let profile = match app.settings.profile.as_str() {
        "default" => String::new(),
        name => format!(", profile {name}"),
    };
    (format!("Linked as device {}{school}{profile}.", link.device.id.masked()), "getcard barcode")
}
