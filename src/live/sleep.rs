//! Whether the machine slept: its clocks drift apart.

use std::time::Duration;

use crate::platform::clock::Moment;

/// By how much the clocks may drift apart between two looks before the machine must have slept.
const DRIFT: Duration = Duration::from_secs(5);

/// Whether the machine slept between two moments, or its clock was set ahead.
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
    fn sleep_is_what_the_steady_clock_did_not_see() {
        let now = moment(60);
        assert!(!slept(moment(0), now));
        assert!(slept(moment(0), Moment { wall: now.wall + SignedDuration::from_secs(6), ..now }));
        assert!(slept(moment(0), Moment { boot: Duration::from_secs(66), ..now }));
        assert!(!slept(moment(0), Moment { wall: now.wall - SignedDuration::from_secs(600), ..now }));
    }
}
