//! `getcard unlink`: revokes the device at the service, then deletes it here, never the other way around.

use clap::Args;
use serde::Serialize;

use crate::app::App;
use crate::auth::link::{Linking, Resumed};
use crate::auth::revoke::Confirmation;
use crate::cache::account_names::AccountNames;
use crate::commands::{known_profiles, purge};
use crate::error::{Cause, Error, Exit, Result};
use crate::secret::DeviceId;
use crate::store::entry::Entry;
use crate::store::lock::LockGuard;
use crate::terminal::prompt;

/// Arguments of `unlink`.
#[derive(Debug, Args)]
pub struct UnlinkArgs {
    /// Do not ask for confirmation.
    #[arg(long, short)]
    pub yes: bool,
    /// Forget the device here without revoking it at the service.
    #[arg(long)]
    pub local: bool,
    /// Also remove the journal, cached lists, and lock files if no profile is left.
    #[arg(long)]
    pub purge: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    remote_revoked: bool,
    local_removed: bool,
}

/// Runs `unlink`.
///
/// # Errors
/// If the device is not confirmed dead at the service; nothing is removed then. `validation_error` if
/// confirmation is needed and prompting is not possible.
pub async fn run(app: &App, args: &UnlinkArgs) -> Result<Exit> {
    if app.settings.ephemeral {
        return Err(Error::new(Cause::Ephemeral, "ephemeral mode has no link to remove"));
    }
    if !args.yes {
        let entry = if args.local { app.entry().await.unwrap_or_default() } else { linked(app).await? };
        if !confirmed(app, &entry, args.local).await? {
            app.ui.note("nothing was changed");
            return Ok(Exit::Done);
        }
    }
    let mut device = None;
    let result = forget(app, args.local, &mut device).await;
    app.journal().unlinked(device.as_deref(), result.as_ref().copied());
    let remote_revoked = result?;
    if args.local {
        app.ui.warn("the device stays active at the service until it is revoked there");
    }
    let document = Document { profile: &app.settings.profile, remote_revoked, local_removed: true };
    if app.ui.json {
        app.ui.document(&document)?;
    } else {
        let revoked = if remote_revoked { "revoked at the service and " } else { "" };
        app.ui.result(format!("{revoked}forgotten here\n"))?;
    }
    if args.purge {
        purge::run(app).await?;
    }
    Ok(Exit::Done)
}

/// Loads the entry to unlink.
async fn linked(app: &App) -> Result<Entry> {
    let entry = app.entry().await?;
    if entry.is_empty() {
        return Err(nothing_linked(app).await?);
    }
    Ok(entry)
}

/// The error if there is nothing to unlink. Unlike others, it does not suggest signing in.
async fn nothing_linked(app: &App) -> Result<Error> {
    known_profiles::update(app, app.entry_store().await?, &Entry::default());
    let profile = &app.settings.profile;
    let error =
        Error::new(Cause::NotLinked, format!("profile {profile} is not linked: there is nothing to unlink"));
    Ok(match known_profiles::elsewhere(app) {
        Some(hint) => error.hint(hint),
        None => error,
    })
}

/// Revokes the devices, unless `local`, and deletes the entry. Returns whether the linked device was revoked
/// now; `device` is set to its masked id for the journal.
async fn forget(app: &App, local: bool, device: &mut Option<String>) -> Result<bool> {
    let linking = app.linking().await?;
    let held = linking.entry_store.lock().await?;
    let stored = linking.entry_store.load().await;
    // An unreadable entry can still be deleted.
    *device = stored.as_ref().ok().and_then(|entry| entry.devices().next()).map(DeviceId::masked);
    let remote_revoked = if local {
        false
    } else {
        let mut entry = stored?;
        if entry.is_empty() {
            return Err(nothing_linked(app).await?);
        }
        let revoked = revoke(app, &linking, &held, &mut entry).await;
        known_profiles::update(app, linking.entry_store, &entry);
        revoked.map_err(keep)?
    };
    linking.entry_store.delete(&held).await?;
    known_profiles::update(app, linking.entry_store, &Entry::default());
    app.remember(AccountNames::forget_accounts);
    Ok(remote_revoked)
}

async fn confirmed(app: &App, entry: &Entry, local: bool) -> Result<bool> {
    if !app.ui.can_ask() {
        return Err(Error::new(
            Cause::NoInput,
            "unlinking needs confirmation, and getcard cannot prompt here",
        )
        .hint("run: getcard unlink --yes"));
    }
    let device = entry
        .devices()
        .next()
        .map_or_else(|| "the device".to_owned(), |device| format!("device {}", device.masked()));
    let school = entry.link.as_ref().and_then(|link| link.school.as_ref());
    let school = school.map_or_else(String::new, |school| format!(" at {school}"));
    let what = format!("{device}{school} of profile {}", app.settings.profile);
    prompt::confirm(&if local {
        format!("Forget {what} here, although it stays active at the service?")
    } else {
        format!("Revoke {what} and forget it?")
    })
    .await
}

/// Revokes all devices of the entry at the service; returns false if the linked one was already dead.
async fn revoke(app: &App, linking: &Linking<'_>, held: &LockGuard, entry: &mut Entry) -> Result<bool> {
    // If a pending device works, it becomes the link, and the one it replaces is revoked too.
    let resumed = linking.resume(held, entry).await?;
    if let Some(error) = linking.revoke_replaced(held, entry).await? {
        return Err(error);
    }
    // Last, because devices without a stored PIN are revoked in its session.
    let death = linking.revoke_link(held, entry).await?;
    let dead = death == Some(Confirmation::Unknown) || death.is_none() && matches!(resumed, Resumed::Dead);
    if dead {
        app.ui.note("the credentials are already invalid at the service");
    }
    Ok(!dead)
}

/// Adds to the hint of an error that nothing was removed.
fn keep(error: Error) -> Error {
    error.edit(|report| {
        let again = report.hint.take().unwrap_or_else(|| "try again".into());
        report.hint = Some(
            format!(
                "nothing was removed; {again}, or to forget the device here only, run: getcard unlink --local"
            )
            .into(),
        );
    })
}
