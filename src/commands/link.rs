//! `getcard link`: links a card with a validated URL in any form.

use clap::Args;
use std::path::Path;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::app::App;
use crate::auth::link::{Linking, Resumed};
use crate::auth::qr;
use crate::auth::validated_url::{self, Validated};
use crate::commands::{balance, known_profiles, schools};
use crate::error::{Cause, Error, Exit, Result};
use crate::platform::atomic_file;
use crate::store::StoreKind;
use crate::store::entry::Entry;
use crate::store::lock::LockGuard;
use crate::terminal::prompt;

/// Arguments of `link`.
#[derive(Debug, Args)]
pub struct LinkArgs {
    /// The validated URL, or the session id in it; leave it out or use `-` to read it from standard input, where
    /// other users of this machine cannot see it.
    #[arg(value_name = "VALIDATED", conflicts_with = "qr")]
    pub validated: Option<String>,
    /// Read it from an image of a QR code (PNG, JPEG, WebP); `-` is standard input.
    #[arg(long, value_name = "IMAGE")]
    pub qr: Option<PathBuf>,
    /// Link again even if a card is linked, then revoke the old device.
    #[arg(long)]
    pub replace: bool,
}

/// The maximum size of an image file, in bytes.
const MAX_IMAGE_SIZE: u64 = 64 << 20;

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    linked: bool,
    resumed: bool,
    device: String,
    school: Option<&'a str>,
    store: &'static str,
    #[serde(serialize_with = "crate::model::time::serialize")]
    linked_at: Timestamp,
}

/// Runs `link`.
///
/// # Errors
/// Like [`link_card`], or if the validated URL cannot be read.
pub async fn run(app: &App, args: &LinkArgs) -> Result<Exit> {
    if args.validated.as_deref().is_some_and(|text| text != "-") {
        app.ui.warn("other users of this machine can see the arguments of a command; pass the validated URL on standard input: getcard link -");
    }
    link_card(app, args.replace, async || match (&args.qr, args.validated.as_deref()) {
        (Some(image), _) => validated_url::parse(&read_qr(image)?),
        (None, Some(text)) if text != "-" => validated_url::parse(text),
        (None, Some(_)) => validated_url::parse(&prompt::stdin_text()?),
        (None, None) => validated_url::parse(&prompt::secret(&app.ui, "Validated URL").await?),
    })
    .await
}

/// Reads the QR code in an image file; `-` is standard input.
///
/// # Errors
/// `validation_error` if there is no such file, or no code in it.
pub fn read_qr(image: &Path) -> Result<Zeroizing<String>> {
    if image == Path::new("-") {
        return qr::read(&prompt::stdin_bytes(MAX_IMAGE_SIZE)?);
    }
    let unreadable = |error: std::io::Error| {
        Error::new(Cause::BadImage, format!("cannot read {}: {error}", image.display()))
    };
    qr::read(&atomic_file::read_regular(image, MAX_IMAGE_SIZE).map_err(unreadable)?)
}

/// Finishes a pending link, or makes a new one with the result of `obtain`, which is only called if needed.
///
/// # Errors
/// `validation_error` if a card is already linked and `replace` is not set; otherwise the error of a step.
pub async fn link_card(
    app: &App,
    replace: bool,
    obtain: impl AsyncFnOnce() -> Result<Validated>,
) -> Result<Exit> {
    match steps(app, replace, obtain).await {
        Ok(Linked { entry, resumed }) => {
            report(app, &entry, resumed)?;
            if !app.ui.json {
                welcome(app, &entry).await?;
            }
            Ok(Exit::Done)
        }
        Err(error) => {
            app.journal().linked(Err(&error));
            Err(error)
        }
    }
}

/// The result of linking.
struct Linked {
    entry: Entry,
    /// Whether an interrupted link was finished.
    resumed: bool,
}

