//! Timestamps in the service's format.

use jiff::{Timestamp, Unit};

/// Formats a timestamp as the service does: milliseconds, and an offset **without** a colon.
pub fn write(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3f+0000").to_string()
}

/// Parses a timestamp from a client; `Z`, `+0000` and `+00:00` are all in use.
pub fn read(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// Truncates to whole milliseconds, the resolution of [`write`]: a client that asks for everything "up to the
/// oldest I have" must get that transaction again.
pub fn to_millisecond(at: Timestamp) -> Timestamp {
    let rounding = jiff::TimestampRound::new().smallest(Unit::Millisecond).mode(jiff::RoundMode::Floor);
    at.round(rounding).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::{read, to_millisecond, write};

    #[test]
    fn writes_milliseconds_and_an_offset_without_a_colon() {
        let at = "2026-02-09T19:04:11Z".parse().unwrap();
        assert_eq!(write(at), "2026-02-09T19:04:11.000+0000");
        let at = "2026-02-09T19:04:11.0425Z".parse().unwrap();
        assert_eq!(write(at), "2026-02-09T19:04:11.042+0000");
    }

    #[test]
    fn reads_the_three_offset_forms() {
        let expected = read("2025-01-01T00:00:00.000Z");
        assert!(expected.is_some());
        assert_eq!(read("2025-01-01T00:00:00.000+0000"), expected);
        assert_eq!(read("2025-01-01T00:00:00+00:00"), expected);
        assert_eq!(read("2025-01-01T02:00:00+0200"), expected);
        assert_eq!(read("yesterday"), None);
        assert_eq!(read("2025-01-01"), None);
    }

    #[test]
    fn a_truncated_instant_round_trips() {
        let at = "2026-02-09T19:04:11.987654321Z".parse().unwrap();
        let cut = to_millisecond(at);
        assert_eq!(read(&write(cut)), Some(cut));
        assert!(cut <= at);
    }
}
