//! How many codewords a payload takes, and how many rows they fill: the arithmetic of ISO/IEC 15438.

use rxing::common::CharacterSet;
use rxing::pdf417::encoder::{Compaction, pdf_417_high_level_encoder::encodeHighLevel};

use super::symbol::EncodeError;

/// Fewest rows of a symbol.
pub const FEWEST_ROWS: usize = 3;
/// Most rows of a symbol.
pub const MOST_ROWS: usize = 90;
/// Fewest and most data columns of a symbol.
pub const COLUMNS: std::ops::RangeInclusive<u8> = 1..=30;
/// Lowest and highest error correction level.
pub const LEVELS: std::ops::RangeInclusive<u8> = 0..=8;
/// Most codewords of a symbol: length descriptor, data, padding and error correction together.
pub const MOST_CODEWORDS: usize = 928;

/// Data codewords of `payload`, without the length descriptor and padding.
///
/// # Errors
/// [`EncodeError::Empty`] without a character, [`EncodeError::TooLong`] past what the largest symbol holds.
pub fn data_codewords(payload: &str) -> Result<usize, EncodeError> {
    // Two bytes or 2.9 digits are the most that a codeword carries: anything longer is refused before work on it.
    const MOST_BYTES: usize = 4096;
    if payload.is_empty() {
        return Err(EncodeError::Empty);
    }
    if payload.len() > MOST_BYTES {
        return Err(EncodeError::TooLong);
    }
    let codewords = encodeHighLevel(payload, Compaction::AUTO, character_set(payload), false)
        .map_err(|_| EncodeError::Unencodable)?
        .chars()
        .count();
    if codewords + 1 + error_correction(0) > MOST_CODEWORDS {
        return Err(EncodeError::TooLong);
    }
    Ok(codewords)
}

/// Error correction codewords of a level; half of them is the number of misread codewords it mends.
#[must_use]
pub const fn error_correction(level: u8) -> usize {
    2 << level
}

/// Rows of the symbol that holds this many data codewords, or `None` where there is no such symbol.
///
/// A multiple of three where that is possible, the rest padding. The row indicators of other counts hold a remainder
/// that a bad picture can turn into one more: such decoders as zxing-cpp then take error correction codewords for data
/// and return another text. Above a remainder of two there is none to mistake it for.
#[must_use]
pub fn rows(data_codewords: usize, columns: u8, level: u8) -> Option<u8> {
    if !COLUMNS.contains(&columns) || !LEVELS.contains(&level) {
        return None;
    }
    let columns = usize::from(columns);
    let least = (data_codewords + 1 + error_correction(level)).div_ceil(columns).max(FEWEST_ROWS);
    let fits = |rows: &usize| *rows <= MOST_ROWS && rows * columns <= MOST_CODEWORDS;
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
