//! The cached profiles, and hints about links that are not in this run's store.

use crate::app::App;
use crate::cache::profiles::{Profile, Profiles};
use crate::error::{Cause, Error};
use crate::platform::paths::Paths;
use crate::store::entry::Entry;
use crate::store::entry_store::EntryStore;
use crate::store::file::FileStore;
use crate::store::{EntryKey, StoreKind};

/// The hint if nothing is linked.
const LOGIN: &str = "run: getcard login";

/// Caches the profile of this run's store; never in ephemeral mode.
pub fn update(app: &App, entry_store: &EntryStore, entry: &Entry) {
    let Some(profiles) = profiles(app) else { return };
    if let Err(error) = profiles.update(entry_store.key(), entry_store.kind(), entry) {
        tracing::debug!(target: "getcard::cache::profiles", %error, "the profile is not remembered");
    }
}

/// Records in the cache that a profile was moved to another store.
pub fn moved(app: &App, key: &EntryKey, from: StoreKind, to: StoreKind) {
    let Some(profiles) = profiles(app) else { return };
    if let Err(error) = profiles.moved(key, from, to) {
        tracing::debug!(target: "getcard::cache::profiles", %error, "the move is not remembered");
    }
}

/// All cached profiles, sorted by name; none in ephemeral mode.
#[must_use]
pub fn list(app: &App) -> Vec<Profile> {
    profiles(app).map(|profiles| profiles.list()).unwrap_or_default()
}

/// This profile's link in the other store, if any.
#[must_use]
pub fn in_other_store(app: &App) -> Option<Profile> {
    list(app).into_iter().find(|known| is_named(app, known) && known.store != app.store_kind())
}

/// Describes where else there is a link that the user may mean; `None` if there is none.
#[must_use]
pub fn elsewhere(app: &App) -> Option<String> {
    let all = list(app);
    if let Some(other) = in_other_store(app) {
        let store = other.store.name();
        return Some(format!(
            "this profile is linked in the {store} store; add --store {store} to the command, or set store = \"{store}\" in the configuration file"
        ));
    }
    let origin = app.settings.endpoint.origin();
    let here = all.iter().filter(|known| known.origin == origin && known.name != app.settings.profile);
    let mut names: Vec<&str> = here.map(|known| known.name.as_str()).collect();
    names.dedup();
    if !names.is_empty() {
        return Some(format!("the linked profiles are: {}; choose one with --profile", names.join(", ")));
    }
    let has_file = |paths: Paths| FileStore::new(paths.data_dir()).exists();
    let is_known = all.iter().any(|known| known.store == StoreKind::File);
    if app.store_kind() == StoreKind::Keychain && !is_known && Paths::of_user().is_ok_and(has_file) {
        return Some("check the file store with: getcard status --store file".to_owned());
    }
    None
}

/// The hint if nothing is linked in the store of this run.
#[must_use]
pub fn next_step(app: &App) -> String {
    let login = match app.settings.profile.as_str() {
        "default" => LOGIN.to_owned(),
        profile => format!("{LOGIN} --profile {profile}"),
    };
    // If the link is in the other store, do not suggest creating a second device.
    match elsewhere(app) {
        Some(elsewhere) if in_other_store(app).is_some() => elsewhere,
        Some(elsewhere) => format!("{elsewhere}, or {login}"),
        None => login,
    }
}

/// Adds hints about other profiles to an error that says that nothing is linked.
#[must_use]
pub fn explain(app: &App, error: Error) -> Error {
    match error.cause() {
        // A pending link and ephemeral mode have their own hints.
        Some(Cause::NotLinked) if error == Error::not_linked() => error.hint(next_step(app)),
        Some(Cause::StoreAbsent) if is_first_run(app) => error
            .edit(|report| report.message = format!("no card is linked, and {}", report.message))
            .hint(FIRST_RUN),
        _ => error,
    }
}

/// The hint for a user without a link and without a keychain.
pub const FIRST_RUN: &str = "to keep the credentials in an encrypted file, run: getcard login --store file, or to look around first: getcard demo";

/// Returns whether there is no trace of a link.
#[must_use]
pub fn is_first_run(app: &App) -> bool {
    !app.settings.ephemeral && app.store_kind() == StoreKind::Keychain && list(app).is_empty()
}

fn profiles(app: &App) -> Option<Profiles> {
    let paths = Paths::of_user().ok().filter(|_| !app.settings.ephemeral)?;
    Some(Profiles::within(paths.cache_dir()))
}

fn is_named(app: &App, known: &Profile) -> bool {
    known.name == app.settings.profile && known.origin == app.settings.endpoint.origin()
}
