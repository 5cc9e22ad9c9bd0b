//! The geometry of a symbol in terminal cells: modules in half cells, rows and quiet zone in whole lines.

use super::shape::Shape;

/// The quiet zone on every side, in modules, as ISO/IEC 15438 requires.
pub const QUIET_MODULES: u16 = 2;

/// Where the modules of a symbol are in terminal cells.
///
/// Rows and the quiet zone are whole lines, and the symbol starts at a whole cell: a cell has one color, or
/// one for each of its left and right halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    pub shape: Shape,
    /// The width of a module in half cells: 1 puts two modules in a cell, 2 makes each a whole cell.
    pub module_width: u8,
    /// The height of a codeword row, in lines.
    pub row_lines: u8,
    /// The quiet zone above and below, in lines.
    pub quiet_lines: u8,
    /// The size step of [`fit`](super::fit::fit): 0 is its own choice.
    pub step: i8,
}

impl Layout {
    /// The width in terminal columns, including the quiet zone.
    #[must_use]
    pub fn width(self) -> u16 {
        let modules = u16::try_from(self.shape.width()).unwrap_or(u16::MAX);
        ((modules + 2 * QUIET_MODULES) * u16::from(self.module_width)).div_ceil(2)
    }

    /// The height in terminal lines, including the quiet zone.
    #[must_use]
    pub fn height(self) -> u16 {
        u16::from(self.shape.rows) * u16::from(self.row_lines) + 2 * u16::from(self.quiet_lines)
    }

    /// The height of a codeword row in modules, for cells `aspect` times as high as wide.
    #[must_use]
    pub fn row_modules(self, aspect: f32) -> f32 {
        row_modules(self.module_width, self.row_lines, aspect)
    }

    /// The module at half cell `x` of a line; `None` in the quiet zone.
    ///
    /// The quiet zone on the left is [`QUIET_MODULES`] modules wide, which is always whole cells; on the
    /// right it is as wide, or half a cell wider.
    pub(super) fn module_at(self, x: u16) -> Option<usize> {
        let module_width = u16::from(self.module_width.max(1));
        let module = usize::from(x.checked_sub(QUIET_MODULES * module_width)? / module_width);
        (module < self.shape.width()).then_some(module)
    }

    /// The codeword row at line `y`; `None` in the quiet zone.
    pub(super) fn row_at(self, y: u16) -> Option<usize> {
        let row = y.checked_sub(u16::from(self.quiet_lines))? / u16::from(self.row_lines.max(1));
        (row < u16::from(self.shape.rows)).then_some(usize::from(row))
    }
}

/// The number of lines that are two modules high, for cells `aspect` times as high as wide.
///
/// It may be short by an eighth of a line: cells are not exactly twice as high as wide, and an extra line for
/// a fraction of a module would cost rows.
pub(super) fn quiet_lines(module_width: u8, aspect: f32) -> u8 {
    let exact = f32::from(QUIET_MODULES) / row_modules(module_width, 1, aspect);
    (1..u8::MAX).find(|lines| f32::from(*lines) >= exact - 0.125).unwrap_or(u8::MAX)
}

/// The height in modules of a row of `lines` lines with modules of `module_width` half cells.
pub(super) fn row_modules(module_width: u8, lines: u8, aspect: f32) -> f32 {
    2.0 * f32::from(lines) * aspect / f32::from(module_width.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout {
        shape: Shape { columns: 2, level: 2, rows: 9 },
        module_width: 1,
        row_lines: 2,
        quiet_lines: 1,
        step: 0,
    };

    #[test]
    fn sizes_include_the_quiet_zone() {
        assert_eq!((LAYOUT.width(), LAYOUT.height()), (54, 20));
        let whole_cells = Layout { module_width: 2, ..LAYOUT };
        assert_eq!((whole_cells.width(), whole_cells.height()), (107, 20));
    }

    #[test]
    fn cells_map_to_modules_or_the_quiet_zone() {
        assert_eq!([1, 2, 104, 105].map(|x| LAYOUT.module_at(x)), [None, Some(0), Some(102), None]);
        assert_eq!(
            [0, 1, 2, 3, 18, 19].map(|y| LAYOUT.row_at(y)),
            [None, Some(0), Some(0), Some(1), Some(8), None]
        );
    }

    #[test]
    fn the_quiet_zone_is_two_modules_in_whole_lines() {
        let lines = |module_width, aspect| quiet_lines(module_width, aspect);
        assert_eq!([lines(1, 2.0), lines(2, 2.0), lines(3, 2.0), lines(4, 2.0)], [1, 1, 2, 2]);
        assert_eq!([lines(1, 1.8), lines(2, 1.8), lines(1, 1.0)], [1, 1, 1]);
    }
}
