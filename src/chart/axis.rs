//! Axis ticks and their labels: round numbers, and whole hours, days or months.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use super::data::{Chart, Track, seconds};
use crate::model::money::{Amount, Unit};

/// An axis tick.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The position on the axis, from 0 to 1.
    pub at: f64,
    pub label: String,
}

/// The axes of one account's plot; every point lies within them.
pub struct Axes {
    pub balances: Vec<Mark>,
    pub times: Vec<Mark>,
    lowest: f64,
    highest: f64,
    first: f64,
    last: f64,
}

impl Axes {
    /// Axes with about `most_balances` ticks for balances and at most about `most_times` for time.
    pub fn new(chart: &Chart, track: &Track, most_balances: u16, most_times: u16) -> Self {
        let (low, high) = track.extent();
        let steps = round_numbers(low, high, most_balances, track.unit);
        let (first, last) = (seconds(chart.first), seconds(chart.last).max(seconds(chart.first) + 1.0));
        let ends = [steps.first(), steps.last()].map(|step| step.copied().unwrap_or_default());
        let mut axes =
            Self { balances: Vec::new(), times: Vec::new(), lowest: ends[0], highest: ends[1], first, last };
        axes.balances = steps
            .iter()
            .map(|step| Mark { at: axes.y(*step), label: amount_label(*step, &steps, track.unit) })
            .collect();
        let times = round_times(chart.first, chart.last, most_times, &chart.zone);
        axes.times = times.into_iter().map(|(at, label)| Mark { at: axes.x(seconds(at)), label }).collect();
        axes
    }

    /// The position of a time, from 0 to 1.
    pub fn x(&self, second: f64) -> f64 {
        ((second - self.first) / (self.last - self.first)).clamp(0.0, 1.0)
    }

    /// The position of a balance, from 0 to 1.
    pub fn y(&self, balance: f64) -> f64 {
        ((balance - self.lowest) / (self.highest - self.lowest)).clamp(0.0, 1.0)
    }

    /// The position of zero, or of the end nearest to it.
    pub fn base(&self) -> f64 {
        self.y(0.0)
    }
}

/// Evenly spaced round numbers that enclose `low` and `high`: about `most`, at least two.
fn round_numbers(low: f64, high: f64, most: u16, unit: Unit) -> Vec<f64> {
    let span = if high > low { high - low } else { 1.0 };
    let rough = span / f64::from(most.max(2) - 1);
    let power = 10_f64.powf(rough.log10().floor());
    let round = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power);
    let smallest = if unit == Unit::Meals { 1.0 } else { 0.01 };
    let step = round.fold(f64::INFINITY, |best: f64, step| if step >= rough { best.min(step) } else { best });
    let step = step.max(smallest);
    let start = (low / step).floor();
    let mut numbers = vec![start * step];
    while numbers.last().is_none_or(|last| *last < high) && numbers.len() < 64 {
        let number = f64::from(u8::try_from(numbers.len()).unwrap_or(u8::MAX));
        numbers.push((start + number) * step);
    }
    if numbers.len() == 1 {
        numbers.push((start + 1.0) * step);
    }
    numbers
}

/// Formats a tick label: cents if the steps are less than a dollar, and the unit of meals on the highest tick.
fn amount_label(number: f64, all: &[f64], unit: Unit) -> String {
    let step = all.get(1).zip(all.first()).map_or(1.0, |(next, first)| next - first);
    let is_highest = all.last().is_some_and(|last| number >= *last);
    let sign = if number < 0.0 { "-" } else { "" };
    let number = number.abs();
    let whole = format!("{sign}{number:.0}");
    match unit {
        Unit::Usd if step < 1.0 => format!("{sign}${number:.2}"),
        Unit::Usd => format!("{sign}${number:.0}"),
        Unit::Meals if is_highest => whole.parse().map_or(whole, |meals: Amount| meals.display(unit)),
        Unit::Meals => whole,
    }
}

/// The distance between time ticks.
#[derive(Debug, Clone, Copy)]
enum Step {
    Hours(i32),
    Days(i32),
    Months(i32),
}

const STEPS: [Step; 20] = [
    Step::Hours(1),
    Step::Hours(3),
    Step::Hours(6),
    Step::Hours(12),
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(600),
    Step::Months(1200),
    Step::Months(6000),
    Step::Months(12_000),
];

impl Step {
    fn seconds(self) -> f64 {
        match self {
            Self::Hours(hours) => f64::from(hours) * 3600.0,
            Self::Days(days) => f64::from(days) * 86_400.0,
            Self::Months(months) => f64::from(months) * 30.4 * 86_400.0,
        }
    }

    /// The last aligned date (such as a Monday or the first of a month) at or before `day`.
    fn start(self, day: Date) -> Option<Date> {
        let monday = date(1970, 1, 5);
        match self {
            Self::Hours(_) => Some(day),
            Self::Days(days) => {
                let past = monday.until(day).ok()?.get_days().rem_euclid(days);
                day.checked_sub(past.days()).ok()
            }
            Self::Months(months) => {
                let month = i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
                day.first_of_month().checked_sub(month.rem_euclid(months).months()).ok()
            }
        }
    }

