//! The store for machines without a keychain: a single file for all profiles, encrypted with a passphrase.

pub mod document;
pub mod error;
pub mod seal;
mod sealed_file;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use self::document::{Document, DocumentError};
use self::error::FileError;
use self::seal::OpenError;
use self::sealed_file::SealedFile;
use super::{Backend, EntryKey, StoreError, StoreKind, StoreLock};
use crate::platform::lock::FileLock;
use crate::secret::Passphrase;

/// The encrypted file of one user.
pub struct FileStore {
    file: SealedFile,
    passphrase: OnceLock<Passphrase>,
    opened: Mutex<Option<Opened>>,
}

/// The last decrypted file. Decryption is expensive, so the same bytes are decrypted once per process.
struct Opened {
    sealed: Vec<u8>,
    document: Document,
}

impl FileStore {
    /// The store in this directory, which need not exist.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        Self { file: SealedFile::within(dir), passphrase: OnceLock::new(), opened: Mutex::default() }
    }

    /// Returns whether the file exists; without it, a passphrase is only needed to create it.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.file.exists()
    }

    /// Returns whether [`Self::give`] was called.
    #[must_use]
    pub fn has_passphrase(&self) -> bool {
        self.passphrase.get().is_some()
    }

    /// Sets the passphrase for decryption and encryption; only the first one counts.
    pub fn give(&self, passphrase: Passphrase) {
        let _ = self.passphrase.set(passphrase);
    }

    /// Encrypts everything with another passphrase, atomically. Returns false if there is nothing to encrypt.
    ///
    /// # Errors
    /// If the old passphrase is wrong, or the file cannot be written; it is then unchanged.
    pub fn rekey(&self, new: &Passphrase) -> Result<bool, StoreError> {
        let lock = self.file.lock()?;
        let Some(document) = self.read()? else { return Ok(false) };
        self.write(&lock, document, new)?;
        Ok(true)
    }

    fn opened(&self) -> MutexGuard<'_, Option<Opened>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn passphrase(&self) -> Result<&Passphrase, FileError> {
        self.passphrase.get().ok_or_else(|| FileError::NoPassphrase(self.file.shown()))
    }

    /// Reads and decrypts the file; `None` if it does not exist.
    fn read(&self) -> Result<Option<Document>, FileError> {
        let Some(sealed) = self.file.read()? else { return Ok(None) };
        let mut opened = self.opened();
        if let Some(known) = opened.as_ref().filter(|known| known.sealed == sealed) {
            return Ok(Some(known.document.clone()));
        }
        let path = self.file.shown();
        let damaged = |why| FileError::Damaged { path: path.clone(), why };
        let plain = seal::open(&sealed, self.passphrase()?).map_err(|error| match error {
            OpenError::Passphrase => FileError::WrongPassphrase(path.clone()),
            OpenError::Work(asked) => {
                FileError::TooMuchWork { path: path.clone(), asked, most: seal::MAX_WORK }
            }
            OpenError::Damaged => damaged("it is not an age file with a passphrase, or it was changed"),
        })?;
        let document = Document::decode(&plain).map_err(|error| match error {
            DocumentError::Newer(version) => FileError::Newer { path: path.clone(), version },
            DocumentError::Malformed => damaged("its content is malformed"),
        })?;
        *opened = Some(Opened { sealed, document: document.clone() });
        Ok(Some(document))
    }

    fn write(&self, lock: &FileLock, document: Document, passphrase: &Passphrase) -> Result<(), StoreError> {
        let plain = document.encode().map_err(|_| StoreError::Broken("it is not JSON".to_owned()))?;
        let sealed = seal::seal(&plain, passphrase).map_err(|error| StoreError::Broken(error.to_string()))?;
        self.file.write(lock, &sealed)?;
        *self.opened() = Some(Opened { sealed, document });
        Ok(())
    }
}

impl Backend for FileStore {
    fn kind(&self) -> StoreKind {
        StoreKind::File
    }

    fn deadline(&self) -> Option<Duration> {
        None
    }

    fn copies(&self, key: &EntryKey) -> Result<Vec<Zeroizing<Vec<u8>>>, StoreError> {
        Ok(self.read()?.and_then(|mut document| document.entries.remove(key)).into_iter().collect())
    }

    fn save(&self, key: &EntryKey, bytes: &[u8]) -> Result<(), StoreError> {
        let passphrase = self.passphrase()?;
        let lock = self.file.lock()?;
        let mut document = self.read()?.unwrap_or_default();
        document.entries.insert(key.clone(), Zeroizing::new(bytes.to_vec()));
        self.write(&lock, document, passphrase)
    }

    fn delete(&self, key: &EntryKey) -> Result<(), StoreError> {
        if !self.exists() {
            return Ok(());
        }
        let lock = self.file.lock()?;
        let Some(mut document) = self.read()? else { return Ok(()) };
        if document.entries.remove(key).is_none() {
            return Ok(());
        }
        if document.entries.is_empty() {
            return Ok(self.file.remove(&lock)?);
        }
        self.write(&lock, document, self.passphrase()?)
    }

    fn list(&self) -> Result<Vec<EntryKey>, StoreError> {
        Ok(self.read()?.map(|document| document.entries.into_keys().collect()).unwrap_or_default())
    }

    fn try_lock(&self, key: &EntryKey) -> Result<Option<StoreLock>, StoreError> {
        Ok(self.file.try_lock_entry(key)?.map(StoreLock::new))
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
