//! Instants as the service writes and reads them.

use jiff::{Timestamp, Unit};

/// An instant as the service writes it: milliseconds, and an offset **without** a colon.
pub fn write(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3f+0000").to_string()
}

/// An instant as clients write it: `Z`, `+0000` and `+00:00` are all seen.
pub fn read(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// The instant cut to whole milliseconds, which is all that [`write`] can say. A client that asks for
/// "up to the oldest that I have" must find that very transaction again.
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
    fn reads_the_three_forms_that_clients_send() {
        let expected = read("2025-01-01T00:00:00.000Z");
        assert!(expected.is_some());
        assert_eq!(read("2025-01-01T00:00:00.000+0000"), expected);
        assert_eq!(read("2025-01-01T00:00:00+00:00"), expected);
        assert_eq!(read("2025-01-01T02:00:00+0200"), expected);
        assert_eq!(read("yesterday"), None);
        assert_eq!(read("2025-01-01"), None);
    }

    #[test]
    fn a_cut_instant_survives_the_wire() {
        let at = "2026-02-09T19:04:11.987654321Z".parse().unwrap();
        let cut = to_millisecond(at);
        assert_eq!(read(&write(cut)), Some(cut));
        assert!(cut <= at);
    }
}
