//! `unlink --purge`: removes this user's journal, cache and lock files once no profile is left.

use std::fs;
use std::io;
use std::path::Path;

use crate::app::App;
use crate::commands::known_profiles;
use crate::error::{Cause, Error, Result};
use crate::platform::lock;
use crate::platform::paths::Paths;
use crate::store::entry_store::on_a_thread;
use crate::store::file::FileStore;
use crate::store::{Backend, StoreKind};

/// Removes everything that getcard has stored except the configuration, unless a profile is left.
///
/// # Errors
/// If the store cannot list its profiles, or a file cannot be removed.
pub async fn run(app: &App) -> Result<()> {
    let mut left: Vec<String> = known_profiles::list(app).into_iter().map(|known| known.name).collect();
    let backend = app.backend(app.store_kind()).await?;
    left.extend(on_a_thread(&backend, Backend::list).await?.into_iter().map(|key| key.profile));
    left.sort();
    left.dedup();
    let paths = Paths::of_user()?;
    if app.store_kind() != StoreKind::File && FileStore::new(paths.data_dir()).exists() {
        left.push("those in the file store".to_owned());
    }
    if !left.is_empty() {
        app.ui.note(&format!("nothing was purged, because other profiles exist: {}", left.join(", ")));
        return Ok(());
    }
    let config = paths.config_file();
    let (cache, state) = (paths.cache_dir(), paths.state_dir());
    // Some platforms keep the state next to the configuration and the user's own files.
    let is_shared = config.parent() == Some(state) || paths.data_dir() == state;
    let is_ours = |name: &str| {
        !is_shared
            || name.starts_with("journal.")
            || is_lock(name)
            || Path::new(name).extension().is_some_and(|extension| extension == "mark")
    };
    let data = paths.data_dir();
    if !FileStore::new(data).exists() && data.exists() {
        remove_in(data, is_lock).map_err(|error| unremoved(data, &error))?;
    }
    let removed = remove_in(cache, |_| true).map_err(|error| unremoved(cache, &error));
    removed.and(remove_in(state, is_ours).map_err(|error| unremoved(state, &error)))?;
    app.ui.note("removed the journal, the cached lists, and the lock files");
    Ok(())
}

fn unremoved(dir: &Path, error: &io::Error) -> Error {
    Error::new(Cause::Output, format!("cannot remove the files in {}: {error}", dir.display()))
}

fn is_lock(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "lock")
}

/// Removes the entries of a directory whose names match, and the directory if that leaves it empty.
fn remove_in(dir: &Path, matches: impl Fn(&str) -> bool) -> io::Result<()> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut is_empty = true;
    for entry in entries {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(&matches) {
            is_empty = false;
        } else if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if entry.file_type()?.is_file() && entry.file_name().to_str().is_some_and(is_lock) {
            is_empty &= lock::remove_free(&entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    match fs::remove_dir(dir) {
        // Another process has started using it again.
        Err(error) if is_empty && error.kind() != io::ErrorKind::DirectoryNotEmpty => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_matching_files_are_removed_and_links_are_not_followed() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("state");
        fs::create_dir_all(dir.join("profiles")).unwrap();
        let outside = home.path().join("outside");
        fs::write(&outside, "precious").unwrap();
        for name in ["a.lock", "journal.jsonl", "config.toml", "profiles/x.json"] {
            fs::write(dir.join(name), "").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(&outside, dir.join("b.lock")).unwrap();
        remove_in(&dir, |name| name != "config.toml").unwrap();
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
        assert!(dir.join("config.toml").exists() && outside.exists());
        remove_in(&dir, |_| true).unwrap();
        assert!(!dir.exists());
        remove_in(&dir, |_| true).unwrap();
    }
}
