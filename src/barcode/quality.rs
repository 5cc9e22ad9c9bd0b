//! Scores how well a symbol of a given shape scans, from measured decode rates by row height, error
//! correction and size.
//!
//! Points are differences in the percentage of decoded pictures: the mean of two decoders over the pictures
//! of benches/scan/till.py, taken close up and from so far away that the symbol fits the frame. They rank
//! shapes; they do not predict a rate.

use std::cmp::Ordering;

use super::codewords::error_correction;
use super::shape::Shape;

/// Points by row height in modules: tall rows survive a rotated scanner.
const ROW_HEIGHT: [(f32, f32); 6] =
    [(1.0, -40.0), (2.0, -15.0), (3.0, -5.0), (4.0, 0.0), (8.0, 4.0), (12.0, 5.5)];
/// Points by the fraction of codewords that can be corrected. Too little fails in glare; more than a quarter
/// means more rows, of which a close scanner sees only a part.
const CORRECTABLE: [(f32, f32); 5] = [(0.0, -12.0), (0.22, 0.0), (0.305, -1.5), (0.38, -4.0), (0.43, -6.0)];
/// The penalty for doubling the width: a scanner has to frame the symbol from side to side.
const DOUBLE_WIDTH: f32 = 36.0;
/// The penalty for doubling the height beyond [`FREE_ASPECT`].
const DOUBLE_HEIGHT: f32 = 22.0;
/// The width in modules of a symbol with two data columns.
const REFERENCE_WIDTH: f32 = 103.0;
/// The ratio of height to width that costs nothing.
const FREE_ASPECT: f32 = 1.25;
/// The row height in modules that is worth any symbol height.
const ADEQUATE_ROW: u16 = 4;
/// The minimum row height in modules by the standard.
pub(super) const STANDARD_ROW: u16 = 3;
/// The row height in modules below which no symbol is drawn: rows of 2 modules gave wrong texts.
pub(super) const MIN_ROW: f32 = 2.5;
/// The row height in modules beyond which nothing is gained.
pub(super) const MAX_ROW: u16 = 12;
/// The penalty for a single data column, which gave wrong texts.
const ONE_COLUMN: f32 = 50.0;

/// The score of a symbol of this shape with rows `row_modules` modules high, for a payload of `data`
/// codewords (without descriptor and padding).
pub(super) fn points(shape: Shape, data: usize, row_modules: f32) -> f32 {
    let correction = to_f32(error_correction(shape.level));
    let correctable = correction / 2.0 / (correction + to_f32(data + 1));
    let width = to_f32(shape.width());
    let wider = if shape.columns < 2 { ONE_COLUMN } else { DOUBLE_WIDTH * (width / REFERENCE_WIDTH).log2() };
    let higher = DOUBLE_HEIGHT * (f32::from(shape.rows) * row_modules / width / FREE_ASPECT).log2().max(0.0);
    interpolate(&ROW_HEIGHT, row_modules) + interpolate(&CORRECTABLE, correctable) - wider - higher
}

/// The candidate with the highest score; the first one on a tie.
pub(super) fn best<T>(candidates: impl Iterator<Item = T>, points: impl Fn(&T) -> f32) -> Option<T> {
    candidates
        .map(|candidate| (points(&candidate), candidate))
        .reduce(|best, next| if next.0.total_cmp(&best.0) == Ordering::Greater { next } else { best })
        .map(|(_, candidate)| candidate)
}

/// The row height, in half modules, beyond which a row gains less than the symbol loses by its height.
pub(super) fn tallest_row(shape: Shape) -> u16 {
    // FREE_ASPECT is 5/4, and a half module is 1/2 of a module.
    let half_modules = 5 * shape.width() / (2 * usize::from(shape.rows.max(1)));
    u16::try_from(half_modules).unwrap_or(u16::MAX).clamp(2 * ADEQUATE_ROW, 2 * MAX_ROW)
}

/// Interpolates linearly between `points`, constant before the first and after the last.
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

    /// The data codewords of 22 digits.
    const DATA: usize = 9;

    fn points(columns: u8, level: u8, row_modules: f32) -> f32 {
        super::points(Shape::holding(DATA, columns, level).unwrap(), DATA, row_modules)
    }

    #[test]
    fn shapes_are_ranked_as_measured() {
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
    fn interpolation_is_clamped_to_the_end_points() {
        let line = [(1.0, 10.0), (2.0, 20.0)];
        assert!((interpolate(&line, 1.5) - 15.0).abs() < 1e-5);
        assert!((interpolate(&line, 0.0) - 10.0).abs() < 1e-5);
        assert!((interpolate(&line, 9.0) - 20.0).abs() < 1e-5);
    }
}
