//! Decides when to poll the service next: at an interval, with back-off while it fails.

use std::time::Duration;

use crate::error::{Cause, Error};
use crate::platform::clock::Moment;

/// The maximum back-off, unless the service asks for more. With jitter it is up to 15 s.
const MAX_BACK_OFF: Duration = Duration::from_secs(12);

/// The minimum time between requests, even if the user asks for one.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// Schedules requests of one kind; at most one is in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollTimer {
    interval: Duration,
    failures: u32,
    asked: Option<Moment>,
    under_way: bool,
    /// The start and the length of the current pause.
    pause: Option<(Moment, Duration)>,
}

impl PollTimer {
    /// Schedules a request every `interval`, the first one immediately.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        Self { interval, failures: 0, asked: None, under_way: false, pause: None }
    }

    /// The time until the next request; `None` while one is in flight.
    #[must_use]
    pub fn wait(&self, now: Moment) -> Option<Duration> {
        if self.under_way {
            return None;
        }
        let rest = self.pause.map(|(since, length)| length.saturating_sub(now.since(since)));
        Some(rest.unwrap_or_default())
    }

    /// Returns whether a request is in flight.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.under_way
    }

    /// When the last request was made, including one in flight.
    #[must_use]
    pub fn asked(&self) -> Option<Moment> {
        self.asked
    }

    /// Starts a request if one is due, and returns whether it did.
    pub fn start(&mut self, now: Moment) -> bool {
        let due = self.wait(now).is_some_and(|wait| wait.is_zero());
        if due {
            self.asked = Some(now);
            self.under_way = true;
        }
        due
    }

    /// Gives up on the request in flight; the next one is due, at least a second after it.
    pub fn abandon(&mut self) {
        self.under_way = false;
        self.pause = self.asked.map(|asked| (asked, MIN_INTERVAL));
    }

    /// Handles success. The next request follows an interval after this one, but at least half an interval
    /// after its reply.
    pub fn succeeded(&mut self, now: Moment) {
        let since = self.asked.unwrap_or(now);
        let spent = now.since(since);
        self.under_way = false;
        self.failures = 0;
        self.pause = Some((since, self.interval.max(spent + self.interval / 2)));
    }

    /// Handles a failure. The back-off doubles with each consecutive failure, starting at once if the service
    /// complains of too many requests, and respects Retry-After. `chance`, from 0 to 1, adds jitter so that
    /// clients do not poll in step.
    pub fn failed(&mut self, now: Moment, error: &Error, chance: f32) {
        self.under_way = false;
        self.failures = self.failures.saturating_add(1);
        let doublings = self.failures - u32::from(!is_rate_limit(error));
        let grown = self.interval.saturating_mul(1 << doublings.min(8)).min(MAX_BACK_OFF);
        let pause = grown.mul_f32(1.0 + chance.clamp(0.0, 1.0) / 4.0);
        self.pause = Some((now, pause.max(error.retry_after().unwrap_or_default())));
    }

    /// Makes the next request due as soon as possible, at least a second after the last one.
    pub fn poll_soon(&mut self, now: Moment) {
        let pause = self.asked.map(|asked| (asked, MIN_INTERVAL));
        let sooner = self.pause.is_none_or(|(since, length)| {
            let rest = length.saturating_sub(now.since(since));
            pause.is_none_or(|(asked, shortest)| shortest.saturating_sub(now.since(asked)) < rest)
        });
        if sooner {
            self.pause = pause;
        }
    }
}

/// A random number from 0 to 1, for [`PollTimer::failed`].
#[must_use]
pub fn chance() -> f32 {
    let random = getrandom::u32().unwrap_or_default();
    f32::from(u16::try_from(random >> 16).unwrap_or_default()) / f32::from(u16::MAX)
}

fn is_rate_limit(error: &Error) -> bool {
    matches!(error.cause(), Some(Cause::HttpStatus { status: 429, .. }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    const INTERVAL: Duration = Duration::from_secs(10);

    fn moment(seconds: u64) -> Moment {
        let wall = Timestamp::from_second(1_770_000_000 + i64::try_from(seconds).unwrap()).unwrap();
        let steady = Duration::from_secs(seconds);
        Moment { wall, steady, boot: steady }
    }

    fn waits(pace: &PollTimer, now: u64) -> u64 {
        pace.wait(moment(now)).unwrap().as_secs()
    }

    fn failures(error: &Error, count: usize) -> Vec<u64> {
        let mut pace = PollTimer::new(INTERVAL);
        let pauses = (0..count).map(|_| {
            pace.failed(moment(0), error, 0.0);
            waits(&pace, 0)
        });
        pauses.collect()
    }

    #[test]
    fn requests_are_an_interval_apart_and_never_two_at_once() {
        let mut pace = PollTimer::new(INTERVAL);
        assert_eq!(waits(&pace, 0), 0);
        assert!(pace.start(moment(0)));
        assert!(!pace.start(moment(99)));
        assert_eq!(pace.wait(moment(99)), None);
        pace.succeeded(moment(2));
        assert_eq!(waits(&pace, 2), 8);
        pace.start(moment(10));
        pace.succeeded(moment(19));
        assert_eq!(waits(&pace, 19), 5, "a slow service gets a longer pause");
    }

    fn too_many(retry_after: Option<Duration>) -> Cause {
        Cause::HttpStatus { status: 429, retry_after }
    }

    #[test]
    fn the_back_off_grows_with_failures() {
        let error = Error::new(Cause::CannotConnect, "x");
        assert_eq!(failures(&error, 5), [10, 12, 12, 12, 12]);
        assert_eq!(failures(&Error::new(too_many(None), "x"), 4), [12, 12, 12, 12]);
        let rate_limited = Error::new(too_many(Some(Duration::from_secs(90))), "x");
        assert_eq!(failures(&rate_limited, 2), [90, 90]);
    }

    #[test]
    fn jitter_only_lengthens_the_back_off() {
        let mut pace = PollTimer::new(INTERVAL);
        pace.failed(moment(0), &Error::new(Cause::CannotConnect, "x"), 1.0);
        assert_eq!(pace.wait(moment(0)), Some(Duration::from_millis(12_500)));
    }

    #[test]
    fn poll_soon_keeps_a_second_between_requests() {
        let mut pace = PollTimer::new(INTERVAL);
        pace.start(moment(0));
        pace.succeeded(moment(0));
        pace.poll_soon(moment(0));
        assert_eq!(waits(&pace, 0), 1);
        pace.poll_soon(moment(5));
        assert_eq!(waits(&pace, 5), 0);
    }

    #[test]
    fn a_request_is_due_after_sleep() {
        let mut pace = PollTimer::new(INTERVAL);
        pace.start(moment(0));
        pace.succeeded(moment(0));
        let woken = Moment { wall: moment(3600).wall, ..moment(1) };
        assert_eq!(pace.wait(woken), Some(Duration::ZERO));
    }
}
