//! Detects that the machine was suspended, from the drift between its clocks.

use std::time::Duration;

use crate::platform::clock::Moment;

/// The maximum drift between two checks without a suspend.
const DRIFT: Duration = Duration::from_secs(5);

/// Returns whether the machine was suspended between two moments, or its wall clock was set ahead.
#[must_use]
pub fn slept(before: Moment, now: Moment) -> bool {
    now.since(before).saturating_sub(now.steady.saturating_sub(before.steady)) > DRIFT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::payment_watch::tests::moment;
    use jiff::SignedDuration;

    #[test]
    fn sleep_is_time_that_the_steady_clock_missed() {
        let now = moment(60);
        assert!(!slept(moment(0), now));
        assert!(slept(moment(0), Moment { wall: now.wall + SignedDuration::from_secs(6), ..now }));
        assert!(slept(moment(0), Moment { boot: Duration::from_secs(66), ..now }));
        assert!(!slept(moment(0), Moment { wall: now.wall - SignedDuration::from_secs(600), ..now }));
    }
}
