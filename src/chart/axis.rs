//! Where the marks of an axis are, and what is written at them.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::money::Unit;

/// Marks at round numbers, from at or below `low` to at or above `high`; about `most`, two at least.
pub fn marks(low: f64, high: f64, most: u16, unit: Unit) -> Vec<f64> {
    let span = if high > low { high - low } else { 1.0 };
    let rough = span / f64::from(most.max(2) - 1);
    let power = 10_f64.powf(rough.log10().floor());
    let round = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power);
    let smallest = if unit == Unit::Meals { 1.0 } else { 0.01 };
    let step = round.fold(f64::INFINITY, |best: f64, step| if step >= rough { best.min(step) } else { best });
    let step = step.max(smallest);
    let start = (low / step).floor() * step;
    let mut marks = vec![start];
    let mut number = 0_u32;
    while marks.last().is_none_or(|last| *last < high) && number < 64 {
        number += 1;
        marks.push(start + f64::from(number) * step);
    }
    if marks.len() == 1 {
        marks.push(start + step);
    }
    marks
}

/// A mark as people read it.
pub fn mark_label(mark: f64, marks: &[f64], unit: Unit) -> String {
    let step = marks.get(1).zip(marks.first()).map_or(1.0, |(next, first)| next - first);
    let sign = if mark < 0.0 { "-" } else { "" };
    let mark = mark.abs();
    match unit {
        Unit::Usd if step < 1.0 => format!("{sign}${mark:.2}"),
        Unit::Usd => format!("{sign}${mark:.0}"),
        Unit::Meals => format!("{sign}{mark:.0}"),
    }
}

/// So many labels spread evenly over a span of time, as exact as the span needs.
pub fn times(first: Timestamp, last: Timestamp, count: u16, zone: &TimeZone) -> Vec<String> {
    let span = last.duration_since(first);
    let format = if span < SignedDuration::from_hours(48) { "%m-%d %H:%M" } else { "%Y-%m-%d" };
    let gaps = i32::from(count.max(2)) - 1;
    let label = |number: i32| {
        let at = span.checked_mul(number).and_then(|part| part.checked_div(gaps)).unwrap_or_default();
        let at = first.checked_add(at).unwrap_or(last);
        at.to_zoned(zone.clone()).strftime(format).to_string()
    };
    (0..=gaps).map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::proptest;

    fn labels(low: f64, high: f64, unit: Unit) -> Vec<String> {
        let marks = marks(low, high, 4, unit);
        marks.iter().map(|mark| mark_label(*mark, &marks, unit)).collect()
    }

    #[test]
    fn marks_are_round_numbers_around_the_values() {
        assert_eq!(labels(0.0, 120.5, Unit::Usd), ["$0", "$50", "$100", "$150"]);
        assert_eq!(labels(0.0, 0.8, Unit::Usd), ["$0.00", "$0.50", "$1.00"]);
        assert_eq!(labels(-12.0, 30.0, Unit::Usd), ["-$20", "$0", "$20", "$40"]);
        assert_eq!(labels(0.0, 2.0, Unit::Meals), ["0", "1", "2"]);
        assert_eq!(labels(0.0, 0.0, Unit::Meals), ["0", "1"]);
    }

    #[test]
    fn times_are_local_and_reach_both_ends() {
        let zone = TimeZone::get("America/Los_Angeles").unwrap();
        let at = |text: &str| text.parse().unwrap();
        assert_eq!(
            times(at("2026-01-01T12:00:00Z"), at("2026-03-02T12:00:00Z"), 3, &zone),
            ["2026-01-01", "2026-01-31", "2026-03-02"]
        );
        assert_eq!(
            times(at("2026-01-01T12:00:00Z"), at("2026-01-01T14:00:00Z"), 2, &zone),
            ["01-01 04:00", "01-01 06:00"]
        );
    }

    proptest! {
        #[test]
        fn marks_enclose_any_values(low in -1e12_f64..1e12, span in 0.0_f64..1e12, most in 2_u16..10) {
            let marks = marks(low, low + span, most, Unit::Usd);
            assert!(marks.len() >= 2 && marks.len() <= usize::from(most) + 3, "{marks:?}");
            let slack = span.abs().max(low.abs()).max(1.0) * 1e-9;
            assert!(marks[0] <= low + slack && marks[marks.len() - 1] >= low + span - slack, "{marks:?}");
        }
    }
}
