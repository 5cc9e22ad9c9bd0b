//! `getcard unlink`: the device revoked at the service, then forgotten here; never the other way round.

use clap::Args;
use serde::Serialize;

use crate::app::App;
use crate::auth::link::Resumed;
use crate::cache::account_names::AccountNames;
use crate::error::{Category, Cause, Error, Exit, Result};
use crate::store::lock::LockGuard;
use crate::terminal::prompt;

/// Arguments of `unlink`.
#[derive(Debug, Args)]
pub struct UnlinkArgs {
    /// Do not ask.
    #[arg(long, short)]
    pub yes: bool,
    /// Forget the device here without revoking it at the service.
    #[arg(long)]
    pub local: bool,
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
/// `transient_upstream_error` when the service cannot be reached: nothing is removed then. `validation_error`
/// when nobody can be asked and `--yes` is missing.
pub async fn run(app: &App, args: &UnlinkArgs) -> Result<Exit> {
    if app.settings.ephemeral {
        return Err(Error::new(Cause::Ephemeral, "ephemeral mode keeps no link that could be removed"));
    }
    let entry_store = app.entry_store().await?;
    // What cannot be read can be forgotten all the same.
    let device = match entry_store.load().await {
        Ok(entry) if !args.local && entry.is_empty() => return Err(Error::not_linked()),
        Err(error) if !args.local => return Err(error.into()),
        entry => entry.ok().and_then(|entry| entry.link).map(|link| link.device.id.masked()),
    };
    if !args.yes && !agreed(app, args.local).await? {
        app.ui.note("nothing was changed");
        return Ok(Exit::Done);
    }
    let result = forget(app, args.local).await;
    app.journal().unlinked(device.as_deref(), result.as_ref().copied());
    let remote_revoked = result?;
    if args.local {
        app.ui.warn("the device stays alive at the service until it is revoked there");
    }
    let document = Document { profile: &app.settings.profile, remote_revoked, local_removed: true };
    if app.ui.json {
        app.ui.document(&document)?;
    } else {
        let revoked = if remote_revoked { "revoked at the service and " } else { "" };
        app.ui.result(format!("{revoked}forgotten here\n"))?;
    }
    Ok(Exit::Done)
}

/// Revokes what there is, unless `local`, and forgets it; gives whether the device was revoked now.
async fn forget(app: &App, local: bool) -> Result<bool> {
    let entry_store = app.entry_store().await?;
    let held = entry_store.lock().await?;
    let remote_revoked = !local && revoke(app, &held).await?;
    entry_store.delete(&held).await?;
    app.remember(AccountNames::forget_accounts);
    Ok(remote_revoked)
}

async fn agreed(app: &App, local: bool) -> Result<bool> {
    if !app.ui.can_ask() {
        return Err(Error::new(Cause::NoInput, "unlinking asks first, and there is nobody to ask")
            .hint("run: getcard unlink --yes"));
    }
    let question = if local {
        "Forget this device here, although it stays alive at the service?"
    } else {
        "Revoke this device and forget it?"
    };
    prompt::confirm(question).await
}

/// Revokes every device of the entry at the service; false when the linked one is invalid there already.
async fn revoke(app: &App, held: &LockGuard) -> Result<bool> {
    let linking = app.linking().await?;
    let mut entry = linking.entry_store.load().await?;
    // A pending device that works becomes the link, and what it replaces is revoked with it.
    let resumed = linking.resume(held, &mut entry).await.map_err(keep)?;
    let Some(link) = entry.link else {
        return match resumed {
            Resumed::Dead => Ok(invalid_there(app)),
            _ => Err(Error::not_linked()),
        };
    };
    if linking.revoke_replaced(held).await? > 0 {
        return Err(keep(Error::new(
            Cause::NotRevoked,
            "a device that was replaced earlier cannot be revoked",
        )));
    }
    // Last of all: with it goes the right to revoke the others.
    match linking.revoke(held, &link.device.id).await {
        Err(error) if error.cause().is_some_and(Cause::is_refusal) => Ok(invalid_there(app)),
        result => result.map(|()| true).map_err(keep),
    }
}

fn invalid_there(app: &App) -> bool {
    app.ui.note("the credentials are already invalid at the service");
    false
}

/// The failure for which nothing is removed.
fn keep(error: Error) -> Error {
    match error.category() {
        Some(Category::TransientUpstream) => {
            error.hint("to forget the device here only, run: getcard unlink --local")
        }
        _ => error,
    }
}
