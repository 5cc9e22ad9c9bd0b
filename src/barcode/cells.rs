//! Renders a symbol in a layout as a grid of terminal cells, black on white whatever the terminal's theme.

use std::fmt;

use super::geometry::Layout;
use super::symbol::Symbol;

/// The only glyph used: even fonts without other block elements have it and draw it from edge to edge.
const LEFT_HALF: char = '▌';

/// One of the two colors of a barcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shade {
    /// A bar.
    Black,
    /// A space between bars, or the quiet zone.
    White,
}

/// The color depth of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColorDepth {
    /// 24 bits.
    TrueColor,
    /// The 256-color palette.
    Indexed256,
    /// The 16 ANSI colors, which themes can change.
    Indexed16,
}

impl Shade {
    fn of(bar: bool) -> Self {
        if bar { Self::Black } else { Self::White }
    }

    /// Red, green and blue.
    #[must_use]
    pub fn rgb(self) -> (u8, u8, u8) {
        match self {
            Self::Black => (0, 0, 0),
            Self::White => (255, 255, 255),
        }
    }

    /// The index in the 256-color palette: corners of the color cube, which themes do not change.
    #[must_use]
    pub fn indexed_256(self) -> u8 {
        match self {
            Self::Black => 16,
            Self::White => 231,
        }
    }

    /// The index in the 16-color palette: black and bright white.
    #[must_use]
    pub fn indexed_16(self) -> u8 {
        match self {
            Self::Black => 0,
            Self::White => 15,
        }
    }
}

/// A terminal cell: a space if it has a single color, otherwise `▌`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// A space or `▌`, never a full block, which some fonts draw with gaps.
    pub glyph: char,
    /// The color of the glyph; same as `bg` for a space.
    pub fg: Shade,
    /// The color of the rest of the cell.
    pub bg: Shade,
}

/// A drawn symbol with its quiet zone, line by line.
#[derive(Clone, PartialEq, Eq)]
pub struct Grid {
    width: u16,
    height: u16,
    cells: Vec<Cell>,
}

impl Grid {
    /// Draws a symbol in a layout, which must be for the symbol's own columns and rows.
    #[must_use]
    pub fn draw(symbol: &Symbol, layout: Layout) -> Self {
        let (width, height) = (layout.width(), layout.height());
        let modules: Vec<Option<usize>> = (0..2 * width).map(|x| layout.module_at(x)).collect();
        let mut cells = Vec::with_capacity(usize::from(width) * usize::from(height));
        for line in 0..height {
            let row = layout.row_at(line).map_or(&[][..], |row| symbol.row(row));
            let bar = |module: Option<usize>| module.is_some_and(|module| row.get(module) == Some(&true));
            cells.extend(modules.chunks_exact(2).map(|halves| Cell::of(bar(halves[0]), bar(halves[1]))));
        }
        Self { width, height, cells }
    }

    /// The width in terminal columns.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// The height in terminal lines.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    /// The lines of cells, from top to bottom.
    #[must_use]
    pub fn lines(&self) -> impl ExactSizeIterator<Item = &[Cell]> {
        self.cells.chunks_exact(usize::from(self.width.max(1)))
    }
}

impl fmt::Debug for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grid")
            .field("width", &self.width)
            .field("height", &self.height)
            .finish_non_exhaustive()
    }
}

impl Cell {
    /// A cell whose left and right halves are bars or not.
    fn of(left: bool, right: bool) -> Self {
        let (left, right) = (Shade::of(left), Shade::of(right));
        let glyph = if left == right { ' ' } else { LEFT_HALF };
        Self { glyph, fg: left, bg: right }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::shape::Shape;

    const LAYOUT: Layout = Layout {
        shape: Shape { columns: 2, level: 2, rows: 9 },
        module_width: 1,
        row_lines: 1,
        quiet_lines: 1,
        step: 0,
    };

    fn symbol() -> Symbol {
        Symbol::encode("1234567890123456789012", 2, 2).unwrap()
    }

    #[test]
    fn whole_cell_modules_need_only_spaces() {
        let layout = Layout { module_width: 2, ..LAYOUT };
        assert!(Grid::draw(&symbol(), layout).lines().flatten().all(|cell| cell.glyph == ' '));
    }

    #[test]
    fn the_grid_shows_every_module_and_the_quiet_zone() {
        for (module_width, row_lines, quiet_lines) in [(1, 1, 1), (1, 2, 1), (2, 3, 1), (3, 5, 2)] {
            let layout = Layout { module_width, row_lines, quiet_lines, ..LAYOUT };
            let symbol = symbol();
            let grid = Grid::draw(&symbol, layout);
            assert_eq!((grid.width(), grid.height()), (layout.width(), layout.height()));
            for (line, cells) in (0i32..).zip(grid.lines()) {
                for (column, cell) in (0i32..).zip(cells) {
                    let halves = if cell.glyph == ' ' { [cell.bg, cell.bg] } else { [cell.fg, cell.bg] };
                    for (half, shade) in (0i32..).zip(halves) {
                        let x = (2 * column + half).div_euclid(i32::from(module_width)) - 2;
                        let y = (line - i32::from(quiet_lines)).div_euclid(i32::from(row_lines));
                        let (x, y) = (usize::try_from(x), usize::try_from(y));
                        let bar = matches!((x, y), (Ok(x), Ok(y)) if symbol.module(x, y));
                        assert_eq!(shade == Shade::Black, bar, "{column},{line} in {layout:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn debug_shows_no_cell() {
        assert_eq!(format!("{:?}", Grid::draw(&symbol(), LAYOUT)), "Grid { width: 54, height: 11, .. }");
    }
}
