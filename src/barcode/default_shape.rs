//! Which shape a symbol has in a picture of no particular room, and which shapes there are.

use super::{
    codewords::{self, COLUMNS, LEVELS, data_codewords},
    symbol::{EncodeError, width},
};

/// Data columns and error correction level for a picture of no particular room.
///
/// Level 4 if it fits, and the fewest columns, from 2, that keep the symbol no higher than wide with rows of three
/// modules: 2 columns scan best, and tall symbols leave the frame of a scanner.
///
/// # Errors
/// As [`Symbol::encode`](super::symbol::Symbol::encode).
pub fn default_shape(payload: &str, columns: Option<u8>, level: Option<u8>) -> Result<(u8, u8), EncodeError> {
    const LEVEL: u8 = 4;
    check_shape(columns, level)?;
    let data = data_codewords(payload)?;
    let wanted_columns = columns.map_or(2..=*COLUMNS.end(), |c| c..=c);
    let wanted_levels = level.map_or(0..=LEVEL, |l| l..=l);
    let fits = |columns: u8, level: u8| codewords::rows(data, columns, level).map(usize::from);
    for level in wanted_levels.rev() {
        let compact = |c: &u8| fits(*c, level).is_some_and(|rows| rows * 3 <= width(*c));
        let columns = wanted_columns.clone().find(compact);
        if let Some(columns) = columns.or_else(|| wanted_columns.clone().find(|c| fits(*c, level).is_some()))
        {
            return Ok((columns, level));
        }
    }
    match (columns, level) {
        (None, None) => Err(EncodeError::TooLong),
        _ => Err(EncodeError::TooLongFor {
            columns: columns.unwrap_or(*COLUMNS.end()),
            level: level.unwrap_or(*LEVELS.start()),
        }),
    }
}

/// Refuses columns and levels that PDF417 does not have.
pub(super) fn check_shape(columns: Option<u8>, level: Option<u8>) -> Result<(), EncodeError> {
    if let Some(columns) = columns.filter(|c| !COLUMNS.contains(c)) {
        return Err(EncodeError::Columns(columns));
    }
    if let Some(level) = level.filter(|l| !LEVELS.contains(l)) {
        return Err(EncodeError::Level(level));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::symbol::Symbol;

    const DIGITS: &str = "1234567890123456789012";

    #[test]
    fn shapes_without_wishes_stay_compact() {
        assert_eq!(default_shape(DIGITS, None, None), Ok((2, 4)));
        assert_eq!(default_shape(DIGITS, Some(4), None), Ok((4, 4)));
        assert_eq!(default_shape(DIGITS, None, Some(2)), Ok((2, 2)));
        for length in [50, 300, 900, 1500, 1800, 2500] {
            let payload = "7".repeat(length);
            let symbol = Symbol::auto(&payload, None, None).unwrap();
            assert!(symbol.rows() * 3 <= symbol.width(), "{symbol:?}");
        }
    }
}
