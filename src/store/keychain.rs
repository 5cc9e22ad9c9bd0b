//! The operating system's keychain: which one it is, its time limits, and whether it may prompt.

#[cfg(windows)]
mod credential_manager;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "linux")]
mod secret_service;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use zeroize::Zeroizing;

#[cfg(windows)]
use self::credential_manager as platform;
#[cfg(target_os = "macos")]
use self::macos as platform;
#[cfg(target_os = "linux")]
use self::secret_service as platform;
#[cfg(target_os = "linux")]
use super::StoreLock;
use super::{Backend, EntryKey, StoreError, StoreKind};

/// The deadline of a call: a keychain may hang.
const DEADLINE: Duration = Duration::from_secs(3);
/// The deadline while the user is asked for the keychain's password.
const DIALOG_DEADLINE: Duration = Duration::from_secs(60);

/// The keychain of the user's session.
#[derive(Default)]
pub struct Keychain {
    announce: Option<Box<dyn Fn() + Send + Sync>>,
    asking: AtomicBool,
}

impl Keychain {
    /// A keychain with a user present to unlock it: `announce` says that getcard is waiting for its dialog.
    /// Without a user, a locked keychain is an immediate error, and no dialog appears.
    #[must_use]
    pub fn with_person(announce: impl Fn() + Send + Sync + 'static) -> Self {
        Self { announce: Some(Box::new(announce)), asking: AtomicBool::new(false) }
    }

    /// Announces a dialog; returns false if no user is present.
    fn may_prompt(&self) -> bool {
        let Some(announce) = &self.announce else { return false };
        if !self.asking.swap(true, Ordering::Relaxed) {
            announce();
        }
        true
    }
}

impl Backend for Keychain {
    fn kind(&self) -> StoreKind {
        StoreKind::Keychain
    }

    fn deadline(&self) -> Option<Duration> {
        Some(DEADLINE)
    }

    fn dialog_deadline(&self) -> Option<Duration> {
        self.asking.load(Ordering::Relaxed).then_some(DIALOG_DEADLINE)
    }

    fn copies(&self, key: &EntryKey) -> Result<Vec<Zeroizing<Vec<u8>>>, StoreError> {
        platform::copies(key, &|| self.may_prompt())
    }

    fn save(&self, key: &EntryKey, bytes: &[u8]) -> Result<(), StoreError> {
        platform::save(key, bytes, &|| self.may_prompt())
    }

    fn delete(&self, key: &EntryKey) -> Result<(), StoreError> {
        platform::delete(key, &|| self.may_prompt())
    }

    fn list(&self) -> Result<Vec<EntryKey>, StoreError> {
        let mut keys = platform::list(&|| self.may_prompt())?;
        keys.sort();
        keys.dedup();
        Ok(keys)
    }

    #[cfg(target_os = "linux")]
    fn try_lock(&self, key: &EntryKey) -> Result<Option<StoreLock>, StoreError> {
        secret_service::try_lock(key)
    }
}

/// Platforms without a supported keychain.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
mod platform {
    use super::{EntryKey, StoreError, Zeroizing};

    type MayPrompt<'a> = &'a dyn Fn() -> bool;

    fn absent<T>() -> Result<T, StoreError> {
        Err(StoreError::Absent("getcard supports none on this platform".to_owned()))
    }

    pub fn copies(_: &EntryKey, _: MayPrompt) -> Result<Vec<Zeroizing<Vec<u8>>>, StoreError> {
        absent()
    }

    pub fn save(_: &EntryKey, _: &[u8], _: MayPrompt) -> Result<(), StoreError> {
        absent()
    }

    pub fn delete(_: &EntryKey, _: MayPrompt) -> Result<(), StoreError> {
        absent()
    }

    pub fn list(_: MayPrompt) -> Result<Vec<EntryKey>, StoreError> {
        absent()
    }
}
