//! Limits payload requests to one per second and profile, across processes.

use std::io::{Read, Seek, Write};
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use crate::error::{Cause, Error, Result};
use crate::model::time::milliseconds;
use crate::platform::clock::Clock;
use crate::platform::lock::{self, FileLock, LockError};

/// The minimum time between a reply and the next request.
const SPACING: Duration = Duration::from_secs(1);

/// How long to queue behind other processes.
const LOCK_TIMEOUT: Duration = Duration::from_secs(120);

/// The maximum length of the stored timestamp, in bytes; getcard never writes a longer one.
const MAX_STAMP: u64 = 64;

/// The rate limiter of one profile at one origin.
pub struct PayloadLimiter<'a> {
    lock_file: Option<PathBuf>,
    clock: &'a dyn Clock,
}

/// Permission to request one payload. Drop it when the reply has arrived: the spacing starts then.
#[must_use]
pub struct PayloadPermit<'a> {
    /// `None` without a lock file, or if locking is impossible.
    held: Option<FileLock>,
    clock: &'a dyn Clock,
}

impl<'a> PayloadLimiter<'a> {
    /// Uses this lock file; without one, no other process is expected.
    #[must_use]
    pub fn new(lock_file: Option<PathBuf>, clock: &'a dyn Clock) -> Self {
        Self { lock_file, clock }
    }

    /// Waits for permission.
    ///
    /// # Errors
    /// `transient_upstream_error` if other processes hold the lock for too long.
    pub async fn take(&self) -> Result<PayloadPermit<'a>> {
        let held = self.lock().await?;
        let permit = PayloadPermit { held, clock: self.clock };
        let wait = permit.last().map_or(Duration::ZERO, |last| left(last, self.clock.now()));
        if !wait.is_zero() {
            tracing::info!(target: "getcard::auth::payload_limiter", wait_ms = milliseconds(wait), "waiting: payloads are fetched a second apart");
            tokio::time::sleep(wait).await;
        }
        // Stamp it now as well: the process may be killed before the reply arrives.
        permit.stamp();
        Ok(permit)
    }

    async fn lock(&self) -> Result<Option<FileLock>> {
        let Some(path) = &self.lock_file else { return Ok(None) };
        let result = match lock::acquire(path, Duration::ZERO) {
            Err(LockError::Busy) => {
                tracing::info!(target: "getcard::auth::payload_limiter", "waiting: another getcard is fetching a payload");
                lock::acquire_async(path, LOCK_TIMEOUT).await
            }
            result => result,
        };
        match result {
            Ok(lock) => Ok(Some(lock)),
            Err(LockError::Busy) => {
                let error =
                    Error::new(Cause::ProfileBusy, "other getcards are fetching payloads of this profile");
                Err(error.hint("let them finish, then try again"))
            }
            // Without a usable lock file, using the card matters more than the spacing.
            Err(LockError::Io(error)) => {
                tracing::debug!(target: "getcard::auth::payload_limiter", %error, "cannot space payloads");
                Ok(None)
            }
        }
    }
}

impl PayloadPermit<'_> {
    /// When the last payload was requested or received.
    fn last(&self) -> Option<Timestamp> {
        let mut text = String::new();
        self.held.as_ref()?.file().take(MAX_STAMP).read_to_string(&mut text).ok()?;
        text.trim().parse().ok()
    }

    fn stamp(&self) {
        let Some(mut file) = self.held.as_ref().map(FileLock::file) else { return };
        let text = format!("{}\n", self.clock.now());
        let written = file.rewind().and_then(|()| file.write_all(text.as_bytes()));
        if let Err(error) = written.and_then(|()| file.set_len(text.len() as u64)) {
            tracing::debug!(target: "getcard::auth::payload_limiter", %error, "cannot record the time of a payload");
        }
    }
}

impl Drop for PayloadPermit<'_> {
    fn drop(&mut self) {
        self.stamp();
    }
}

/// The time until the next request; the full spacing if the clock was set back.
fn left(last: Timestamp, now: Timestamp) -> Duration {
    let since = Duration::try_from(now.duration_since(last)).unwrap_or(Duration::ZERO);
    SPACING.saturating_sub(since)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::SystemClock;
    use jiff::SignedDuration;

    #[test]
    fn requests_are_a_second_apart_even_if_the_clock_was_set_back() {
        let last = Timestamp::UNIX_EPOCH;
        let wait = |ms| left(last, last + SignedDuration::from_millis(ms)).as_millis();
        assert_eq!([wait(0), wait(300), wait(1_000), wait(9_000), wait(-60_000)], [1_000, 700, 0, 0, 1_000]);
    }

    #[tokio::test(start_paused = true)]
    async fn permits_are_exclusive() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.lock");
        let turns = PayloadLimiter::new(Some(path.clone()), &SystemClock);
        let start = tokio::time::Instant::now();
        let first = turns.take().await.unwrap();
        assert!(start.elapsed().is_zero(), "the first permit is immediate");
        assert!(lock::acquire(&path, Duration::ZERO).is_err(), "the lock is held");
        drop(first);
        let second = turns.take().await.unwrap();
        assert!(start.elapsed() > Duration::from_millis(500), "{:?}", start.elapsed());
        drop(second);
        std::fs::write(&path, "not a time, and longer than one that we would write in that place, by far")
            .unwrap();
        assert!(turns.take().await.unwrap().last().is_none());
    }

    #[tokio::test]
    async fn a_permit_needs_no_usable_lock_file() {
        let dir = tempfile::tempdir().unwrap();
        let blocked = dir.path().join("file");
        std::fs::write(&blocked, "").unwrap();
        let turns = PayloadLimiter::new(Some(blocked.join("x.lock")), &SystemClock);
        assert!(turns.take().await.unwrap().last().is_none());
    }
}
