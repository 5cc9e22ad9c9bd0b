//! Breaks: runs of two weeks or more without a purchase, such as vacations.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

/// The minimum length of a break, in days.
const MIN_DAYS: usize = 14;

/// A range of days without a purchase, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Break {
    pub from: Date,
    pub to: Date,
}

impl Break {
    pub(super) fn days(self) -> usize {
        days_between(self.from, self.to) + 1
    }

    /// Returns whether this break overlaps the inclusive range `from..=to`.
    pub(super) fn overlaps(self, from: Date, to: Date) -> bool {
        self.from <= to && from <= self.to
    }
}

/// Finds the breaks between the first purchase and `today` (exclusive), oldest first.
pub fn find(purchase_days: &BTreeSet<Date>, today: Date) -> Vec<Break> {
    let past = purchase_days.range(..today).copied();
    let next = purchase_days.range(..today).skip(1).copied().chain([today]);
    let gaps = past.zip(next).filter_map(|(last, next)| {
        let (from, to) = (last.tomorrow().ok()?, next.yesterday().ok()?);
        (from <= to).then_some(Break { from, to })
    });
    gaps.filter(|gap| gap.days() >= MIN_DAYS).collect()
}

/// The number of days from `from` to a later `to`; 0 if `to` is earlier.
pub fn days_between(from: Date, to: Date) -> usize {
    let days = from.until(to).map(|span| span.get_days()).unwrap_or_default();
    usize::try_from(days).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn found(days: &[&str], today: &str) -> Vec<(String, String)> {
        let days = days.iter().map(|text| day(text)).collect();
        find(&days, day(today)).iter().map(|it| (it.from.to_string(), it.to.to_string())).collect()
    }

    fn gap(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn fourteen_empty_days_are_a_break_and_thirteen_are_not() {
        assert_eq!(found(&["2026-01-01", "2026-01-16"], "2026-01-17"), [gap("2026-01-02", "2026-01-15")]);
        assert!(found(&["2026-01-01", "2026-01-15"], "2026-01-16").is_empty());
    }

    #[test]
    fn a_break_can_last_until_yesterday() {
        assert_eq!(found(&["2026-01-01"], "2026-02-01"), [gap("2026-01-02", "2026-01-31")]);
        assert!(found(&[], "2026-02-01").is_empty());
        assert!(found(&["2026-02-01", "2026-03-01"], "2026-02-01").is_empty());
    }
}
