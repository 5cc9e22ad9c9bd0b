//! How many codewords a payload takes, and how many rows they fill: the arithmetic of ISO/IEC 15438.

use std::ops::RangeInclusive;

use rxing::common::CharacterSet;
use rxing::pdf417::encoder::{Compaction, pdf_417_high_level_encoder::encodeHighLevel};

use super::encode_error::EncodeError;

const MIN_ROWS: usize = 3;
const MAX_ROWS: usize = 90;
/// Data columns that a symbol may have.
pub const COLUMNS: RangeInclusive<u8> = 1..=30;
/// Error correction levels that a symbol may have.
pub const LEVELS: RangeInclusive<u8> = 0..=8;
/// Length descriptor, data, padding and error correction together.
const MAX_CODEWORDS: usize = 928;

/// Data codewords of `payload`, without the length descriptor and padding.
///
/// # Errors
/// [`EncodeError::Empty`] without a character, [`EncodeError::TooLong`] past what the largest symbol holds.
pub fn data_codewords(payload: &str) -> Result<usize, EncodeError> {
    // A codeword carries 2 bytes or 2.9 digits at most: refuse anything longer before working on it.
    const MAX_BYTES: usize = 4096;
    if payload.is_empty() {
        return Err(EncodeError::Empty);
    }
    if payload.len() > MAX_BYTES {
        return Err(EncodeError::TooLong);
    }
    let codewords = encodeHighLevel(payload, Compaction::AUTO, character_set(payload), false)
        .map_err(|_| EncodeError::Unencodable)?
        .chars()
        .count();
    if codewords + 1 + error_correction(0) > MAX_CODEWORDS {
        return Err(EncodeError::TooLong);
    }
    Ok(codewords)
}

/// Error correction codewords of a level, which correct half as many misread codewords.
#[must_use]
pub const fn error_correction(level: u8) -> usize {
    2 << level
}

/// Rows of the symbol that holds this many data codewords, or `None` where there is no such symbol.
///
/// Rounded up to a multiple of three where that is possible. The row indicators tell the count less one as a quotient
/// and a remainder of three, and a remainder misread as larger makes decoders such as zxing-cpp take error correction
/// codewords for data and return a wrong text. A multiple of three has the largest remainder there is.
#[must_use]
pub fn rows(data_codewords: usize, columns: u8, level: u8) -> Option<u8> {
    if !COLUMNS.contains(&columns) || !LEVELS.contains(&level) {
        return None;
    }
    let columns = usize::from(columns);
    let least = (data_codewords + 1 + error_correction(level)).div_ceil(columns).max(MIN_ROWS);
    let fits = |rows: &usize| *rows <= MAX_ROWS && rows * columns <= MAX_CODEWORDS;
    let rows = Some(least.next_multiple_of(3)).filter(fits).or(Some(least).filter(fits))?;
    u8::try_from(rows).ok()
}

/// UTF-8 with its ECI for text outside ASCII; the default interpretation, which needs no ECI, otherwise.
pub(super) fn character_set(payload: &str) -> Option<CharacterSet> {
    (!payload.is_ascii()).then_some(CharacterSet::UTF8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: &str = "1234567890123456789012";

    #[test]
    fn twenty_two_digits_fill_the_rows_of_the_standard() {
        let data = data_codewords(DIGITS).unwrap();
        let rows = |columns, level| rows(data, columns, level);
        assert_eq!([rows(1, 2), rows(2, 2), rows(3, 2), rows(2, 4)], [Some(18), Some(9), Some(6), Some(21)]);
    }

    #[test]
    fn rows_are_padded_to_threes_where_they_can_be() {
        let data = data_codewords(DIGITS).unwrap();
        assert_eq!(rows(data, 2, 3), Some(15), "13 would do");
        assert_eq!(rows(data, 4, 2), Some(6), "5 would do");
        assert_eq!(rows(89 * 2 - 9, 2, 2), Some(90));
        assert_eq!(rows(928 - 3, 11, 0), None);
        assert_eq!(rows(31 * 29 - 3, 29, 0), Some(31), "33 would be more than 928 codewords");
    }

    #[test]
    fn short_payloads_fill_three_rows_at_least() {
        assert_eq!(rows(data_codewords("A").unwrap(), 30, 0), Some(3));
    }

    #[test]
    fn what_no_symbol_has_is_none() {
        assert_eq!(rows(10, 0, 2), None);
        assert_eq!(rows(10, 31, 2), None);
        assert_eq!(rows(10, 2, 9), None);
        assert_eq!(rows(400, 2, 2), None, "more than 90 rows");
        assert_eq!(rows(920, 30, 0), None, "more than 928 codewords with the padding of the last row");
    }

    #[test]
    fn empty_and_endless_payloads_are_refused() {
        assert_eq!(data_codewords(""), Err(EncodeError::Empty));
        assert_eq!(data_codewords(&"x".repeat(2000)), Err(EncodeError::TooLong));
        assert_eq!(data_codewords(&"1".repeat(1_000_000)), Err(EncodeError::TooLong));
    }
}
