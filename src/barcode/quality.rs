//! How well a shape of symbol scans: measured decode rates as a sum of what rows, error correction and columns give.
//!
//! Points are percent of pictures decoded by benches/scan, as differences; they order shapes and promise no rate.

use super::{codewords::error_correction, symbol};

/// Points by height of a row in modules: tall rows survive a rotated or tilted scanner.
const ROW_HEIGHT: [(f32, f32); 8] =
    [(0.5, -60.0), (1.0, -30.0), (2.0, -8.0), (3.0, -2.5), (4.0, 0.0), (6.0, 3.6), (8.0, 4.4), (12.0, 4.8)];

/// Points by the share of codewords that may be lost and still be mended: glare takes a part of the symbol.
const MENDABLE: [(f32, f32); 5] = [(0.0, -12.0), (0.22, 0.0), (0.305, 2.4), (0.38, 4.8), (0.43, 6.0)];

/// Points that twice the width costs a scanner that has to frame the symbol.
const TWICE_AS_WIDE: f32 = 22.0;
/// Points that one data column costs: it gave wrong texts.
const ONE_COLUMN: f32 = 50.0;

/// The points of a symbol with these columns, this level, `data` codewords without descriptor and padding, and rows of
/// `row_modules` modules' height.
pub(super) fn points(columns: u8, level: u8, data: usize, row_modules: f32) -> f32 {
    let correction = to_f32(error_correction(level));
    let mendable = correction / 2.0 / (correction + to_f32(data + 1));
    let columns = match columns {
        0 | 1 => ONE_COLUMN,
        more => TWICE_AS_WIDE * (to_f32(symbol::width(more)) / to_f32(symbol::width(2))).log2(),
    };
    interpolate(&ROW_HEIGHT, row_modules) + interpolate(&MENDABLE, mendable) - columns
}

/// The value at `x` on the line through `points`, flat before the first and after the last.
fn interpolate(points: &[(f32, f32)], x: f32) -> f32 {
    let after = points.partition_point(|(at, _)| *at <= x);
    match (after.checked_sub(1).and_then(|i| points.get(i)), points.get(after)) {
        (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
        (Some((_, y)), None) | (None, Some((_, y))) => *y,
        (None, None) => 0.0,
    }
}

fn to_f32(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Data codewords of 22 digits.
    const DATA: usize = 9;

    #[test]
    fn shapes_come_in_the_measured_order() {
        let measured = [(4, 6.0), (3, 8.0), (3, 6.0), (4, 4.0), (2, 8.0), (3, 4.0), (2, 4.0)];
        let points = measured.map(|(level, row_modules)| points(2, level, DATA, row_modules));
        assert!(points.is_sorted_by(|better, worse| better > worse), "{points:?}");
    }

    #[test]
    fn two_columns_before_three_before_one() {
        let points = |columns| points(columns, 3, DATA, 4.0);
        assert!(points(2) > points(3) && points(3) > points(4) && points(4) > points(1));
    }

    #[test]
    fn lines_are_followed_and_not_left() {
        let line = [(1.0, 10.0), (2.0, 20.0)];
        assert!((interpolate(&line, 1.5) - 15.0).abs() < 1e-5);
        assert!((interpolate(&line, 0.0) - 10.0).abs() < 1e-5);
        assert!((interpolate(&line, 9.0) - 20.0).abs() < 1e-5);
    }
}
