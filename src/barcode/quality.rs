//! How well a shape of symbol scans: measured decode rates as a sum of what rows, error correction and columns give.
//!
//! Points are percent of pictures decoded by benches/scan, as differences; they order shapes and promise no rate.

use super::{codewords::error_correction, symbol};

/// Points by height of a row in modules: tall rows survive a rotated or tilted scanner.
const ROW_HEIGHT: [(f32, f32); 8] =
    [(0.5, -60.0), (1.0, -30.0), (2.0, -8.0), (3.0, -3.0), (4.0, 0.0), (6.0, 2.5), (8.0, 3.5), (12.0, 4.0)];
/// Points by the share of codewords that may be lost and still be mended: glare and blur take a part of the symbol.
const MENDABLE: [(f32, f32); 5] = [(0.0, -12.0), (0.22, 0.0), (0.305, 4.0), (0.38, 7.0), (0.43, 8.5)];
/// Points that twice the width costs, or twice the height past [`HIGH`]: a scanner has to frame the symbol.
const TWICE_THE_SIZE: f32 = 22.0;
/// Height over width that costs nothing.
const HIGH: f32 = 1.25;
/// Height of a row in modules that is worth any height of the symbol.
const LOW_ROW: u16 = 4;
/// Height of a row in modules that the standard asks for; lower rows only where nothing else fits.
pub(super) const LEAST_ROW: u16 = 3;
/// Height of a row in modules past which nothing is gained.
pub(super) const TALLEST_ROW: u16 = 12;
/// Points that one data column costs: it gave wrong texts.
const ONE_COLUMN: f32 = 50.0;

/// The points of a symbol with these columns, level and rows of `row_modules` modules' height, for a payload of `data`
/// codewords without descriptor and padding.
pub(super) fn points(columns: u8, level: u8, rows: u8, data: usize, row_modules: f32) -> f32 {
    let correction = to_f32(error_correction(level));
    let mendable = correction / 2.0 / (correction + to_f32(data + 1));
    let width = to_f32(symbol::width(columns));
    let wider =
        if columns < 2 { ONE_COLUMN } else { TWICE_THE_SIZE * (width / to_f32(symbol::width(2))).log2() };
    let higher = TWICE_THE_SIZE * (f32::from(rows) * row_modules / width / HIGH).log2().max(0.0);
    interpolate(&ROW_HEIGHT, row_modules) + interpolate(&MENDABLE, mendable) - wider - higher
}

/// Half modules of height past which a row gains less than the symbol, grown too high, loses.
pub(super) fn tallest_row(columns: u8, rows: u8) -> u16 {
    // HIGH is five quarters, and a half module half of one.
    let half_modules = 5 * symbol::width(columns) / (2 * usize::from(rows.max(1)));
    u16::try_from(half_modules).unwrap_or(u16::MAX).clamp(2 * LOW_ROW, 2 * TALLEST_ROW)
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
    use super::{super::codewords::rows, *};

    /// Data codewords of 22 digits.
    const DATA: usize = 9;

    fn points(columns: u8, level: u8, row_modules: f32) -> f32 {
        let rows = rows(DATA, columns, level).unwrap();
        super::points(columns, level, rows, DATA, row_modules)
    }

    #[test]
    fn shapes_come_in_the_measured_order() {
        let measured = [(4, 6.0), (4, 4.0), (3, 6.0), (3, 4.0), (2, 8.0), (2, 6.0), (2, 4.0), (2, 2.0)];
        let points = measured.map(|(level, row_modules)| points(2, level, row_modules));
        assert!(points.is_sorted_by(|better, worse| better > worse), "{points:?}");
    }

    #[test]
    fn two_columns_before_three_before_one() {
        let points = |columns| points(columns, 3, 4.0);
        assert!(points(2) > points(3) && points(3) > points(4) && points(4) > points(1));
    }

    #[test]
    fn no_symbol_is_drawn_much_higher_than_wide() {
        assert!(points(2, 4, 6.0) > points(2, 4, 8.0) && points(2, 4, 6.0) > points(2, 5, 6.0));
    }

    #[test]
    fn lines_are_followed_and_not_left() {
        let line = [(1.0, 10.0), (2.0, 20.0)];
        assert!((interpolate(&line, 1.5) - 15.0).abs() < 1e-5);
        assert!((interpolate(&line, 0.0) - 10.0).abs() < 1e-5);
        assert!((interpolate(&line, 9.0) - 20.0).abs() < 1e-5);
    }
}