    fn span(self, times: i32) -> Option<Span> {
        let span = Span::new();
        match self {
            Self::Hours(hours) => span.try_hours(hours.checked_mul(times)?).ok(),
            Self::Days(days) => span.try_days(days.checked_mul(times)?).ok(),
            Self::Months(months) => span.try_months(months.checked_mul(times)?).ok(),
        }
    }

    fn format(self) -> &'static str {
        match self {
            Self::Hours(_) => "%b %-d %H:%M",
            Self::Days(_) => "%b %-d",
            Self::Months(months) if months < 12 => "%b %Y",
            Self::Months(_) => "%Y",
        }
    }
}

/// Round local times between two timestamps, with their labels.
fn round_times(first: Timestamp, last: Timestamp, most: u16, zone: &TimeZone) -> Vec<(Timestamp, String)> {
    let span = seconds(last) - seconds(first);
    let fits = |step: &Step| span / step.seconds() <= f64::from(most.max(1));
    let step = STEPS.into_iter().find(fits).unwrap_or(Step::Months(12_000));
    let Some(start) = step.start(first.to_zoned(zone.clone()).date()) else { return Vec::new() };
    let at = |number: i32| {
        let civil = start.at(0, 0, 0, 0).checked_add(step.span(number)?).ok()?;
        civil.to_zoned(zone.clone()).ok()
    };
    let times = (0..).map_while(at).take_while(|time| time.timestamp() <= last);
    let times = times.filter(|time| time.timestamp() >= first);
    times.map(|time| (time.timestamp(), time.strftime(step.format()).to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::proptest;

    fn labels(low: f64, high: f64, unit: Unit) -> Vec<String> {
        let numbers = round_numbers(low, high, 4, unit);
        numbers.iter().map(|number| amount_label(*number, &numbers, unit)).collect()
    }

    #[test]
    fn ticks_are_round_and_enclose_the_values() {
        assert_eq!(labels(0.0, 120.5, Unit::Usd), ["$0", "$50", "$100", "$150"]);
        assert_eq!(labels(0.0, 0.8, Unit::Usd), ["$0.00", "$0.50", "$1.00"]);
        assert_eq!(labels(-12.0, 30.0, Unit::Usd), ["-$20", "$0", "$20", "$40"]);
        assert_eq!(labels(0.0, 2.0, Unit::Meals), ["0", "1", "2 meals"]);
        assert_eq!(labels(0.0, 0.0, Unit::Meals), ["0", "1 meal"]);
    }

    fn times(first: &str, last: &str, most: u16) -> Vec<String> {
        let zone = TimeZone::get("America/Los_Angeles").unwrap();
        let times = round_times(first.parse().unwrap(), last.parse().unwrap(), most, &zone);
        assert!(times.iter().all(|(at, _)| *at >= first.parse().unwrap() && *at <= last.parse().unwrap()));
        times.into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn times_are_local_and_round() {
        assert_eq!(times("2026-01-10T12:00:00Z", "2026-03-02T12:00:00Z", 3), ["Feb 2026", "Mar 2026"]);
        assert_eq!(
            times("2026-03-01T12:00:00Z", "2026-03-31T12:00:00Z", 5),
            ["Mar 2", "Mar 9", "Mar 16", "Mar 23", "Mar 30"]
        );
        assert_eq!(times("2026-01-01T08:00:00Z", "2026-01-01T11:30:00Z", 2), ["Jan 1 00:00", "Jan 1 03:00"]);
        assert_eq!(times("2020-06-01T12:00:00Z", "2026-01-01T12:00:00Z", 3), ["2022", "2024", "2026"]);
    }

    proptest! {
        #[test]
        fn ticks_enclose_any_values_evenly(low in -1e12_f64..1e12, span in 0.0_f64..1e12, most in 2_u16..10) {
            let numbers = round_numbers(low, low + span, most, Unit::Usd);
            assert!(numbers.len() >= 2 && numbers.len() <= usize::from(most) + 3, "{numbers:?}");
            let slack = span.abs().max(low.abs()).max(1.0) * 1e-9;
            assert!(numbers[0] <= low + slack && numbers[numbers.len() - 1] >= low + span - slack, "{numbers:?}");
            let step = numbers[1] - numbers[0];
            assert!(numbers.windows(2).all(|pair| (pair[1] - pair[0] - step).abs() <= slack), "{numbers:?}");
        }

        #[test]
        fn time_ticks_are_few_for_any_span(first in -60_000_000_000_i64..200_000_000_000, span in 0_i64..50_000_000_000, most in 1_u16..12) {
            let at = |second| Timestamp::from_second(second).unwrap();
            let times = round_times(at(first), at(first + span), most, &TimeZone::UTC);
            assert!(times.len() <= usize::from(most) * 2 + 2, "{times:?}");
        }
    }
}
