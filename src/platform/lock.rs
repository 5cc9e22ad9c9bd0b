//! File locks between processes, with a timeout.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use same_file::Handle;

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
    let start = Instant::now();
    loop {
        let file = open(path)?;
        wait(&file, patience.saturating_sub(start.elapsed()))?;
        // Meanwhile another process may have removed the file and locked a new one at the same path.
        if is_at(&file, path)? {
            return Ok(FileLock(file));
        }
    }
}

fn wait(file: &File, patience: Duration) -> Result<(), LockError> {
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if start.elapsed() < patience => std::thread::sleep(INTERVAL),
            Err(TryLockError::WouldBlock) => return Err(LockError::Busy),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
}

/// Removes a lock file unless a process holds it. Returns whether it was removed.
///
/// # Errors
/// If it cannot be removed.
pub fn remove_free(path: &Path) -> io::Result<bool> {
    // Hold the lock while removing the file, so that a waiting process notices that the file is gone.
    let _held = match acquire(path, Duration::ZERO) {
        Err(LockError::Busy) => return Ok(false),
        held => held.ok(),
    };
    fs::remove_file(path).map(|()| true)
}

/// Returns whether a path still refers to this open file.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let open = Handle::from_file(file.try_clone()?)?;
    match Handle::from_path(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        found => Ok(found? == open),
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
    use std::sync::atomic::{AtomicBool, Ordering};

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
    fn one_process_holds_the_lock_also_while_its_file_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.lock");
        let is_held = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        let lock = acquire(&path, Duration::from_secs(60)).unwrap();
                        assert!(!is_held.swap(true, Ordering::SeqCst), "two hold the lock");
                        std::thread::yield_now();
                        is_held.store(false, Ordering::SeqCst);
                        // The last thing that is done under a lock.
                        fs::remove_file(&path).unwrap();
                        drop(lock);
                    }
                });
            }
        });
    }

    #[test]
    fn a_removed_lock_file_does_not_count() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.lock");
        let removed = open(&path).unwrap();
        assert!(is_at(&removed, &path).unwrap());
        fs::remove_file(&path).unwrap();
        assert!(!is_at(&removed, &path).unwrap());
        let lock = acquire(&path, Duration::ZERO).unwrap();
        assert!(!is_at(&removed, &path).unwrap() && is_at(lock.file(), &path).unwrap());
    }

    #[test]
    fn a_lock_that_is_held_is_not_removed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.lock");
        let held = acquire(&path, Duration::ZERO).unwrap();
        assert!(!remove_free(&path).unwrap() && path.exists());
        drop(held);
        assert!(remove_free(&path).unwrap() && !path.exists());
    }

    #[test]
    fn a_lock_file_that_cannot_be_created_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(acquire(dir.path(), Duration::ZERO), Err(LockError::Io(_))));
    }
}
