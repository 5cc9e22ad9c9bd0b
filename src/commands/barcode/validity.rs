//! The validity of a code as text: when it was fetched and when it expires.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::tui::freshness::VALID;

/// The validity of a code.
#[derive(Debug, Clone, Copy)]
pub struct Validity {
    fetched_at: Timestamp,
}

impl From<Timestamp> for Validity {
    fn from(fetched_at: Timestamp) -> Self {
        Self { fetched_at }
    }
}

impl Validity {
    #[must_use]
    pub fn fetched_at(&self) -> Timestamp {
        self.fetched_at
    }

    fn ends_at(&self) -> Timestamp {
        let valid = SignedDuration::try_from(VALID).unwrap_or(SignedDuration::MAX);
        self.fetched_at.checked_add(valid).unwrap_or(Timestamp::MAX)
    }

    /// The text for a line next to the code.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("fetched {}, good until {}", time(self.fetched_at), time(self.ends_at()))
    }

    /// The caption of the code's picture.
    #[must_use]
    pub fn caption(&self) -> [String; 2] {
        [format!("fetched {}", day_and_time(self.fetched_at)), format!("good until {}", time(self.ends_at()))]
    }

    /// The caption of the picture that replaces an expired code.
    #[must_use]
    pub fn expired_caption(&self) -> [String; 2] {
        [format!("fetched {}", day_and_time(self.fetched_at)), "fetch a new code".to_owned()]
    }
}

fn time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system()).strftime("%H:%M:%S").to_string()
}

fn day_and_time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_valid_for_a_minute() {
        let validity = Validity::from(Timestamp::from_second(1_770_663_851).unwrap());
        assert_eq!(validity.ends_at().duration_since(validity.fetched_at()), SignedDuration::from_secs(60));
        let [fetched, until] = validity.caption();
        assert!(
            fetched.starts_with("fetched 2026-02-") && until.starts_with("good until "),
            "{fetched} {until}"
        );
        assert!(validity.sentence().ends_with(until.as_str()), "{}", validity.sentence());
        assert_eq!(validity.expired_caption()[0], fetched);
    }
}
