//! The time, as a seam for tests.

use jiff::{Timestamp, Unit};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The wall-clock time now.
    fn now(&self) -> Timestamp;
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        // Finer than a millisecond is noise to everyone who reads it.
        now.round(Unit::Millisecond).unwrap_or(now)
    }
}
