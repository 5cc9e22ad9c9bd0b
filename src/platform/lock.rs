//! File locks between processes, with a timeout.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::atomic_file;

/// How often a waiter checks the lock.
const INTERVAL: Duration = Duration::from_millis(10);

/// A held lock; released when dropped, and by the system when the process dies.
#[derive(Debug)]
pub struct FileLock(File);

impl FileLock {
    /// The locked file, for storing data for the next holder.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.0
    }
}

/// Why the lock was not acquired.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process held it until the timeout.
    #[error("another process holds it")]
    Busy,
    /// The lock file cannot be used.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Locks a file, creating it if missing, and waits up to `patience` for another process. Blocks.
///
/// # Errors
/// If another process keeps it, or the file cannot be used.
pub fn acquire(path: &Path, patience: Duration) -> Result<FileLock, LockError> {
    let file = open(path)?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(FileLock(file)),
            Err(TryLockError::WouldBlock) if start.elapsed() < patience => std::thread::sleep(INTERVAL),
            Err(TryLockError::WouldBlock) => return Err(LockError::Busy),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
}

/// Like [`acquire`], without blocking the caller's thread.
///
/// # Errors
/// If another process keeps it, or the file cannot be used.
pub async fn acquire_async(path: &Path, patience: Duration) -> Result<FileLock, LockError> {
    match acquire(path, Duration::ZERO) {
        Err(LockError::Busy) if !patience.is_zero() => {}
        result => return result,
    }
    let (done, answer) = tokio::sync::oneshot::channel();
    let path = path.to_owned();
    // A detached thread, so that it does not delay the end of the process.
    std::thread::spawn(move || done.send(acquire(&path, patience)));
    answer.await.unwrap_or(Err(LockError::Busy))
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(dir) = path.parent() {
        atomic_file::make_private_dir(dir)?;
    }
    atomic_file::open_private(File::options().read(true).write(true), path)
        // On a full or read-only file system, an existing lock file still works.
        .or_else(|error| atomic_file::open_regular(path).map_err(|_| error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_second_holder_waits_and_then_gives_up() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deeper").join("x.lock");
        let held = acquire(&path, Duration::ZERO).unwrap();
        assert!(matches!(acquire(&path, Duration::from_millis(20)), Err(LockError::Busy)));
        assert!(matches!(acquire_async(&path, Duration::from_millis(20)).await, Err(LockError::Busy)));
        let waiting = tokio::spawn(async move { acquire_async(&path, Duration::from_secs(60)).await });
        drop(held);
        assert!(waiting.await.unwrap().is_ok());
    }

    #[test]
    fn a_lock_file_that_cannot_be_created_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(acquire(dir.path(), Duration::ZERO), Err(LockError::Io(_))));
    }
}
