//! Encodes a payload as a PDF417 symbol: a matrix of modules with one line per codeword row (ISO/IEC 15438).

use std::fmt;

use rxing::pdf417::encoder::{Compaction, PDF417};

use super::codewords::character_set;
use super::default_shape::default_shape;
use super::encode_error::EncodeError;
use super::shape::{Shape, ShapeOptions};

/// A PDF417 symbol without its quiet zone; row 0 is at the top.
#[derive(Clone, PartialEq, Eq)]
pub struct Symbol {
    shape: Shape,
    /// Row by row; `true` is a bar.
    modules: Vec<bool>,
}

impl Symbol {
    /// Encodes `payload` with 1 to 30 data columns at error correction level 0 to 8.
    ///
    /// Text outside ASCII is encoded as UTF-8 with its ECI.
    ///
    /// # Errors
    /// If the payload is empty or too long for this shape or any, or PDF417 does not have these columns or
    /// this level.
    pub fn encode(payload: &str, columns: u8, level: u8) -> Result<Self, EncodeError> {
        let data = ShapeOptions { columns: Some(columns), level: Some(level) }.data_codewords(payload)?;
        // The encoder does not check for 928 codewords or 30 columns, and writes undecodable symbols beyond.
        let shape = Shape::holding(data, columns, level).ok_or(EncodeError::TooLongFor { columns, level })?;

        let mut encoder = PDF417::new();
        let (columns, rows) = (u32::from(shape.columns), u32::from(shape.rows));
        encoder.setDimensions(columns, columns, rows, rows);
        encoder.setCompaction(Compaction::AUTO);
        encoder.setEncoding(character_set(payload));
        // The encoder's error messages quote the payload, so they are dropped.
        encoder.generateBarcodeLogic(payload, u32::from(level)).map_err(|_| EncodeError::Unencodable)?;
        let matrix = encoder.getBarcodeMatrix().as_ref().ok_or(EncodeError::Unencodable)?.getMatrix();
        // The encoder returns the rows from bottom to top.
        Ok(Self { shape, modules: matrix.into_iter().rev().flatten().map(|module| module != 0).collect() })
    }

    /// Encodes `payload` in the shape that scans best if size does not matter.
    ///
    /// # Errors
    /// Like [`Symbol::encode`].
    pub fn auto(payload: &str, options: ShapeOptions) -> Result<Self, EncodeError> {
        let shape = default_shape(payload, options)?;
        Self::encode(payload, shape.columns, shape.level)
    }

    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The width in modules.
    #[must_use]
    pub fn width(&self) -> usize {
        self.shape.width()
    }

    /// The number of codeword rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.shape.rows.into()
    }

    /// Returns whether module `x` of `row` is a bar; false outside the symbol.
    #[must_use]
    pub fn module(&self, x: usize, row: usize) -> bool {
        self.row(row).get(x).is_some_and(|bar| *bar)
    }

    /// The modules of `row` from left to right; empty beyond the last row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[bool] {
        self.modules.chunks_exact(self.width()).nth(row).unwrap_or(&[])
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Symbol").field("shape", &self.shape).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: &str = "1234567890123456789012";
    const START: &str = "11111111010101000";
    const STOP: &str = "111111101000101001";

    fn bits(row: &[bool]) -> String {
        row.iter().map(|bar| if *bar { '1' } else { '0' }).collect()
    }

    #[test]
    fn every_row_has_start_and_stop_patterns() {
        for (columns, level) in [(1, 0), (2, 2), (2, 4), (4, 3), (30, 8)] {
            let symbol = Symbol::encode(DIGITS, columns, level).unwrap();
            assert_eq!(symbol.width(), 17 * (usize::from(columns) + 4) + 1);
            for row in 0..symbol.rows() {
                let bits = bits(symbol.row(row));
                assert_eq!(bits.len(), symbol.width());
                assert!(bits.starts_with(START) && bits.ends_with(STOP), "row {row} of {symbol:?}");
            }
        }
    }

    /// Codewords have four bars and four spaces: each group of 17 modules starts with a bar and ends with a space.
    #[test]
    fn rows_consist_of_codewords() {
        let symbol = Symbol::encode(DIGITS, 2, 3).unwrap();
        for row in 0..symbol.rows() {
            for codeword in symbol.row(row)[17..symbol.width() - 18].chunks(17) {
                assert!(codeword[0] && !codeword[16]);
                assert_eq!(codeword.chunk_by(|one, next| one == next).count(), 8);
            }
        }
    }

    /// The first row's left indicator encodes the number of rows in cluster 0 as codeword (rows - 1) / 3.
    #[test]
    fn the_first_row_is_on_top() {
        let symbol = Symbol::encode(DIGITS, 2, 2).unwrap();
        assert_eq!(
            bits(&symbol.row(0)[17..34]),
            format!("{:b}", 0x1f57c),
            "codeword 2 of cluster 0 for 9 rows"
        );
    }

    /// The rows of a known symbol, identical to the output of other encoders.
    #[test]
    fn the_known_symbol() {
        let symbol = Symbol::encode(DIGITS, 2, 2).unwrap();
        let rows: Vec<String> = (0..symbol.rows()).map(|row| bits(symbol.row(row))).collect();
        insta::assert_snapshot!(rows.join("\n"));
    }

    #[test]
    fn impossible_symbols_are_refused() {
        let encode = |payload: &str, columns, level| Symbol::encode(payload, columns, level).unwrap_err();
        assert_eq!(encode("", 2, 2), EncodeError::Empty);
        assert_eq!(encode(DIGITS, 0, 2), EncodeError::Columns(0));
        assert_eq!(encode(DIGITS, 31, 2), EncodeError::Columns(31));
        assert_eq!(encode(DIGITS, 2, 9), EncodeError::Level(9));
        assert_eq!(encode(&"9".repeat(3000), 30, 0), EncodeError::TooLong);
        assert_eq!(encode(&"9".repeat(1000), 2, 2), EncodeError::TooLongFor { columns: 2, level: 2 });
    }

    #[test]
    fn debug_shows_no_module() {
        let symbol = Symbol::encode(DIGITS, 2, 2).unwrap();
        assert_eq!(format!("{symbol:?}"), "Symbol { shape: Shape { columns: 2, level: 2, rows: 9 }, .. }");
    }
}
