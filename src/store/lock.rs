//! One process at a time: a file lock around whatever changes a profile's entry.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Cause, Error, Result};
use crate::platform::lock::{self, FileLock, LockError};

/// The right to change a profile's entry; given back when dropped, and by the system when the process dies.
pub struct LockGuard(#[expect(dead_code, reason = "dropping it gives the lock back")] Option<FileLock>);

impl LockGuard {
    /// For a store that no other process can see.
    #[must_use]
    pub fn alone() -> Self {
        Self(None)
    }
}

/// Takes the lock, waiting up to `patience` for another process.
///
/// # Errors
/// `transient_upstream_error` when another process keeps it; `internal_error` when there can be no lock file.
pub async fn acquire(path: &Path, patience: Duration) -> Result<LockGuard> {
    match lock::acquire_async(path, patience).await {
        Ok(lock) => Ok(LockGuard(Some(lock))),
        Err(LockError::Busy) => Err(Error::new(Cause::ProfileBusy, "another getcard is using this profile")
            .hint("let it finish, then try again")),
        Err(LockError::Io(error)) => {
            Err(Error::new(Cause::Lock, format!("cannot use the lock file {}: {error}", path.display()))
                .hint("make its directory writable for this user"))
        }
    }
}

/// The lock file of a profile and origin: their names with every unusual character as `_`, and a checksum
/// that keeps apart the names that this makes alike.
#[must_use]
pub fn file_name(label: &str) -> PathBuf {
    let usual = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '@') { c } else { '_' };
    let plain: String = label.chars().map(usual).take(100).collect();
    // FNV-1a: stable between versions of the compiler, unlike the standard library's hasher.
    let hash = label.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    PathBuf::from(format!("{plain}-{hash:016x}.lock"))
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
    async fn another_holder_is_a_passing_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deeper").join("x.lock");
        let held = acquire(&path, Duration::ZERO).await.unwrap();
        let refused = acquire(&path, Duration::ZERO).await.err().unwrap();
        assert_eq!(refused.category(), Some(crate::error::Category::TransientUpstream));
        drop(held);
        assert!(acquire(&path, Duration::ZERO).await.is_ok());
    }
}
