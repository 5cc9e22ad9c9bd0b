//! The time, as a trait that tests replace.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp, Unit};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The wall-clock time now.
    fn now(&self) -> Timestamp;

    /// Monotonic time since an arbitrary moment of this process; it may stop during sleep.
    fn steady(&self) -> Duration;

    /// The same time including sleep, if the platform reports it.
    fn boot(&self) -> Duration {
        self.steady()
    }

    /// Now, on each.
    fn moment(&self) -> Moment {
        Moment { wall: self.now(), steady: self.steady(), boot: self.boot() }
    }
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        // Anything finer than a millisecond is noise.
        now.round(Unit::Millisecond).unwrap_or(now)
    }

    fn steady(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }

    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    fn boot(&self) -> Duration {
        use rustix::time::{ClockId, clock_gettime};
        #[cfg(target_vendor = "apple")]
        const COUNTS_SLEEP: ClockId = ClockId::Monotonic;
        #[cfg(not(target_vendor = "apple"))]
        const COUNTS_SLEEP: ClockId = ClockId::Boottime;
        clock_gettime(COUNTS_SLEEP).try_into().unwrap_or_default()
    }
}

/// An instant on three clocks, of which each knows what others do not: the steady one stands still while the machine
/// sleeps, the wall clock is set back and forth, and not every platform has one since boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The wall clock.
    pub wall: Timestamp,
    /// The steady clock.
    pub steady: Duration,
    /// The clock since boot, including sleep; the monotonic one if there is none.
    pub boot: Duration,
}

impl Moment {
    /// The time since an earlier moment, by the clock that measured more: what is shown as fresh is fresh.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let wall = Duration::try_from(self.wall.duration_since(earlier.wall)).unwrap_or_default();
        let (steady, boot) =
            (self.steady.saturating_sub(earlier.steady), self.boot.saturating_sub(earlier.boot));
        steady.max(boot).max(wall)
    }

    /// The wall-clock time that lies `age` before this moment, by the wall clock as it is now.
    #[must_use]
    pub fn ago(self, age: Duration) -> Timestamp {
        let age = SignedDuration::try_from(age).unwrap_or(SignedDuration::MAX);
        self.wall.checked_sub(age).unwrap_or(Timestamp::MIN)
    }

    /// The wall-clock time that lies `wait` after this moment.
    #[must_use]
    pub fn ahead(self, wait: Duration) -> Timestamp {
        let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        self.wall.checked_add(wait).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(wall: i64, steady: u64) -> Moment {
        let steady = Duration::from_secs(steady);
        Moment { wall: Timestamp::from_second(wall).unwrap(), steady, boot: steady }
    }

    #[test]
    fn sleep_and_clocks_that_jump_make_nothing_younger() {
        let fetched = moment(1_000_000, 50);
        let cases = [
            (moment(1_000_003, 53), 3),
            // Slept an hour: only the wall clock knows.
            (moment(1_003_603, 53), 3603),
            // The clock was set back: only the steady one knows.
            (moment(996_403, 53), 3),
        ];
        for (now, seconds) in cases {
            assert_eq!(now.since(fetched), Duration::from_secs(seconds));
        }
        assert_eq!(fetched.since(moment(1_000_003, 53)), Duration::ZERO);
        // Slept for 90 s, and then the clock was set back by as much: only the one since boot knows.
        let woken = Moment { boot: Duration::from_secs(143), ..moment(1_000_003, 53) };
        assert_eq!(woken.since(fetched), Duration::from_secs(93));
    }

    #[test]
    fn times_are_told_by_the_clock_as_it_is_now() {
        let now = moment(996_403, 53);
        assert_eq!(now.ago(Duration::from_secs(3)).as_second(), 996_400);
        assert_eq!(now.ahead(Duration::from_secs(7)).as_second(), 996_410);
        assert_eq!(now.ago(Duration::MAX), Timestamp::MIN);
        assert_eq!(now.ahead(Duration::MAX), Timestamp::MAX);
    }
}
