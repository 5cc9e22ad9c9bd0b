//! The number of codewords of a payload and the rows they fill, by ISO/IEC 15438.

use std::ops::RangeInclusive;

use rxing::common::CharacterSet;
use rxing::pdf417::encoder::{Compaction, pdf_417_high_level_encoder::encodeHighLevel};

use super::encode_error::EncodeError;

const MIN_ROWS: usize = 3;
const MAX_ROWS: usize = 90;
/// The possible numbers of data columns.
pub const COLUMNS: RangeInclusive<u8> = 1..=30;
/// The possible error correction levels.
pub const LEVELS: RangeInclusive<u8> = 0..=8;
/// The limit for length descriptor, data, padding and error correction together.
const MAX_CODEWORDS: usize = 928;

/// Counts the data codewords of `payload`, without the length descriptor and padding.
///
/// # Errors
/// [`EncodeError::Empty`] for an empty payload, [`EncodeError::TooLong`] if even the largest symbol cannot
/// hold it.
pub fn data_codewords(payload: &str) -> Result<usize, EncodeError> {
    // A codeword holds at most 2 characters or 2.9 digits: reject anything longer without encoding it.
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

/// The number of error correction codewords at a level; they correct half as many misread codewords.
#[must_use]
pub const fn error_correction(level: u8) -> usize {
    2 << level
}

/// The number of rows of the symbol for this many data codewords; `None` if there is no such symbol.
///
/// Rounded up to a multiple of three if possible. The row indicators encode the count less one as a quotient
/// and a remainder of three. A remainder misread as larger makes decoders such as zxing-cpp take error
/// correction codewords for data and return a wrong text; a multiple of three already has the largest remainder.
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

/// UTF-8 with its ECI for text outside ASCII; otherwise the default interpretation, which needs no ECI.
pub(super) fn character_set(payload: &str) -> Option<CharacterSet> {
    (!payload.is_ascii()).then_some(CharacterSet::UTF8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: &str = "1234567890123456789012";

    #[test]
    fn row_counts_for_twenty_two_digits() {
        let data = data_codewords(DIGITS).unwrap();
        let rows = |columns, level| rows(data, columns, level);
        assert_eq!([rows(1, 2), rows(2, 2), rows(3, 2), rows(2, 4)], [Some(18), Some(9), Some(6), Some(21)]);
    }

    #[test]
    fn rows_are_padded_to_multiples_of_three_if_possible() {
        let data = data_codewords(DIGITS).unwrap();
        assert_eq!(rows(data, 2, 3), Some(15), "13 would do");
        assert_eq!(rows(data, 4, 2), Some(6), "5 would do");
        assert_eq!(rows(89 * 2 - 9, 2, 2), Some(90));
        assert_eq!(rows(928 - 3, 11, 0), None);
        assert_eq!(rows(31 * 29 - 3, 29, 0), Some(31), "33 would be more than 928 codewords");
    }

    #[test]
    fn short_payloads_fill_at_least_three_rows() {
        assert_eq!(rows(data_codewords("A").unwrap(), 30, 0), Some(3));
    }

    #[test]
    fn impossible_symbols_have_no_rows() {
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
