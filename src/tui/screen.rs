//! What the terminal offers: cells, their shape, its colours.

use crossterm::terminal;

use crate::barcode::cells::Depth;

/// Columns and lines where the terminal does not say.
const USUAL: (u16, u16) = (80, 24);

/// The size of a terminal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Screen {
    /// Cells from left to right.
    pub columns: u16,
    /// Cells from top to bottom.
    pub lines: u16,
    /// Height of a cell over its width.
    pub aspect: f32,
}

/// How a terminal is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The colours of the barcode, which is black and white whatever else is refused.
    pub depth: Depth,
    /// Whether anything else is coloured.
    pub colour: bool,
}

impl Screen {
    /// A terminal of so many cells, each twice as high as wide.
    #[must_use]
    pub const fn new(columns: u16, lines: u16) -> Self {
        Self { columns, lines, aspect: 2.0 }
    }

    /// The terminal of this process as it is now.
    #[must_use]
    pub fn of_terminal() -> Self {
        match terminal::window_size() {
            Ok(size) if size.columns > 0 && size.rows > 0 => {
                let aspect = aspect((size.width, size.height), (size.columns, size.rows));
                Self { columns: size.columns, lines: size.rows, aspect }
            }
            _ => {
                let (columns, lines) = terminal::size().unwrap_or(USUAL);
                Self::new(columns, lines)
            }
        }
    }
}

/// The aspect of a cell, where the terminal tells its size in pixels.
fn aspect(pixels: (u16, u16), cells: (u16, u16)) -> f32 {
    if pixels.0 == 0 || pixels.1 == 0 {
        return 2.0;
    }
    (f32::from(pixels.1) / f32::from(cells.1)) / (f32::from(pixels.0) / f32::from(cells.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_twice_as_high_as_wide_unless_told_otherwise() {
        assert!((aspect((0, 0), (80, 24)) - 2.0).abs() < 1e-6);
        assert!((aspect((720, 432), (80, 24)) - 2.0).abs() < 1e-6);
        assert!((aspect((800, 432), (80, 24)) - 1.8).abs() < 1e-6);
    }
}
