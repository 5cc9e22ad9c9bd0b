//! When a profile may ask for its next payload: one second after the last one, no matter how many processes run.

use std::io::{Read, Seek, Write};
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use crate::error::{Cause, Error, Result};
use crate::platform::clock::Clock;
use crate::platform::lock::{self, FileLock, LockError};

/// The least time between a reply and the next request.
const SPACING: Duration = Duration::from_secs(1);

/// How long to queue behind other processes.
const LOCK_TIMEOUT: Duration = Duration::from_secs(120);

/// The longest stamp, in bytes; getcard never writes a longer one.
const LONGEST: u64 = 64;

/// The turns of one profile at one origin.
pub struct PayloadLimiter<'a> {
    lock_file: Option<PathBuf>,
    clock: &'a dyn Clock,
}

/// The right to ask for one payload. Dropped when the reply is there: the next turn is a second later.
#[must_use]
pub struct PayloadPermit<'a> {
    /// `None` if no other process is expected, or there can be no lock.
    held: Option<FileLock>,
    clock: &'a dyn Clock,
}

impl<'a> PayloadLimiter<'a> {
    /// The turns that this lock file keeps; without one no other process is expected.
    #[must_use]
    pub fn new(lock_file: Option<PathBuf>, clock: &'a dyn Clock) -> Self {
        Self { lock_file, clock }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// `transient_upstream_error` when others hold it for too long.
    pub async fn take(&self) -> Result<PayloadPermit<'a>> {
        let held = self.lock().await?;
        let turn = PayloadPermit { held, clock: self.clock };
        let wait = turn.last().map_or(Duration::ZERO, |last| left(last, self.clock.now()));
        if !wait.is_zero() {
            tracing::info!(target: "getcard::auth::payload_limiter", ?wait, "waiting: payloads are fetched a second apart");
            tokio::time::sleep(wait).await;
        }
        // The process may be killed before the reply is there.
        turn.stamp();
        Ok(turn)
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
            // If there can be no lock file, using the card matters more than the spacing.
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
        self.held.as_ref()?.file().take(LONGEST).read_to_string(&mut text).ok()?;
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

/// The time until the next turn; the full spacing if the clock was set back.
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
    fn a_turn_is_a_second_after_the_last_even_by_a_clock_that_was_set_back() {
        let last = Timestamp::UNIX_EPOCH;
        let wait = |ms| left(last, last + SignedDuration::from_millis(ms)).as_millis();
        assert_eq!([wait(0), wait(300), wait(1_000), wait(9_000), wait(-60_000)], [1_000, 700, 0, 0, 1_000]);
    }

    #[tokio::test(start_paused = true)]
    async fn turns_are_taken_one_after_another() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.lock");
        let turns = PayloadLimiter::new(Some(path.clone()), &SystemClock);
        let start = tokio::time::Instant::now();
        let first = turns.take().await.unwrap();
        assert!(start.elapsed().is_zero(), "the first waits for nothing");
        assert!(lock::acquire(&path, Duration::ZERO).is_err(), "nobody else asks meanwhile");
        drop(first);
        let second = turns.take().await.unwrap();
        assert!(start.elapsed() > Duration::from_millis(500), "{:?}", start.elapsed());
        drop(second);
        std::fs::write(&path, "not a time, and longer than one that we would write in that place, by far")
            .unwrap();
        assert!(turns.take().await.unwrap().last().is_none());
    }

    #[tokio::test]
    async fn without_a_place_for_a_lock_there_is_a_turn() {
        let dir = tempfile::tempdir().unwrap();
        let blocked = dir.path().join("file");
        std::fs::write(&blocked, "").unwrap();
        let turns = PayloadLimiter::new(Some(blocked.join("x.lock")), &SystemClock);
        assert!(turns.take().await.unwrap().last().is_none());
    }
}
