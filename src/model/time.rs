//! Timestamps in JSON and CSV: RFC 3339 in UTC with exactly three decimals; durations in milliseconds.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use serde::{Serialize, Serializer};

const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));

/// Formats a timestamp: `2026-02-09T20:12:00.000Z`.
#[must_use]
pub fn text(at: Timestamp) -> String {
    PRINTER.timestamp_to_string(&at)
}

/// Serializes a timestamp or an optional one; for serde's `serialize_with`.
///
/// # Errors
/// If the serializer fails.
pub fn serialize<T, S>(at: &T, serializer: S) -> Result<S::Ok, S::Error>
where
    T: Copy + Into<Option<Timestamp>>,
    S: Serializer,
{
    let at: Option<Timestamp> = (*at).into();
    at.map(text).serialize(serializer)
}

/// A duration in milliseconds, to a tenth of one.
#[must_use]
pub fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_have_three_decimals() {
        let times = [
            ("2026-02-09T20:12:00Z", "2026-02-09T20:12:00.000Z"),
            ("2026-02-09T20:12:00.5Z", "2026-02-09T20:12:00.500Z"),
            ("2026-02-09T20:12:00.123999Z", "2026-02-09T20:12:00.123Z"),
        ];
        for (at, expected) in times {
            assert_eq!(text(at.parse().unwrap()), expected);
        }
    }

    #[test]
    fn a_missing_time_is_null() {
        #[derive(Serialize)]
        struct Document {
            #[serde(serialize_with = "serialize")]
            at: Timestamp,
            #[serde(serialize_with = "serialize")]
            before: Option<Timestamp>,
        }
        let document = Document { at: Timestamp::UNIX_EPOCH, before: None };
        let expected = serde_json::json!({"at": "1970-01-01T00:00:00.000Z", "before": null});
        assert_eq!(serde_json::to_value(document).unwrap(), expected);
    }
}
