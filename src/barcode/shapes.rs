//! Every shape that a payload can have in terminal cells, and the best of them.

use std::cmp::Ordering;

use super::{
    codewords::{self, COLUMNS, LEVELS},
    layout::{Layout, quiet_half_lines, row_modules},
    quality,
    symbol::EncodeError,
};

/// Lowest and highest error correction level chosen unasked.
const AUTO_LEVELS: std::ops::RangeInclusive<u8> = 2..=5;

/// The shapes of one payload.
pub(super) struct Shapes {
    /// Data codewords of the payload.
    pub(super) data: usize,
    /// Height of a cell over its width.
    pub(super) aspect: f32,
    /// The most terminal columns to take.
    pub(super) width: u16,
    /// The only data columns to take, if any.
    pub(super) columns: Option<u8>,
    /// The only error correction level to take, if any.
    pub(super) level: Option<u8>,
}

impl Shapes {
    /// The shape with the most points of those with modules of this width that `holds` lets through; of equals the one
    /// with fewer columns and lines.
    pub(super) fn best(&self, module_width: u8, holds: impl Fn(Layout) -> bool) -> Option<Layout> {
        let points = |layout: &Layout| {
            let row_modules = layout.row_modules(self.aspect);
            quality::points(layout.columns, layout.level, layout.rows, self.data, row_modules)
        };
        // They come from narrow to wide.
        self.all(module_width)
            .take_while(|layout| layout.width() <= self.width)
            .filter(|layout| holds(*layout))
            .map(|layout| (points(&layout), layout))
            .reduce(|best, next| if next.0.total_cmp(&best.0) == Ordering::Greater { next } else { best })
            .map(|(_, layout)| layout)
    }

    /// The shape that exceeds its columns and this many lines least, a missing line counted as two missing columns.
    pub(super) fn least_beyond(&self, lines: u16) -> Option<Layout> {
        self.all(1).min_by_key(|layout| {
            let columns = layout.width().saturating_sub(self.width);
            let lines = layout.height().saturating_sub(lines);
            u32::from(columns) + 2 * u32::from(lines)
        })
    }

    /// Every shape with modules of this width, from few columns, low level and low rows up.
    fn all(&self, module_width: u8) -> impl Iterator<Item = Layout> {
        let quiet = quiet_half_lines(module_width, self.aspect);
        let of_symbol = move |columns, level, rows| {
            let heights = (1..=u8::MAX).take_while(move |row_height| {
                *row_height == 1
                    || row_modules(module_width, *row_height, self.aspect) <= f32::from(quality::TALLEST_ROW)
            });
            heights.map(move |row_height| Layout {
                columns,
                level,
                rows,
                module_width,
                row_height,
                quiet_top: quiet,
                quiet_bottom: quiet,
                step: 0,
            })
        };
        symbols(self.data, self.columns, self.level)
            .flat_map(move |(columns, level, rows)| of_symbol(columns, level, rows))
    }
}

/// Data columns, level and rows of every symbol that holds this many data codewords, with those given, from few columns
/// and a low level up.
pub(super) fn symbols(
    data: usize,
    columns: Option<u8>,
    level: Option<u8>,
) -> impl Iterator<Item = (u8, u8, u8)> {
    let columns = columns.map_or(2..=*COLUMNS.end(), |c| c..=c);
    let levels = level.map_or(AUTO_LEVELS, |l| l..=l);
    columns
        .flat_map(move |columns| levels.clone().map(move |level| (columns, level)))
        .filter_map(move |(columns, level)| Some((columns, level, codewords::rows(data, columns, level)?)))
}

/// No symbol of any shape wished for holds the payload.
pub(super) fn too_long(columns: Option<u8>, level: Option<u8>) -> EncodeError {
    match (columns, level) {
        (None, None) => EncodeError::TooLong,
        (columns, level) => EncodeError::TooLongFor {
            columns: columns.unwrap_or(*COLUMNS.end()),
            level: level.unwrap_or(*LEVELS.start()),
        },
    }
}
