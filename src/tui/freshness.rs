//! How much a shown code can be trusted.

use std::time::Duration;

/// How long a code is said to stay valid; see "Barcode" in src/get/PROTOCOL.md.
pub const VALID: Duration = Duration::from_secs(60);

/// What a code is worth now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// There is none yet.
    Absent,
    /// As good as the service gives them.
    Live,
    /// Younger than a minute, but the last refresh failed.
    Stale,
    /// Older than a minute: not to be scanned.
    Expired,
}

impl Freshness {
    /// The freshness of a code of this age, given whether its last refresh failed.
    #[must_use]
    pub fn of(age: Option<Duration>, failed: bool) -> Self {
        match age {
            None => Self::Absent,
            Some(age) if age >= VALID => Self::Expired,
            Some(_) if failed => Self::Stale,
            Some(_) => Self::Live,
        }
    }

    /// Whether the code must not be seen.
    #[must_use]
    pub fn hides_barcode(self) -> bool {
        matches!(self, Self::Absent | Self::Expired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_and_failures_make_a_code_stale() {
        let age = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(Freshness::of(None, false), Freshness::Absent);
        assert_eq!(Freshness::of(age(59), false), Freshness::Live);
        assert_eq!(Freshness::of(age(3), true), Freshness::Stale);
        assert_eq!(Freshness::of(age(60), false), Freshness::Expired);
        assert!(Freshness::of(age(61), true).hides_barcode());
        assert!(!Freshness::Stale.hides_barcode());
    }
}