async fn steps(app: &App, replace: bool, obtain: impl AsyncFnOnce() -> Result<Validated>) -> Result<Linked> {
    let linking = app.linking().await?;
    let entry_store = linking.entry_store;
    if entry_store.kind() == StoreKind::Memory {
        return Err(Error::new(
            Cause::MemoryStore,
            "a device in the memory store would be forgotten with this process, but stay active at the service",
        )
        .hint("link with --store keychain or --store file, or use --ephemeral without linking"));
    }
    app.prepare_store(entry_store.kind()).await?;
    let mut entry = entry_store.load().await?;
    if entry.pending.is_some() || !entry.to_revoke.is_empty() || !entry.duplicates.is_empty() {
        let held = entry_store.lock().await?;
        entry = entry_store.load().await?;
        if finish(app, &linking, &held, &mut entry).await? {
            return Ok(Linked { entry, resumed: true });
        }
    }
    refuse_linked(app, &entry, replace)?;
    app.ui.note(
        "Linking gives getcard full access to the card until it is unlinked; the phone app may have to sign in again.",
    );
    let validated = obtain().await?;

    let held = entry_store.lock().await?;
    // Another process may have linked during the prompt.
    let mut entry = entry_store.load().await?;
    if finish(app, &linking, &held, &mut entry).await? {
        return Ok(Linked { entry, resumed: true });
    }
    refuse_linked(app, &entry, replace)?;
    let school = validated.school.clone().or_else(|| app.settings.file.school.clone());
    let linked = linking.link(&held, &mut entry, &validated, school).await;
    known_profiles::update(app, entry_store, &entry);
    linked?;
    revoke_replaced(app, &linking, &held, &mut entry).await?;
    Ok(Linked { entry, resumed: false })
}

/// Completes what an earlier run left unfinished; returns whether a pending device was linked.
async fn finish(app: &App, linking: &Linking<'_>, held: &LockGuard, entry: &mut Entry) -> Result<bool> {
    let resumed = linking.resume(held, entry).await?;
    if let Resumed::Dead = resumed {
        app.ui.note("the service does not know the pending device, so it was forgotten");
    }
    revoke_replaced(app, linking, held, entry).await?;
    known_profiles::update(app, linking.entry_store, entry);
    Ok(matches!(resumed, Resumed::Linked))
}

/// Revokes replaced devices, and warns about those that cannot be revoked yet.
///
/// # Errors
/// If the store fails.
pub async fn revoke_replaced(
    app: &App,
    linking: &Linking<'_>,
    held: &LockGuard,
    entry: &mut Entry,
) -> Result<()> {
    if let Some(error) = linking.revoke_replaced(held, entry).await? {
        app.ui.warn(&format!(
            "the replaced device could not be revoked yet: {error}; try again with: getcard status --check"
        ));
    }
    Ok(())
}

fn refuse_linked(app: &App, entry: &Entry, replace: bool) -> Result<()> {
    if let Some(other) = known_profiles::in_other_store(app).filter(|_| entry.is_empty()) {
        let store = other.store.name();
        return Err(Error::new(
            Cause::AlreadyLinked,
            format!("this profile is already linked, in the {store} store"),
        )
        .hint(format!("to use it, add --store {store} to the command, or to revoke it first, run: getcard unlink --store {store}")));
    }
    match &entry.link {
        Some(link) if !replace => Err(Error::new(
            Cause::AlreadyLinked,
            format!("this profile is already linked, as device {}", link.device.id.masked()),
        )
        .hint("to link again and revoke that device, run: getcard login --replace")),
        _ => Ok(()),
    }
}

fn report(app: &App, entry: &Entry, resumed: bool) -> Result<()> {
    let Some(link) = &entry.link else { return Err(Error::not_linked()) };
    let document = Document {
        profile: &app.settings.profile,
        linked: true,
        resumed,
        device: link.device.id.masked(),
        school: link.school.as_deref(),
        store: app.store_kind().name(),
        linked_at: link.linked_at,
    };
    app.journal().linked(Ok(&document.device));
    if app.ui.json {
        return app.ui.document(&document);
    }
    let how = if resumed { "finished linking" } else { "linked" };
    let school = document.school.map_or_else(String::new, |school| format!(" at {school}"));
    app.ui.result(format!("{how}{school} as device {}, kept in the {}\n", document.device, document.store))
}

/// Shows the balances of the new link and what to do next; a failure does not affect the link.
async fn welcome(app: &App, entry: &Entry) -> Result<()> {
    // No retries: the user did not ask for this.
    let client = app.command_client(0)?;
    let session = app.session().await?;
    match session.call(async |session| client.accounts(session).await).await {
        Ok(reply) => {
            let usable: Vec<_> = reply.accounts.into_iter().filter(|account| account.usable).collect();
            app.ui.result(balance::table(&usable, false, app.ui.table()))?;
            if let Some(school) = entry.link.as_ref().and_then(|link| link.school.as_deref()) {
                schools::learn_name(app, &client, school).await;
            }
        }
        Err(error) => app.ui.warn(&format!("cannot read the balances: {error}")),
    }
    app.ui.note("show the barcode with: getcard barcode");
    Ok(())
}
