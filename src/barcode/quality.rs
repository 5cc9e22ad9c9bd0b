//! How well a shape of symbol scans: measured decode rates as a sum of what rows, error correction and size give.
//!
//! Points are percent of pictures decoded, as differences: the mean of two decoders in the pictures of benches/scan/till.py,
//! taken as near as others are and from so far away that the symbol fits the frame. They order shapes and promise no rate.

use std::cmp::Ordering;

use super::codewords::error_correction;
use super::shape::Shape;

/// Points by height of a row in modules: tall rows survive a scanner that is turned.
const ROW_HEIGHT: [(f32, f32); 6] =
    [(1.0, -40.0), (2.0, -15.0), (3.0, -5.0), (4.0, 0.0), (8.0, 4.0), (12.0, 5.5)];
/// Points by the share of codewords that may be lost and still be corrected. Too few fail in glare; more than a quarter
/// mean more rows of which a scanner that is close sees a part.
const CORRECTABLE: [(f32, f32); 5] = [(0.0, -12.0), (0.22, 0.0), (0.305, -1.5), (0.38, -4.0), (0.43, -6.0)];
/// Points that twice the width costs: a scanner has to frame the symbol from side to side.
const TWICE_AS_WIDE: f32 = 36.0;
/// Points that twice the height costs past [`HIGH`].
const TWICE_AS_HIGH: f32 = 22.0;
/// Modules of a symbol with two data columns from left to right.
const NARROW: f32 = 103.0;
/// Height over width that costs nothing.
const HIGH: f32 = 1.25;
/// Height of a row in modules that is worth any height of the symbol.
const LOW_ROW: u16 = 4;
/// Height of a row in modules that the standard asks for.
pub(super) const LEAST_ROW: u16 = 3;
/// Height of a row in modules below which no symbol is drawn: rows of 2 modules gave wrong texts.
pub(super) const LOWEST_ROW: f32 = 2.5;
/// Height of a row in modules past which nothing is gained.
pub(super) const TALLEST_ROW: u16 = 12;
/// Points that one data column costs: it gave wrong texts.
const ONE_COLUMN: f32 = 50.0;

/// The points of a symbol of this shape with rows of `row_modules` modules' height, for a payload of `data` codewords
/// without descriptor and padding.
pub(super) fn points(shape: Shape, data: usize, row_modules: f32) -> f32 {
    let correction = to_f32(error_correction(shape.level));
    let correctable = correction / 2.0 / (correction + to_f32(data + 1));
    let width = to_f32(shape.width());
    let wider = if shape.columns < 2 { ONE_COLUMN } else { TWICE_AS_WIDE * (width / NARROW).log2() };
    let higher = TWICE_AS_HIGH * (f32::from(shape.rows) * row_modules / width / HIGH).log2().max(0.0);
    interpolate(&ROW_HEIGHT, row_modules) + interpolate(&CORRECTABLE, correctable) - wider - higher
}

/// The candidate with the most points; of equals the first.
pub(super) fn best<T>(candidates: impl Iterator<Item = T>, points: impl Fn(&T) -> f32) -> Option<T> {
    candidates
        .map(|candidate| (points(&candidate), candidate))
        .reduce(|best, next| if next.0.total_cmp(&best.0) == Ordering::Greater { next } else { best })
        .map(|(_, candidate)| candidate)
}

/// Half modules of height past which a row gains less than the symbol, grown too high, loses.
pub(super) fn tallest_row(shape: Shape) -> u16 {
    // HIGH is five quarters, and a half module half of one.
    let half_modules = 5 * shape.width() / (2 * usize::from(shape.rows.max(1)));
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
    use super::*;

    /// Data codewords of 22 digits.
    const DATA: usize = 9;

    fn points(columns: u8, level: u8, row_modules: f32) -> f32 {
        super::points(Shape::holding(DATA, columns, level).unwrap(), DATA, row_modules)
    }

    #[test]
    fn shapes_come_in_the_measured_order() {
        let measured = [(2, 12.0), (2, 8.0), (3, 8.0), (2, 4.0), (4, 4.0), (2, 2.0)];
        let points = measured.map(|(level, row_modules)| points(2, level, row_modules));
        assert!(points.is_sorted_by(|better, worse| better > worse), "{points:?}");
    }

    #[test]
    fn two_columns_before_three_before_one() {
        let points = |columns| points(columns, 3, 4.0);
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
