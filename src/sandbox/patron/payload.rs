//! The payload of the patron's barcode.

use jiff::Timestamp;

use crate::sandbox::patron::random::Random;

/// A payload in the official app's format: 10 digits of epoch seconds, `1`, the patron's 10-digit key and the
/// key's check digit. Only the seconds change.
pub fn payload(now: Timestamp, seed: u64) -> String {
    let key = format!("{:010}", Random::new(seed).between(0, 9_999_999_999));
    format!("{:010}1{key}{}", now.as_second(), check_digit(&key))
}

/// The Luhn check digit, as on payment cards.
fn check_digit(digits: &str) -> u32 {
    let mut sum = 0;
    for (position, digit) in digits.chars().rev().filter_map(|c| c.to_digit(10)).enumerate() {
        let weighted = if position % 2 == 0 { digit * 2 } else { digit };
        sum += weighted / 10 + weighted % 10;
    }
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::{check_digit, payload};
    use jiff::{SignedDuration, Timestamp};

    fn now() -> Timestamp {
        "2026-02-09T19:04:11Z".parse().unwrap()
    }

    #[test]
    fn the_format_is_the_official_apps() {
        let text = payload(now(), 1);
        assert_eq!(text.len(), 22);
        assert!(text.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(text.starts_with(&format!("{}1", now().as_second())));
    }

    #[test]
    fn the_check_digit_covers_only_the_key() {
        assert_eq!(check_digit("7992739871"), 3);
        let text = payload(now(), 1);
        assert_eq!(check_digit(&text[11..21]).to_string(), text[21..]);
    }

    #[test]
    fn only_the_seconds_change() {
        let later = now() + SignedDuration::from_secs(1);
        let (first, second) = (payload(now(), 1), payload(later, 1));
        assert_ne!(first, second);
        assert_eq!(first[10..], second[10..]);
        assert_ne!(first[10..], payload(now(), 2)[10..]);
    }
}
