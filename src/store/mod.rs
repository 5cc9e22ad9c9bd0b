//! The stores for secrets: their common interface and its errors.

pub mod entry;
pub mod entry_store;
pub mod file;
pub mod keychain;
pub mod lock;
pub mod memory;
pub mod migrate;

use std::any::Any;
use std::time::Duration;

use zeroize::Zeroizing;

use self::file::error::FileError;
use crate::error::{Cause, Error};
use crate::platform::system::System;

/// The service name of getcard's items in a keychain.
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
const SERVICE: &str = "getcard";

/// Which store holds the secrets.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum StoreKind {
    /// The operating system's keychain.
    Keychain,
    /// A file encrypted with a passphrase, for machines without a keychain.
    File,
    /// Memory only: lost when the process ends.
    Memory,
}

impl StoreKind {
    /// The name in options, configuration and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Keychain => "keychain",
            Self::File => "file",
            Self::Memory => "memory",
        }
    }
}

/// Identifies an entry: one per profile and origin, so that credentials of one origin never reach another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryKey {
    pub profile: String,
    /// Scheme, host and port of the service.
    pub origin: String,
}

impl EntryKey {
    /// The key as a single string: `default@https://services.get.cbord.com`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}@{}", self.profile, self.origin)
    }

    /// Parses a label; profile names never contain `@`.
    #[must_use]
    pub fn of_label(label: &str) -> Option<Self> {
        let (profile, origin) = label.split_once('@')?;
        let whole = !profile.is_empty() && origin.contains("://");
        whole.then(|| Self { profile: profile.to_owned(), origin: origin.to_owned() })
    }
}

/// A store backend. Calls block; `EntryStore` runs them on a thread, with a deadline if the backend may hang.
pub trait Backend: Send + Sync {
    fn kind(&self) -> StoreKind;

    /// The deadline of a call; `None` if it always ends or waits for the user.
    fn deadline(&self) -> Option<Duration>;

    /// The deadline while a call waits for the user to unlock the store.
    fn dialog_deadline(&self) -> Option<Duration> {
        None
    }

    /// The values under a key; more than one if the store has copies, after a sync for example.
    ///
    /// # Errors
    /// If the store cannot return them. Having none is not an error.
    fn copies(&self, key: &EntryKey) -> Result<Vec<Zeroizing<Vec<u8>>>, StoreError>;

    /// Stores a value under a key, atomically replacing all copies.
    ///
    /// # Errors
    /// If it is not stored.
    fn save(&self, key: &EntryKey, bytes: &[u8]) -> Result<(), StoreError>;

    /// Deletes a key; a missing one is not an error.
    ///
    /// # Errors
    /// If it may still be there.
    fn delete(&self, key: &EntryKey) -> Result<(), StoreError>;

    /// All keys that have a value.
    ///
    /// # Errors
    /// If the store cannot tell.
    fn list(&self) -> Result<Vec<EntryKey>, StoreError>;

    /// Tries to lock a key among all processes that use the same store, whose lock files may be in different
    /// directories. `None` if another process holds it.
    ///
    /// # Errors
    /// If the store cannot tell.
    fn try_lock(&self, _key: &EntryKey) -> Result<Option<StoreLock>, StoreError> {
        Ok(Some(StoreLock::new(())))
    }
}

/// The store's own lock on a key; released when dropped, and when the process dies.
pub struct StoreLock(
    #[expect(dead_code, reason = "dropping it releases the lock")] Box<dyn Any + Send + Sync>,
);

impl StoreLock {
    /// A lock that is held as long as `guard` lives.
    pub fn new(guard: impl Any + Send + Sync) -> Self {
        Self(Box::new(guard))
    }
}

/// Why a store failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no such store on this machine or in this session, with the system's message.
    #[error("no keychain is running in this session")]
    Absent(String),
    /// The store is locked and was not unlocked.
    #[error("the keychain is locked")]
    Locked,
    /// The store denies access, with its own message.
    #[error("the keychain denied access")]
    Denied(String),
    /// The store did not answer in time.
    #[error("the keychain did not respond within {} s", .0.as_secs())]
    TimedOut(Duration),
    /// The store did not keep what was written.
    #[error("the {} store did not keep what was written to it", .0.name())]
    NotKept(StoreKind),
    /// The store did not delete what it said it had.
    #[error("the {} store did not delete the entry", .0.name())]
    NotDeleted(StoreKind),
    /// The store returned something unexpected.
    #[error("the keychain failed: {0}")]
    Failed(String),
    /// The stored entry was not written by getcard.
    #[error("the stored entry cannot be used: {0}")]
    Broken(String),
    /// The stored entry was written by a later version of getcard.
    #[error("the stored entry cannot be used: it has version {0}, from a newer getcard")]
    Newer(u32),
    /// The file store failed.
    #[error(transparent)]
    File(#[from] FileError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let (cause, hint) = match &error {
            StoreError::Absent(_) => (Cause::StoreAbsent, System::HERE.start_keychain()),
            StoreError::Locked => (Cause::StoreLocked, System::HERE.unlock_keychain()),
            StoreError::Denied(_) => {
                (Cause::StoreDenied, "allow getcard to use the keychain, then try again")
            }
            StoreError::TimedOut(_) => (Cause::StoreTimeout, "restart the keychain, then try again"),
            StoreError::NotKept(_) => {
                (Cause::StoreFailed, "restart the keychain, or use an encrypted file with --store file")
            }
            StoreError::NotDeleted(_) => {
                (Cause::StoreFailed, "delete getcard's item in the keychain's own program")
            }
            StoreError::Failed(_) => (Cause::StoreFailed, "see the keychain's own log"),
            StoreError::Broken(_) => (Cause::StoreBroken, "run: getcard unlink --local, then: getcard login"),
            // Deleting it would leave an active device that cannot be revoked.
            StoreError::Newer(_) => {
                (Cause::StoreBroken, "update getcard, or name another store with --store")
            }
            StoreError::File(error) => {
                return Self::new(error.cause(), error.to_string()).hint(error.hint());
            }
        };
        let shown = Self::new(cause, error.to_string()).hint(hint);
        match error {
            StoreError::Absent(detail) | StoreError::Denied(detail) => {
                shown.caused_by(anyhow::Error::msg(detail))
            }
            _ => shown,
        }
    }
}
