//! `getcard store`: changes the file store's passphrase, or moves all profiles to another store.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::app::App;
use crate::commands::known_profiles;
use crate::error::{Cause, Error, Exit, Result};
use crate::journal::record::AuditKind;
use crate::settings::set_store::set_store;
use crate::store::entry_store::on_a_thread;
use crate::store::migrate::migrate;
use crate::store::{Backend, EntryKey, StoreKind};
use crate::terminal::passphrase;

/// The subcommands of `store`.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Change the passphrase of the file store.
    Rekey(RekeyArgs),
    /// Move every profile to another store.
    Migrate(MigrateArgs),
}

/// Arguments of `store rekey`.
#[derive(Debug, Args)]
pub struct RekeyArgs {
    /// Read the new passphrase from the first line of this file instead of asking.
    #[arg(long, value_name = "FILE")]
    pub new_passphrase_file: Option<PathBuf>,
}

/// A persistent store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LastingStore {
    /// The operating system's keychain.
    Keychain,
    /// A file encrypted with a passphrase.
    File,
}

/// Arguments of `store migrate`.
#[derive(Debug, Args)]
pub struct MigrateArgs {
    /// The store to move the profiles to.
    #[arg(long, value_name = "STORE")]
    pub to: LastingStore,
    /// Also set `store` in the configuration file.
    #[arg(long)]
    pub configure: bool,
}

/// The output of `rekey` and `migrate`: the store, and the profiles it contains now.
#[derive(Serialize)]
struct Document {
    store: &'static str,
    profiles: Vec<Profile>,
}

#[derive(Serialize)]
struct Profile {
    profile: String,
    origin: String,
}

impl Document {
    fn new(store: StoreKind, keys: Vec<EntryKey>) -> Self {
        let profiles = keys.into_iter().map(|key| Profile { profile: key.profile, origin: key.origin });
        Self { store: store.name(), profiles: profiles.collect() }
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self.profiles.iter().map(|moved| moved.profile.as_str()).collect();
        names.join(", ")
    }
}

/// Runs `store`.
///
/// # Errors
/// Like the subcommand.
pub async fn run(app: &App, command: &StoreCommand) -> Result<Exit> {
    if app.settings.ephemeral {
        return Err(Error::new(Cause::Ephemeral, "ephemeral mode has no store"));
    }
    match command {
        StoreCommand::Rekey(args) => {
            let result = rekey(app, args).await;
            app.journal().done(AuditKind::Rekey, result.as_ref().map(drop));
            result
        }
        StoreCommand::Migrate(args) => move_all(app, args).await,
    }
}

async fn rekey(app: &App, args: &RekeyArgs) -> Result<Exit> {
    let store = app.file_store().await?;
    let absent = || {
        Error::new(Cause::StoreAbsent, "there is no file store")
            .hint("make one with: getcard store migrate --to file")
    };
    if !store.exists() {
        return Err(absent());
    }
    // Verify the old passphrase before asking for a new one.
    let keys = on_a_thread(&store, Backend::list).await?;
    let new = passphrase::obtain_new(&app.ui, args.new_passphrase_file.as_deref()).await?;
    if !on_a_thread(&store, move |store| store.rekey(&new)).await? {
        return Err(absent());
    }
    if app.ui.json {
        app.ui.document(&Document::new(StoreKind::File, keys))?;
    } else {
        app.ui.result("changed the passphrase of the file store\n")?;
        app.ui.note("change it in GETCARD_PASSPHRASE_FILE or passphrase_command too");
    }
    Ok(Exit::Done)
}

async fn move_all(app: &App, args: &MigrateArgs) -> Result<Exit> {
    let (from, to) = match args.to {
        LastingStore::Keychain => (StoreKind::File, StoreKind::Keychain),
        LastingStore::File => (StoreKind::Keychain, StoreKind::File),
    };
    let source = app.backend(from).await?;
    let keys = on_a_thread(&source, Backend::list).await?;
    let mut migrated = Vec::new();
    if !keys.is_empty() {
        let target = app.backend(to).await?;
        app.prepare_store(to).await?;
        let pairs = keys.into_iter().map(|key| {
            let there = app.entry_store_in(Arc::clone(&target), key.clone())?;
            Ok((app.entry_store_in(Arc::clone(&source), key)?, there))
        });
        migrated = migrate(&pairs.collect::<Result<Vec<_>>>()?).await?;
        for key in &migrated {
            known_profiles::moved(app, key, from, to);
        }
    }
    for key in &migrated {
        app.journal().migrated(&key.profile, &key.origin, to.name());
    }
    let document = Document::new(to, migrated);
    if app.ui.json {
        app.ui.document(&document)?;
    } else if document.profiles.is_empty() {
        app.ui.result(format!("the {} store has no profiles to move\n", from.name()))?;
    } else {
        app.ui.result(format!("moved to the {} store: {}\n", to.name(), document.names()))?;
    }
    match &app.settings.config_path {
        Some(path) if args.configure => {
            set_store(path, to)?;
            app.ui.note(&format!("set store = \"{}\" in {}", to.name(), path.display()));
        }
        _ if app.settings.store.is_some_and(|store| store != to) => app.ui.warn(&format!(
            "the settings still name the {} store; use --store {name}, or set store = \"{name}\" in the configuration file",
            from.name(),
            name = to.name(),
        )),
        _ => {}
    }
    Ok(Exit::Done)
}
