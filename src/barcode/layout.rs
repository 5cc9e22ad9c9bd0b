//! The measures of a symbol drawn in terminal cells: modules, rows and quiet zone in half cells.

use super::symbol;

/// Quiet zone on every side, in modules, as ISO/IEC 15438 asks.
pub const QUIET_MODULES: u16 = 2;

/// Where each module of a symbol goes in terminal cells.
///
/// Lengths are half cells: half a cell's width from left to right, half a line from top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Data columns of the symbol.
    pub columns: u8,
    /// Error correction level of the symbol.
    pub level: u8,
    /// Codeword rows of the symbol.
    pub rows: u8,
    /// Width of a module: 1 puts two in a cell, 2 makes each a whole cell.
    pub module_width: u8,
    /// Height of a codeword row: 2 is a line, 3 is a line and a half.
    pub row_height: u8,
    /// Quiet zone above the first row.
    pub quiet_top: u8,
    /// Quiet zone below the last row, at least; the rest of a cell is added to it.
    pub quiet_bottom: u8,
    /// Step of this size on the ladder of [`fit`](super::fit::fit): 0 is what it chooses by itself.
    pub step: i8,
}

impl Layout {
    /// Terminal columns, quiet zone included.
    #[must_use]
    pub fn width(self) -> u16 {
        self.half_width().div_ceil(2)
    }

    /// Terminal lines, quiet zone included.
    #[must_use]
    pub fn height(self) -> u16 {
        self.half_height().div_ceil(2)
    }

    /// Half cells of quiet zone left of the symbol; the right has as many or one more.
    #[must_use]
    pub fn quiet_left(self) -> u16 {
        QUIET_MODULES * u16::from(self.module_width)
    }

    /// Height of a codeword row in modules, in cells `aspect` times as high as wide.
    #[must_use]
    pub fn row_modules(self, aspect: f32) -> f32 {
        row_modules(self.module_width, self.row_height, aspect)
    }

    fn half_width(self) -> u16 {
        let modules = u16::try_from(symbol::width(self.columns)).unwrap_or(u16::MAX);
        (modules + 2 * QUIET_MODULES) * u16::from(self.module_width)
    }

    fn half_height(self) -> u16 {
        u16::from(self.rows) * u16::from(self.row_height)
            + u16::from(self.quiet_top)
            + u16::from(self.quiet_bottom)
    }

    /// The module under the half cells of a column, or `None` in the quiet zone.
    pub(super) fn module_at(self, x: u16) -> Option<usize> {
        let module = usize::from(x.checked_sub(self.quiet_left())? / u16::from(self.module_width.max(1)));
        (module < symbol::width(self.columns)).then_some(module)
    }

    /// The codeword row under a half line, or `None` in the quiet zone.
    pub(super) fn row_at(self, y: u16) -> Option<usize> {
        let row = usize::from(y.checked_sub(u16::from(self.quiet_top))? / u16::from(self.row_height.max(1)));
        (row < usize::from(self.rows)).then_some(row)
    }
}

/// Half lines that are two modules high, in cells `aspect` times as high as wide.
///
/// A quarter of a half line less is taken for enough: cells are not exactly twice as high as wide, and a whole half
/// line for a fraction of a module would cost rows.
pub(super) fn quiet_half_lines(module_width: u8, aspect: f32) -> u8 {
    let exact = f32::from(QUIET_MODULES) * f32::from(module_width) / aspect;
    (1..u8::MAX).find(|lines| f32::from(*lines) >= exact - 0.25).unwrap_or(u8::MAX)
}

/// Height in modules of a row of `row_height` half lines with modules of `module_width` half cells.
pub(super) fn row_modules(module_width: u8, row_height: u8, aspect: f32) -> f32 {
    f32::from(row_height) * aspect / f32::from(module_width.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout {
        columns: 2,
        level: 3,
        rows: 13,
        module_width: 1,
        row_height: 3,
        quiet_top: 1,
        quiet_bottom: 1,
        step: 0,
    };

    #[test]
    fn measures_include_the_quiet_zone() {
        assert_eq!((LAYOUT.width(), LAYOUT.height()), (54, 21));
        let bigger = Layout { module_width: 2, quiet_top: 2, quiet_bottom: 2, ..LAYOUT };
        assert_eq!((bigger.width(), bigger.height()), (107, 22));
    }

    #[test]
    fn half_cells_belong_to_modules_or_to_the_quiet_zone() {
        assert_eq!([1, 2, 104, 105].map(|x| LAYOUT.module_at(x)), [None, Some(0), Some(102), None]);
        assert_eq!([0, 1, 39, 40].map(|y| LAYOUT.row_at(y)), [None, Some(0), Some(12), None]);
    }

    #[test]
    fn two_modules_of_quiet_in_half_lines() {
        let lines = |module_width, aspect| quiet_half_lines(module_width, aspect);
        assert_eq!([lines(1, 2.0), lines(2, 2.0), lines(3, 2.0)], [1, 2, 3]);
        assert_eq!([lines(1, 1.8), lines(1, 2.4), lines(1, 1.0)], [1, 1, 2]);
    }
}
