//! The text under the patron's barcode.

use jiff::Timestamp;

use super::random::Random;

/// A payload of the official app's form: 10 digits of epoch seconds, `1`, 10 digits, a check digit
/// (protocol.md, "Barcode"). It changes every second; nobody but the service knows what the digits mean.
pub(super) fn payload(now: Timestamp, seed: u64) -> String {
    let seconds = now.as_second();
    let code = Random::new(seed ^ seconds.unsigned_abs()).between(0, 9_999_999_999);
    let digits = format!("{seconds:010}1{code:010}");
    let check = check_digit(&digits);
    format!("{digits}{check}")
}

/// The Luhn digit of a row of digits, as payment cards carry it.
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

    #[test]
    fn the_form_is_that_of_the_official_app() {
        let now: Timestamp = "2026-02-09T19:04:11Z".parse().unwrap();
        let text = payload(now, 1);
        assert_eq!(text.len(), 22);
        assert!(text.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(text.starts_with(&format!("{}1", now.as_second())));
    }

    #[test]
    fn the_check_digit_checks() {
        assert_eq!(check_digit("7992739871"), 3);
        let text = payload(Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_770_000_000), 1);
        let (digits, check) = text.split_at(21);
        assert_eq!(check_digit(digits).to_string(), check);
    }

    #[test]
    fn it_changes_with_time() {
        let now: Timestamp = "2026-02-09T19:04:11Z".parse().unwrap();
        let later = now + SignedDuration::from_secs(1);
        assert_ne!(payload(now, 1), payload(later, 1));
        assert_ne!(payload(now, 1)[11..21], payload(later, 1)[11..21]);
        assert_eq!(payload(now, 1), payload(now, 1));
    }
}
