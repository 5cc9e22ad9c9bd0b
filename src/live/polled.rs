//! Polled data: the newest reply, the last failure, and when to poll next.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::live::poll_timer::PollTimer;
use crate::platform::clock::Moment;

/// The newest successful reply, and the failure since then.
pub struct Polled<T> {
    /// The newest reply, and when it was requested: the data is at least as old as that.
    pub latest: Option<(T, Moment)>,
    /// The last observed age and when: whatever the clocks do, data never becomes younger.
    seen: Option<(Duration, Moment)>,
    /// The error of the last request, if it failed.
    pub failure: Option<Error>,
    /// When to poll.
    pub pace: PollTimer,
}

impl<T> Polled<T> {
    /// No data yet; polled every `interval`.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        Self { latest: None, seen: None, failure: None, pace: PollTimer::new(interval) }
    }

    /// The age of the newest reply.
    #[must_use]
    pub fn age(&self, now: Moment) -> Option<Duration> {
        let age = now.since(self.latest.as_ref()?.1);
        let least = self.seen.map(|(age, at)| age + now.steady.saturating_sub(at.steady));
        Some(age.max(least.unwrap_or_default()))
    }

    /// Records the age, below which it cannot fall any more.
    pub fn record_age(&mut self, now: Moment) {
        self.seen = self.age(now).map(|age| (age, now));
    }

    /// Handles a reply.
    pub fn take(&mut self, now: Moment, answer: Result<T>, jitter: f32) {
        match answer {
            Ok(latest) => {
                self.latest = Some((latest, self.pace.asked().unwrap_or(now)));
                self.seen = None;
                self.failure = None;
                self.pace.succeeded(now);
            }
            Err(error) => {
                self.pace.failed(now, &error, jitter);
                self.failure = Some(error);
            }
        }
    }
}
