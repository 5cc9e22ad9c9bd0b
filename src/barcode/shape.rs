//! The shape of a symbol (data columns, error correction level, rows), and which shapes can hold a payload.

use std::ops::RangeInclusive;

use super::codewords::{self, COLUMNS, LEVELS, data_codewords};
use super::encode_error::EncodeError;

/// The error correction levels that are chosen automatically.
const AUTO_LEVELS: RangeInclusive<u8> = 2..=5;

/// The shape of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Data columns, 1 to 30.
    pub columns: u8,
    /// Error correction level, 0 to 8.
    pub level: u8,
    /// Codeword rows, 3 to 90.
    pub rows: u8,
}

/// The user's choices for the shape; the rest is chosen automatically.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ShapeOptions {
    /// Data columns, 1 to 30.
    pub columns: Option<u8>,
    /// Error correction level, 0 to 8.
    pub level: Option<u8>,
}

impl Shape {
    /// The shape with these columns and this level for `data` codewords, if there is one.
    #[must_use]
    pub fn holding(data: usize, columns: u8, level: u8) -> Option<Self> {
        codewords::rows(data, columns, level).map(|rows| Self { columns, level, rows })
    }

    /// The width in modules, without the quiet zone.
    #[must_use]
    pub fn width(self) -> usize {
        17 * (usize::from(self.columns) + 4) + 1
    }
}

impl ShapeOptions {
    /// Checks the options, and counts the data codewords of a payload.
    ///
    /// # Errors
    /// If PDF417 does not have these columns or this level; for the payload, like [`data_codewords`].
    pub(super) fn data_codewords(self, payload: &str) -> Result<usize, EncodeError> {
        if let Some(columns) = self.columns.filter(|c| !COLUMNS.contains(c)) {
            return Err(EncodeError::Columns(columns));
        }
        if let Some(level) = self.level.filter(|l| !LEVELS.contains(l)) {
            return Err(EncodeError::Level(level));
        }
        data_codewords(payload)
    }

    /// The shapes that can hold `data` codewords, from few columns and low levels up. Levels below 2 and
    /// single columns are included only on request.
    pub(super) fn shapes(self, data: usize) -> impl Iterator<Item = Shape> {
        self.at_levels(data, self.level.map_or(AUTO_LEVELS, |level| level..=level))
    }

    /// The shapes with less error correction than is chosen if anything else fits.
    pub(super) fn weak_shapes(self, data: usize) -> impl Iterator<Item = Shape> {
        let levels = self.level.map_or(*LEVELS.start()..=*AUTO_LEVELS.start(), |level| level..=level);
        self.at_levels(data, levels)
    }

    fn at_levels(self, data: usize, levels: RangeInclusive<u8>) -> impl Iterator<Item = Shape> {
        let columns = self.columns.map_or(2..=*COLUMNS.end(), |columns| columns..=columns);
        columns
            .flat_map(move |columns| levels.clone().map(move |level| (columns, level)))
            .filter_map(move |(columns, level)| Shape::holding(data, columns, level))
    }

    /// The error if no shape with these options can hold the payload.
    pub(super) fn too_long(self) -> EncodeError {
        match self {
            Self { columns: None, level: None } => EncodeError::TooLong,
            Self { columns, level } => EncodeError::TooLongFor {
                columns: columns.unwrap_or(*COLUMNS.end()),
                level: level.unwrap_or(*LEVELS.start()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_ordered_from_narrow_to_wide_and_weak_to_strong() {
        let shapes: Vec<_> = ShapeOptions::default().shapes(9).collect();
        assert_eq!(shapes[0], Shape { columns: 2, level: 2, rows: 9 });
        assert!(shapes.is_sorted_by_key(|shape| (shape.columns, shape.level)));
        assert_eq!(shapes[0].width(), 103);
    }

    #[test]
    fn options_are_respected() {
        let options = ShapeOptions { columns: Some(4), level: Some(1) };
        assert_eq!(options.shapes(9).collect::<Vec<_>>(), [Shape { columns: 4, level: 1, rows: 6 }]);
        assert_eq!(options.too_long(), EncodeError::TooLongFor { columns: 4, level: 1 });
    }
}
