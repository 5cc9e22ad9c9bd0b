//! Polled data: the newest reply, what has failed since, and when to poll next.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::live::poll_timer::PollTimer;
use crate::platform::clock::Moment;

/// A reply of the service, the newest successful one and what has failed since.
pub struct Polled<T> {
    /// The newest reply, and when it was asked for: it cannot be younger than that.
    pub latest: Option<(T, Moment)>,
    /// The age that it was seen at last: whatever clocks do, it does not get younger.
    seen: Option<(Duration, Moment)>,
    /// Why the last request failed.
    pub failure: Option<Error>,
    /// When it is asked for.
    pub pace: PollTimer,
}

impl<T> Polled<T> {
    /// Nothing yet, to be asked for every `interval`.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        Self { latest: None, seen: None, failure: None, pace: PollTimer::new(interval) }
    }

    /// How old the newest reply is.
    #[must_use]
    pub fn age(&self, now: Moment) -> Option<Duration> {
        let age = now.since(self.latest.as_ref()?.1);
        let least = self.seen.map(|(age, at)| age + now.steady.saturating_sub(at.steady));
        Some(age.max(least.unwrap_or_default()))
    }

    /// Updates how old the reply is.
    pub fn look(&mut self, now: Moment) {
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
