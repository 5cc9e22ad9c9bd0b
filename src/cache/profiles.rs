//! The cached profiles without their secrets, for lists and hints that must not open a store.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::platform::atomic_file;
use crate::store::entry::Entry;
use crate::store::{EntryKey, StoreKind, lock};

/// The maximum size of a file that is read, in bytes.
const MAX_FILE_SIZE: u64 = 64 << 10;

/// The public data of a profile.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Profile {
    pub name: String,
    /// Scheme, host and port of the service.
    pub origin: String,
    /// The store with its credentials.
    pub store: StoreKind,
    /// The school's short name, if known.
    pub school: Option<String>,
    /// The device, by its first and last two characters.
    pub device: Option<String>,
    /// When it was linked; `None` while the link is pending.
    pub linked_at: Option<Timestamp>,
}

/// The cached profiles, one file each, so that processes do not overwrite each other's changes.
#[derive(Debug, Clone)]
pub struct Profiles {
    dir: PathBuf,
}

impl Profile {
    /// Extracts the public data of an entry; `None` if it has no device.
    #[must_use]
    pub fn of(key: &EntryKey, store: StoreKind, entry: &Entry) -> Option<Self> {
        let device = entry.devices().next()?;
        let link = entry.link.as_ref();
        let pending = entry.pending.as_ref().and_then(|pending| pending.school.clone());
        Some(Self {
            name: key.profile.clone(),
            origin: key.origin.clone(),
            store,
            school: link.map_or(pending, |link| link.school.clone()),
            device: Some(device.masked()),
            linked_at: link.map(|link| link.linked_at),
        })
    }
}

impl Profiles {
    /// The profiles in this cache directory, which is created when the first one is saved.
    #[must_use]
    pub fn within(cache_dir: &Path) -> Self {
        Self { dir: cache_dir.join("profiles") }
    }

    /// All profiles, sorted by name.
    #[must_use]
    pub fn list(&self) -> Vec<Profile> {
        let files = fs::read_dir(&self.dir).into_iter().flatten();
        let mut profiles: Vec<Profile> = files.filter_map(|file| read(&file.ok()?.path())).collect();
        profiles.sort();
        profiles
    }

    /// Saves the profile of an entry, or removes it if the entry has no device.
    ///
    /// # Errors
    /// If it cannot be saved; callers may ignore that.
    pub fn update(&self, key: &EntryKey, store: StoreKind, entry: &Entry) -> io::Result<()> {
        match Profile::of(key, store, entry) {
            Some(profile) => self.keep(key, &profile),
            None => self.forget(key, store),
        }
    }

    /// Records that an entry was moved to another store.
    ///
    /// # Errors
    /// If it cannot be saved; callers may ignore that.
    pub fn moved(&self, key: &EntryKey, from: StoreKind, to: StoreKind) -> io::Result<()> {
        let known = read(&self.file(key, from)).unwrap_or_else(|| Profile {
            name: key.profile.clone(),
            origin: key.origin.clone(),
            store: from,
            school: None,
            device: None,
            linked_at: None,
        });
        self.keep(key, &Profile { store: to, ..known })?;
        self.forget(key, from)
    }

    fn forget(&self, key: &EntryKey, store: StoreKind) -> io::Result<()> {
        atomic_file::remove(&self.file(key, store))
    }

    /// Saves a profile atomically.
    fn keep(&self, key: &EntryKey, profile: &Profile) -> io::Result<()> {
        let path = self.file(key, profile.store);
        if read(&path).as_ref() == Some(profile) {
            return Ok(());
        }
        atomic_file::make_private_dir(&self.dir)?;
        atomic_file::write_private(&path, &serde_json::to_vec(profile)?)
    }

    fn file(&self, key: &EntryKey, store: StoreKind) -> PathBuf {
        let label = format!("{}@{}", store.name(), key.label());
        self.dir.join(lock::file_name(&label).with_extension("json"))
    }
}

/// Reads a saved profile; `None` if the file is anything else.
fn read(path: &Path) -> Option<Profile> {
    if path.extension().is_none_or(|extension| extension != "json") {
        return None;
    }
    serde_json::from_slice(&atomic_file::read_regular(path, MAX_FILE_SIZE).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Device;
    use crate::store::entry::{Link, Pending};

    fn key(profile: &str) -> EntryKey {
        EntryKey { profile: profile.to_owned(), origin: "https://x.example".to_owned() }
    }

    fn linked() -> Entry {
        let now = Timestamp::UNIX_EPOCH;
        let (device, school) = (Device::generate().unwrap(), Some("ucsc".to_owned()));
        Entry {
            link: Some(Link { device, school, linked_at: now, last_validated_at: now }),
            ..Entry::default()
        }
    }

    #[test]
    fn profiles_are_saved_by_store_and_removed_with_their_entry() {
        let dir = tempfile::tempdir().unwrap();
        let profiles = Profiles::within(&dir.path().join("cache"));
        assert!(profiles.list().is_empty());
        let entry = linked();
        profiles.update(&key("work"), StoreKind::Keychain, &entry).unwrap();
        profiles.update(&key("default"), StoreKind::File, &entry).unwrap();
        profiles.update(&key("default"), StoreKind::Keychain, &entry).unwrap();
        let known = |profiles: &Profiles| {
            profiles.list().into_iter().map(|it| (it.name, it.store)).collect::<Vec<_>>()
        };
        let (default, work) = ("default".to_owned(), "work".to_owned());
        let expected = [
            (default.clone(), StoreKind::Keychain),
            (default.clone(), StoreKind::File),
            (work, StoreKind::Keychain),
        ];
        assert_eq!(known(&profiles), expected);
        let first = &profiles.list()[0];
        assert_eq!((first.school.as_deref(), first.linked_at), (Some("ucsc"), Some(Timestamp::UNIX_EPOCH)));
        let whole = serde_json::to_string(&profiles.list()).unwrap();
        let device = &entry.link.as_ref().unwrap().device;
        assert!(!whole.contains(device.id.expose()), "only the masked device is kept");

        profiles.moved(&key("work"), StoreKind::Keychain, StoreKind::File).unwrap();
        let moved = profiles.list().pop().unwrap();
        assert_eq!((moved.store, moved.school.as_deref()), (StoreKind::File, Some("ucsc")));
        profiles.update(&key("default"), StoreKind::Keychain, &Entry::default()).unwrap();
        profiles.update(&key("default"), StoreKind::Keychain, &Entry::default()).unwrap();
        assert_eq!(known(&profiles).len(), 2);
    }

    #[test]
    fn a_pending_device_is_an_unlinked_profile() {
        let device = Device::generate().unwrap();
        let pending = Pending { device, school: None, created_at: Timestamp::UNIX_EPOCH };
        let entry = Entry { pending: Some(pending), ..Entry::default() };
        let profile = Profile::of(&key("default"), StoreKind::File, &entry).unwrap();
        assert_eq!((profile.linked_at, profile.device.is_some()), (None, true));
    }

    #[test]
    fn an_invalid_file_is_ignored() {
        let dir = tempfile::tempdir().unwrap();
        let profiles = Profiles::within(dir.path());
        fs::create_dir(dir.path().join("profiles")).unwrap();
        for (name, bytes) in [("a.json", &b"{"[..]), ("b.json", b"\xff"), ("c.txt", b"{}")] {
            fs::write(dir.path().join("profiles").join(name), bytes).unwrap();
        }
        fs::create_dir(dir.path().join("profiles/d.json")).unwrap();
        assert!(profiles.list().is_empty());
    }
}
