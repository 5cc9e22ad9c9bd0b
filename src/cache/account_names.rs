//! Cached account names, for completion without network or keychain.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::platform::{atomic_file, trust};

/// The maximum size of the file that is read, in bytes.
const MAX_FILE_SIZE: u64 = 4 << 20;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AccountNames {
    /// The account names by a label for profile and origin; all sandboxes share one.
    #[serde(default)]
    accounts: BTreeMap<String, BTreeSet<String>>,
}

impl AccountNames {
    /// Loads the cached names; empty if the file cannot be read.
    #[must_use]
    pub fn load(cache_dir: &Path) -> Self {
        let bytes = trust::private_dir(cache_dir).map_err(io::Error::from);
        let bytes = bytes.and_then(|()| atomic_file::read_regular(&file(cache_dir), MAX_FILE_SIZE)).ok();
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// The account names of all profiles.
    #[must_use]
    pub fn accounts(&self) -> BTreeSet<&str> {
        self.accounts.values().flatten().map(String::as_str).collect()
    }

    /// Replaces the accounts of a profile at an origin.
    pub fn see_accounts<'a>(&mut self, label: &str, names: impl IntoIterator<Item = &'a str>) {
        let names = names.into_iter().map(ToOwned::to_owned).collect();
        self.accounts.insert(label.to_owned(), names);
    }

    /// Removes the accounts of a profile at an origin.
    pub fn forget_accounts(&mut self, label: &str) {
        self.accounts.remove(label);
    }

    /// Saves the names atomically.
    ///
    /// # Errors
    /// If they cannot be saved; callers may ignore that.
    pub fn save(&self, cache_dir: &Path) -> io::Result<()> {
        atomic_file::make_private_dir(cache_dir)?;
        trust::private_dir(cache_dir)?;
        atomic_file::write_state(&file(cache_dir), &serde_json::to_vec(self)?)
    }
}

fn file(cache_dir: &Path) -> PathBuf {
    cache_dir.join("names.json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn names_are_kept_by_profile() {
        let dir = tempfile::tempdir().unwrap();
        let cache = dir.path().join("cache");
        assert_eq!(AccountNames::load(&cache), AccountNames::default());
        let mut names = AccountNames::default();
        names.see_accounts("default@https://x", ["Flexi Dollars", "Board"]);
        names.see_accounts("other@https://x", ["Board", "Slug Points"]);
        names.save(&cache).unwrap();
        let mut read = AccountNames::load(&cache);
        assert_eq!(read, names);
        assert_eq!(
            read.accounts().into_iter().collect::<Vec<_>>(),
            ["Board", "Flexi Dollars", "Slug Points"]
        );
        read.forget_accounts("default@https://x");
        assert_eq!(read.accounts().len(), 2);
        assert_eq!(fs::read_dir(&cache).unwrap().count(), 1);
    }

    #[test]
    fn an_invalid_file_is_ignored() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(file(dir.path()), "[1]").unwrap();
        assert_eq!(AccountNames::load(dir.path()), AccountNames::default());
        fs::write(dir.path().join("dir"), "").unwrap();
        assert!(AccountNames::default().save(&dir.path().join("dir")).is_err());
    }
}
