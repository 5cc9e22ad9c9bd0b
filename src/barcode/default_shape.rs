//! Chooses the shape of a symbol in a picture of any size.

use super::encode_error::EncodeError;
use super::quality;
use super::shape::{Shape, ShapeOptions};

/// Chooses the shape that scans best if size does not matter, with rows [`row_modules`] modules high.
///
/// # Errors
/// Like [`Symbol::encode`](super::symbol::Symbol::encode).
pub fn default_shape(payload: &str, options: ShapeOptions) -> Result<Shape, EncodeError> {
    let data = options.data_codewords(payload)?;
    let points = |shape: Shape| quality::points(shape, data, f32::from(row_modules(shape)));
    let best = quality::best(options.shapes(data), |shape| points(*shape));
    best.or_else(|| quality::best(options.weak_shapes(data), |shape| points(*shape)))
        .ok_or(options.too_long())
}

/// The height of a row, in modules, in a picture of any size.
#[must_use]
pub fn row_modules(shape: Shape) -> u16 {
    quality::tallest_row(shape) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::symbol::Symbol;

    const DIGITS: &str = "1234567890123456789012";

    #[test]
    fn twenty_two_digits_get_two_columns_and_tall_rows() {
        let shape = |columns, level| {
            let shape = default_shape(DIGITS, ShapeOptions { columns, level }).unwrap();
            (shape.columns, shape.level, row_modules(shape))
        };
        assert_eq!(shape(None, None), (2, 2, 12));
        assert_eq!(shape(None, Some(3)), (2, 3, 8));
        assert_eq!(shape(Some(4), None).0, 4);
    }

    #[test]
    fn every_encodable_payload_has_a_shape_about_as_high_as_wide() {
        for length in [1, 50, 300, 900, 1500, 1800, 2500] {
            let symbol = Symbol::auto(&"7".repeat(length), ShapeOptions::default()).unwrap();
            let height = symbol.rows() * usize::from(row_modules(symbol.shape()));
            assert!(height <= symbol.width() * 3 / 2, "{symbol:?}");
        }
    }
}
