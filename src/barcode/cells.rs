//! Symbol and layout → a grid of terminal cells, black on white whatever the terminal's theme.

use std::fmt;

use super::{layout::Layout, symbol::Symbol};

/// One of the two colours of a barcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shade {
    /// A bar.
    Black,
    /// A space between bars, or the quiet zone.
    White,
}

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Depth {
    /// 24 bits.
    TrueColor,
    /// The 256-colour palette.
    Indexed256,
    /// The 16 colours, which a theme may change.
    Indexed16,
}

impl Shade {
    /// Red, green and blue.
    #[must_use]
    pub fn rgb(self) -> (u8, u8, u8) {
        match self {
            Self::Black => (0, 0, 0),
            Self::White => (255, 255, 255),
        }
    }

    /// Entry of the 256-colour palette: the corners of its colour cube, which themes leave alone.
    #[must_use]
    pub fn indexed_256(self) -> u8 {
        match self {
            Self::Black => 16,
            Self::White => 231,
        }
    }

    /// Entry of the 16-colour palette: black and bright white.
    #[must_use]
    pub fn indexed_16(self) -> u8 {
        match self {
            Self::Black => 0,
            Self::White => 15,
        }
    }
}

/// A terminal cell: a space where all of it has one colour, else the block glyph of the half or quarter that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// A space, a half block or a quadrant: never a full block, which fonts draw with gaps.
    pub glyph: char,
    /// Colour of the glyph; the background's where it is a space.
    pub fg: Shade,
    /// Colour of the rest of the cell.
    pub bg: Shade,
}

/// A drawn symbol with its quiet zone, line after line.
#[derive(Clone, PartialEq, Eq)]
pub struct Grid {
    width: u16,
    height: u16,
    cells: Vec<Cell>,
}

impl Grid {
    /// The symbol as the layout has it. They belong together: `layout` is for the symbol's own columns and rows.
    #[must_use]
    pub fn draw(symbol: &Symbol, layout: Layout) -> Self {
        let (width, height) = (layout.width(), layout.height());
        let modules: Vec<Option<usize>> = (0..2 * width).map(|x| layout.module_at(x)).collect();
        let row = |y| layout.row_at(y).map_or(&[][..], |row| symbol.row(row));
        let mut cells = Vec::with_capacity(usize::from(width) * usize::from(height));
        for line in 0..height {
            let (above, below) = (row(2 * line), row(2 * line + 1));
            cells.extend(modules.chunks_exact(2).map(|halves| {
                let bar = |row: &[bool], half: usize| {
                    halves[half].is_some_and(|module| row.get(module) == Some(&true))
                };
                Cell::of([bar(above, 0), bar(above, 1), bar(below, 0), bar(below, 1)])
            }));
        }
        Self { width, height, cells }
    }

    /// Terminal columns.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Terminal lines.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    /// The cells of each line, from top to bottom.
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
    /// The cell with bars in these quarters: top left, top right, bottom left, bottom right.
    #[must_use]
    pub fn of(bars: [bool; 4]) -> Self {
        use Shade::{Black, White};
        let mask = bars.iter().fold(0, |mask, bar| mask << 1 | u8::from(*bar));
        // The glyph covers no more than half of a cell, the background the rest: colour, not ink.
        let (glyph, fg, bg) = match mask {
            0b0000 => (' ', White, White),
            0b1111 => (' ', Black, Black),
            0b1010 => ('▌', Black, White),
            0b0101 => ('▌', White, Black),
            0b1100 => ('▀', Black, White),
            0b0011 => ('▀', White, Black),
            0b1001 => ('▚', Black, White),
            0b0110 => ('▚', White, Black),
            0b1000 => ('▘', Black, White),
            0b0100 => ('▝', Black, White),
            0b0010 => ('▖', Black, White),
            0b0001 => ('▗', Black, White),
            0b0111 => ('▘', White, Black),
            0b1011 => ('▝', White, Black),
            0b1101 => ('▖', White, Black),
            _ => ('▗', White, Black),
        };
        Self { glyph, fg, bg }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout {
        columns: 2,
        level: 2,
        rows: 9,
        module_width: 1,
        row_height: 2,
        quiet_top: 2,
        quiet_bottom: 2,
        step: 0,
    };

    fn symbol() -> Symbol {
        Symbol::encode("1234567890123456789012", 2, 2).unwrap()
    }

    /// Quarters of a cell as a terminal shows them.
    fn quarters(cell: Cell) -> [Shade; 4] {
        let covered = match cell.glyph {
            ' ' => [false; 4],
            '▌' => [true, false, true, false],
            '▀' => [true, true, false, false],
            '▚' => [true, false, false, true],
            '▘' => [true, false, false, false],
            '▝' => [false, true, false, false],
            '▖' => [false, false, true, false],
            '▗' => [false, false, false, true],
            other => panic!("unexpected glyph {other}"),
        };
        covered.map(|fg| if fg { cell.fg } else { cell.bg })
    }

    #[test]
    fn every_cell_shows_its_quarters() {
        for mask in 0..16u8 {
            let bars = [8, 4, 2, 1].map(|bit| mask & bit != 0);
            let wanted = bars.map(|bar| if bar { Shade::Black } else { Shade::White });
            assert_eq!(quarters(Cell::of(bars)), wanted, "{mask:04b}");
        }
    }

    #[test]
    fn rows_of_whole_lines_need_only_left_half_blocks() {
        let grid = Grid::draw(&symbol(), LAYOUT);
        assert!(grid.lines().flatten().all(|cell| matches!(cell.glyph, ' ' | '▌')));
    }

    #[test]
    fn whole_cell_modules_need_no_glyph_at_all() {
        let layout = Layout { module_width: 2, ..LAYOUT };
        assert!(Grid::draw(&symbol(), layout).lines().flatten().all(|cell| cell.glyph == ' '));
    }

    #[test]
    fn the_grid_shows_every_module_and_white_around() {
        for (module_width, row_height, quiet_top) in [(1, 2, 1), (1, 3, 1), (1, 1, 1), (2, 3, 2), (3, 5, 3)] {
            let layout = Layout { module_width, row_height, quiet_top, quiet_bottom: quiet_top, ..LAYOUT };
            let symbol = symbol();
            let grid = Grid::draw(&symbol, layout);
            for (line, cells) in (0u16..).zip(grid.lines()) {
                for (column, cell) in (0u16..).zip(cells) {
                    for (i, shade) in (0u16..).zip(quarters(*cell)) {
                        let x = i32::from(2 * column + i % 2) - 2 * i32::from(module_width);
                        let y = i32::from(2 * line + i / 2) - i32::from(quiet_top);
                        let x = usize::try_from(x.div_euclid(i32::from(module_width)));
                        let y = usize::try_from(y.div_euclid(i32::from(row_height)));
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
