//! Serializes changes of a profile's entry between processes, with a lock file and the store's own lock.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{StoreError, StoreLock};
use crate::error::{Cause, Error, Result};
use crate::platform::lock::{self, FileLock, LockError};
use crate::platform::trust::{self, TrustError};

/// How often a waiter checks the store's own lock.
const INTERVAL: Duration = Duration::from_millis(20);

/// The lock on a profile's entry; released when dropped, and by the system when the process dies.
#[derive(Default)]
pub struct LockGuard {
    #[expect(dead_code, reason = "dropping it releases the lock")]
    file: Option<FileLock>,
    #[expect(dead_code, reason = "dropping it releases the lock")]
    store: Option<StoreLock>,
}

impl LockGuard {
    /// A guard for a store that no other process can see.
    #[must_use]
    pub fn alone() -> Self {
        Self::default()
    }
}

/// Acquires the lock file and then the store's own lock, waiting up to `patience` for another process.
///
/// # Errors
/// `transient_upstream_error` if another process keeps it; `internal_error` if locking is impossible.
pub async fn acquire(
    path: Option<&Path>,
    patience: Duration,
    try_store: impl AsyncFn() -> Result<Option<StoreLock>, StoreError>,
) -> Result<LockGuard> {
    let start = Instant::now();
    let file = match path {
        Some(path) => {
            let file = lock::acquire_async(path, patience).await.map_err(|error| no_lock(error, path))?;
            trust::private_dir(path.parent().unwrap_or(path)).map_err(|error| not_safe(error, path))?;
            Some(file)
        }
        None => None,
    };
    loop {
        match try_store().await? {
            Some(store) => return Ok(LockGuard { file, store: Some(store) }),
            None if start.elapsed() < patience => tokio::time::sleep(INTERVAL).await,
            None => return Err(busy()),
        }
    }
}

fn no_lock(error: LockError, path: &Path) -> Error {
    match error {
        LockError::Busy => busy(),
        LockError::Io(error) => {
            Error::new(Cause::Lock, format!("cannot use the lock file {}: {error}", path.display()))
                .hint("make its directory writable for this user")
        }
    }
}

fn not_safe(error: TrustError, path: &Path) -> Error {
    match error {
        TrustError::Untrusted(untrusted) => {
            Error::new(Cause::StoreUnsafe, untrusted.to_string()).hint(untrusted.remedy)
        }
        TrustError::Io(error) => no_lock(LockError::Io(error), path),
    }
}

fn busy() -> Error {
    Error::new(Cause::ProfileBusy, "another getcard is using this profile")
        .hint("let it finish, then try again")
}

/// The lock file's name for a profile and origin: the label with unusual characters replaced by `_`, and a
/// checksum that keeps the results distinct.
#[must_use]
pub fn file_name(label: &str) -> PathBuf {
    let sanitize = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '@') { c } else { '_' };
    let plain: String = label.chars().map(sanitize).take(100).collect();
    PathBuf::from(format!("{plain}-{:016x}.lock", checksum(label)))
}

/// FNV-1a, which is stable across compiler versions, unlike the standard library's hasher.
#[must_use]
pub fn checksum(label: &str) -> u64 {
    label
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_files_of_different_entries_differ() {
        let names = ["a@https://x", "a@https_//x", "a@https://x:1", "A@https://x"].map(file_name);
        for (at, name) in names.iter().enumerate() {
            assert!(!names[..at].contains(name), "{name:?}");
        }
        assert!(!names[0].to_string_lossy().contains('/'));
    }

    #[tokio::test]
    async fn another_holder_is_a_transient_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deeper").join("x.lock");
        let free = async || Ok(Some(StoreLock::new(())));
        let held = acquire(Some(&path), Duration::ZERO, free).await.unwrap();
        let refused = acquire(Some(&path), Duration::ZERO, free).await.err().unwrap();
        assert_eq!(refused.category(), Some(crate::error::Category::TransientUpstream));
        drop(held);
        assert!(acquire(Some(&path), Duration::ZERO, free).await.is_ok());
        let taken = acquire(Some(&path), Duration::from_millis(1), async || Ok(None)).await.err().unwrap();
        assert_eq!(taken.cause(), Some(&Cause::ProfileBusy));
    }
}
