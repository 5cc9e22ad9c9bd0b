//! One process at a time: a file lock around whatever changes a profile's entry.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Cause, Error, Result};
use crate::platform::paths;

/// How often a waiter looks whether the lock is free.
const INTERVAL: Duration = Duration::from_millis(10);

/// The right to change a profile's entry; given back when dropped, and by the system when the process dies.
pub struct LockGuard(
    #[expect(dead_code, reason = "kept open: closing the file gives the lock back")] Option<File>,
);

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
    let file = open(path).map_err(|error| {
        Error::new(Cause::Lock, format!("cannot open the lock file {}: {error}", path.display()))
            .hint("make its directory writable for this user")
    })?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(LockGuard(Some(file))),
            Err(TryLockError::WouldBlock) if start.elapsed() < patience => tokio::time::sleep(INTERVAL).await,
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(Cause::ProfileBusy, "another getcard keeps this profile busy")
                    .hint("let it finish, then try again"));
            }
            Err(TryLockError::Error(error)) => {
                return Err(Error::new(Cause::Lock, format!("cannot lock {}: {error}", path.display())));
            }
        }
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    if let Some(dir) = path.parent() {
        paths::make_private_dir(dir)?;
    }
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // On a file system without room or made read-only a lock file that is there still serves.
    options.open(path).or_else(|error| File::open(path).map_err(|_| error))
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

    #[tokio::test(start_paused = true)]
    async fn a_second_holder_waits_and_then_gives_up() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deeper").join("x.lock");
        let held = acquire(&path, Duration::ZERO).await.unwrap();
        let refused = acquire(&path, Duration::ZERO).await.err().unwrap();
        assert_eq!(refused.category(), Some(crate::error::Category::TransientUpstream));
        drop(held);
        assert!(acquire(&path, Duration::ZERO).await.is_ok());
    }
}
