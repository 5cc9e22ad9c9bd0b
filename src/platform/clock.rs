//! The clock, as a trait that tests can replace.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp, Unit};

/// A source of time.
pub trait Clock: Send + Sync {
    /// The current wall-clock time.
    fn now(&self) -> Timestamp;

    /// Monotonic time since an arbitrary point in this process; it may stop during suspend.
    fn steady(&self) -> Duration;

    /// Like [`Self::steady`], but including suspend if the platform reports it.
    fn boot(&self) -> Duration {
        self.steady()
    }

    /// The current moment on all clocks.
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
        // Finer resolution is noise.
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

/// A moment on three clocks, none of which suffices alone: the steady clock stops while the machine is
/// suspended, the wall clock can be set, and not every platform has a boot clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The wall clock.
    pub wall: Timestamp,
    /// The steady clock.
    pub steady: Duration,
    /// The time since boot, including suspend; the steady clock if there is none.
    pub boot: Duration,
}

impl Moment {
    /// The time since an earlier moment, by the clock that measured most: data must not appear too fresh.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let wall = Duration::try_from(self.wall.duration_since(earlier.wall)).unwrap_or_default();
        let (steady, boot) =
            (self.steady.saturating_sub(earlier.steady), self.boot.saturating_sub(earlier.boot));
        steady.max(boot).max(wall)
    }

    /// The wall-clock time `age` before this moment.
    #[must_use]
    pub fn ago(self, age: Duration) -> Timestamp {
        let age = SignedDuration::try_from(age).unwrap_or(SignedDuration::MAX);
        self.wall.checked_sub(age).unwrap_or(Timestamp::MIN)
    }

    /// The wall-clock time `wait` after this moment.
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
    fn suspend_and_clock_changes_never_make_data_younger() {
        let fetched = moment(1_000_000, 50);
        let cases = [
            (moment(1_000_003, 53), 3),
            // Suspended for an hour: only the wall clock shows it.
            (moment(1_003_603, 53), 3603),
            // The clock was set back: only the steady clock shows the time passed.
            (moment(996_403, 53), 3),
        ];
        for (now, seconds) in cases {
            assert_eq!(now.since(fetched), Duration::from_secs(seconds));
        }
        assert_eq!(fetched.since(moment(1_000_003, 53)), Duration::ZERO);
        // Suspended for 90 s, then the clock was set back by as much: only the boot clock shows it.
        let woken = Moment { boot: Duration::from_secs(143), ..moment(1_000_003, 53) };
        assert_eq!(woken.since(fetched), Duration::from_secs(93));
    }

    #[test]
    fn wall_times_follow_the_current_wall_clock() {
        let now = moment(996_403, 53);
        assert_eq!(now.ago(Duration::from_secs(3)).as_second(), 996_400);
        assert_eq!(now.ahead(Duration::from_secs(7)).as_second(), 996_410);
        assert_eq!(now.ago(Duration::MAX), Timestamp::MIN);
        assert_eq!(now.ahead(Duration::MAX), Timestamp::MAX);
    }
}
