//! Parses the ends of a time range as typed by the user and resolves them to timestamps.

use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan, Unit, Zoned};

use crate::error::{Cause, Error, Result};

/// The valid forms of [`When`], for messages and help.
pub const FORMS: &str = "today, a day such as 2026-02-09, a time such as 2026-02-09T12:00:00Z, or a span back from now such as 30d, 6w or 3m (days, weeks, months)";

/// One end of a range, as typed.
#[derive(Debug, Clone, Copy)]
pub enum When {
    /// The current day, local time.
    Today,
    /// A day, local time.
    Day(Date),
    /// An instant.
    At(Timestamp),
    /// This long before now, by the calendar.
    Back(Span),
}

/// The text is not a valid [`When`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {FORMS}")]
pub struct NotATime;

impl FromStr for When {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        if text == "today" {
            return Ok(Self::Today);
        }
        // The date parser accepts more than dates.
        if let (10, Ok(date)) = (text.len(), Date::strptime("%Y-%m-%d", text)) {
            return Ok(Self::Day(date));
        }
        if let Ok(at) = text.parse() {
            return Ok(Self::At(at));
        }
        span(text).map(Self::Back).ok_or(NotATime)
    }
}

/// A number of days, weeks or calendar months.
fn span(text: &str) -> Option<Span> {
    let count = text.strip_suffix(['d', 'w', 'm'])?;
    if !count.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count: i32 = count.parse().ok()?;
    let span = Span::new();
    match text.as_bytes().last()? {
        b'd' => span.try_days(count).ok(),
        b'w' => span.try_weeks(count).ok(),
        _ => span.try_months(count).ok(),
    }
}

impl When {
    /// The first instant that it stands for.
    fn first(self, now: &Zoned) -> Result<Timestamp, jiff::Error> {
        let start = |date: Date| Ok(date.to_zoned(now.time_zone().clone())?.start_of_day()?.timestamp());
        match self {
            Self::Today => start(now.date()),
            Self::Day(date) => start(date),
            Self::At(at) => Ok(at),
            Self::Back(span) => Ok(now.checked_sub(span)?.timestamp()),
        }
    }

    /// The last instant that it stands for; for a day, its end.
    fn last(self, now: &Zoned) -> Result<Timestamp, jiff::Error> {
        let day = match self {
            Self::Today => now.date(),
            Self::Day(date) => date,
            Self::At(_) | Self::Back(_) => return self.first(now),
        };
        Self::Day(day.tomorrow()?).first(now)?.checked_sub(1.nanosecond())
    }
}

/// A time range; both ends are inclusive, and `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

impl Range {
    /// Resolves both ends.
    ///
    /// # Errors
    /// [`Cause::Range`] if the range ends before it starts, or an end is outside the calendar.
    pub fn new(since: Option<When>, until: Option<When>, now: &Zoned) -> Result<Self> {
        let beyond = |_| {
            Error::new(Cause::Range, "the range reaches beyond the calendar")
                .hint("run: getcard history --since 12m")
        };
        let since = since.map(|when| when.first(now)).transpose().map_err(beyond)?;
        let until = until.map(|when| when.last(now)).transpose().map_err(beyond)?;
        if let (Some(since), Some(until)) = (since, until)
            && until < since
        {
            let local = |at: Timestamp| at.to_zoned(now.time_zone().clone()).strftime("%F %T").to_string();
            return Err(Error::new(
                Cause::Range,
                format!("the range ends before it begins: since {}, until {}", local(since), local(until)),
            )
            .hint("swap --since and --until"));
        }
        Ok(Self { since, until })
    }

    /// Returns whether the range contains a timestamp.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at <= until)
    }
}

/// Rounds up to whole milliseconds, the resolution of the wire, so that the requested range never misses anything.
#[must_use]
pub fn whole_milliseconds(at: Timestamp) -> Timestamp {
    at.round(jiff::TimestampRound::new().smallest(Unit::Millisecond).mode(jiff::RoundMode::Ceil))
        .unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    fn now() -> Zoned {
        "2026-03-08T12:30:00[America/Los_Angeles]".parse().unwrap()
    }

    fn when(text: &str) -> When {
        text.parse().unwrap()
    }

    fn ends(since: &str, until: &str) -> (String, String) {
        let range = Range::new(Some(when(since)), Some(when(until)), &now()).unwrap();
        (range.since.unwrap().to_string(), range.until.unwrap().to_string())
    }

    fn since(text: &str) -> String {
        Range::new(Some(when(text)), None, &now()).unwrap().since.unwrap().to_string()
    }

    #[test]
    fn days_are_local_and_end_with_their_last_instant() {
        // A 23-hour day: the clocks go forward.
        let day = ("2026-03-08T08:00:00Z".to_owned(), "2026-03-09T06:59:59.999999999Z".to_owned());
        assert_eq!(ends("today", "today"), day);
        assert_eq!(ends("2026-03-08", "2026-03-08"), day);
    }

    #[test]
    fn timestamps_are_exact() {
        let at = "2026-02-09T12:00:00+01:00";
        assert_eq!(ends(at, at), ("2026-02-09T11:00:00Z".to_owned(), "2026-02-09T11:00:00Z".to_owned()));
    }

    #[test]
    fn spans_are_calendar_spans() {
        assert_eq!(since("7d"), "2026-03-01T20:30:00Z");
        assert_eq!(since("1w"), since("7d"));
        assert_eq!(since("1m"), "2026-02-08T20:30:00Z");
        assert_eq!(since("12m"), "2025-03-08T20:30:00Z");
        assert_eq!(since("0d"), "2026-03-08T19:30:00Z");
    }

    #[test]
    fn invalid_input_is_refused_with_the_valid_forms() {
        for text in [
            "",
            "yesterday",
            "Today",
            "2026-02-30",
            "2026-2-9",
            "20260209",
            "2026-02-09T12:00",
            "30",
            "d",
            "-3d",
            "+3d",
            "3 d",
            "3y",
            "99999999999d",
            "３d",
            "2026-02-09x",
        ] {
            let error = text.parse::<When>().unwrap_err().to_string();
            assert!(error.contains("today") && error.contains("30d"), "{text}: {error}");
        }
    }

    #[test]
    fn a_reversed_range_is_refused() {
        let error = Range::new(Some(when("today")), Some(when("2026-03-07")), &now()).unwrap_err();
        assert!(
            error.to_string().contains("since 2026-03-08 00:00:00, until 2026-03-07 23:59:59"),
            "{error}"
        );
    }

    #[test]
    fn ends_outside_the_calendar_are_errors() {
        assert!(Range::new(Some(When::Back(Span::new().days(7_304_484))), None, &now()).is_err());
        assert!(Range::new(None, Some(when("9999-12-31")), &now()).is_err());
    }

    #[test]
    fn bounds_are_rounded_up_for_the_wire() {
        let whole = |text: &str| whole_milliseconds(text.parse().unwrap()).to_string();
        assert_eq!(whole("2026-02-09T12:00:00.0000001Z"), "2026-02-09T12:00:00.001Z");
        assert_eq!(whole("2026-02-09T12:00:00.001Z"), "2026-02-09T12:00:00.001Z");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            if let Ok(when) = text.parse::<When>() {
                let _ = Range::new(Some(when), Some(when), &now());
            }
        }

        #[test]
        fn no_span_panics(text in "[0-9]{1,12}[dwm]") {
            if let Ok(when) = text.parse::<When>() {
                let _ = Range::new(Some(when), Some(when), &now());
            }
        }
    }
}
