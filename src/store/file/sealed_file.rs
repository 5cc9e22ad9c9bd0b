//! The file of the file store: private, replaced atomically, changed by one process at a time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::FileError;
use crate::platform::atomic_file;
use crate::platform::lock::{self, FileLock, LockError};
use crate::platform::trust::{self, TrustError};
use crate::store::{EntryKey, lock as entry_lock};

/// The maximum file size that is read, in bytes; a profile needs about one thousand.
const MAX_SIZE: u64 = 1 << 20;
/// How long to wait for another process.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// The path of the file.
pub struct SealedFile(PathBuf);

impl SealedFile {
    /// The file in this directory; neither need exist.
    #[must_use]
    pub fn within(dir: &Path) -> Self {
        Self(dir.join("store.age"))
    }

    /// The path for messages.
    #[must_use]
    pub fn shown(&self) -> String {
        self.0.display().to_string()
    }

    /// Returns whether the path exists, even as a dangling link.
    #[must_use]
    pub fn exists(&self) -> bool {
        fs::symlink_metadata(&self.0).is_ok()
    }

    /// Reads the file; `None` if it does not exist.
    ///
    /// # Errors
    /// If it cannot be read, or others could have read or changed it.
    pub fn read(&self) -> Result<Option<Vec<u8>>, FileError> {
        if !self.exists() {
            return Ok(None);
        }
        let path = fs::canonicalize(&self.0).map_err(|error| failed("resolve", &self.0, &error))?;
        trust::private_dir(path.parent().unwrap_or(&path)).map_err(|error| untrusted(&path, error))?;
        let damaged = |why| FileError::Damaged { path: path.display().to_string(), why };
        let file = match atomic_file::open_regular(&path) {
            Ok(file) => file,
            // Deleted in the meantime.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                return Err(damaged("it is not a regular file"));
            }
            Err(error) => return Err(failed("open", &path, &error)),
        };
        let metadata = file.metadata().map_err(|error| failed("open", &path, &error))?;
        trust::private_file(&path, &metadata).map_err(|error| untrusted(&path, error))?;
        match atomic_file::read_opened(file, MAX_SIZE) {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Err(damaged("it is too long")),
            Err(error) => Err(failed("read", &path, &error)),
        }
    }

    /// Acquires the lock for changing the file.
    ///
    /// # Errors
    /// If another process does not release it, or the directory is not private.
    pub fn lock(&self) -> Result<FileLock, FileError> {
        let dir = self.0.parent().unwrap_or(&self.0);
        atomic_file::make_private_dir(dir).map_err(|error| failed("make", dir, &error))?;
        trust::private_dir(dir).map_err(|error| untrusted(dir, error))?;
        let path = self.0.with_extension("lock");
        lock::acquire(&path, LOCK_TIMEOUT).map_err(|error| match error {
            LockError::Busy => FileError::Busy(self.shown()),
            LockError::Io(error) => failed("lock", &path, &error),
        })
    }

    /// Tries to lock one entry, with a lock file next to this file; `None` if another process holds it.
    ///
    /// # Errors
    /// If the lock file cannot be used.
    pub fn try_lock_entry(&self, key: &EntryKey) -> Result<Option<FileLock>, FileError> {
        let path = self.0.with_file_name(entry_lock::file_name(&key.label()));
        match lock::acquire(&path, Duration::ZERO) {
            Ok(lock) => Ok(Some(lock)),
            Err(LockError::Busy) => Ok(None),
            Err(LockError::Io(error)) => Err(failed("lock", &path, &error)),
        }
    }

    /// Replaces the file atomically: at any time there is either the old or the new one.
    ///
    /// # Errors
    /// If it cannot be written; the old file is then still there.
    pub fn write(&self, _lock: &FileLock, bytes: &[u8]) -> Result<(), FileError> {
        atomic_file::write_state_locked(&self.0, bytes).map_err(|error| failed("write", &self.0, &error))
    }

    /// Removes the file; a missing file is not an error.
    ///
    /// # Errors
    /// If it may still be there.
    pub fn remove(&self, _lock: &FileLock) -> Result<(), FileError> {
        atomic_file::remove(&self.0).map_err(|error| failed("remove", &self.0, &error))
    }
}

fn failed(what: &'static str, path: &Path, error: &io::Error) -> FileError {
    let path = path.display().to_string();
    if error.kind() == io::ErrorKind::ResourceBusy {
        FileError::OpenElsewhere(path)
    } else {
        FileError::Io { what, path, why: error.to_string() }
    }
}

fn untrusted(path: &Path, error: TrustError) -> FileError {
    match error {
        TrustError::Untrusted(untrusted) => untrusted.into(),
        TrustError::Io(error) => failed("open", path, &error),
    }
}
