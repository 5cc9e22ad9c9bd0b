//! The size of the terminal and of its cells.

use crossterm::terminal;
use terminal_size::{Height, Width, terminal_size};

/// The size assumed if the terminal does not report one.
const DEFAULT_SIZE: (u16, u16) = (80, 24);

/// The size of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// The number of columns.
    pub columns: u16,
    /// The number of lines.
    pub lines: u16,
    /// The size of a cell in pixels (width, height), if the terminal reports it.
    pub cell: Option<(u16, u16)>,
}

impl Screen {
    /// A terminal with an unknown cell size.
    #[must_use]
    pub const fn new(columns: u16, lines: u16) -> Self {
        Self { columns, lines, cell: None }
    }

    /// The current size of this process's terminal.
    #[must_use]
    pub fn of_terminal() -> Self {
        match terminal::window_size() {
            Ok(size) if size.columns > 0 && size.rows > 0 => Self {
                columns: size.columns,
                lines: size.rows,
                cell: Some((size.width / size.columns, size.height / size.rows))
                    .filter(|cell| is_cell(*cell)),
            },
            _ => {
                let (columns, lines) = size().unwrap_or(DEFAULT_SIZE);
                Self::new(columns, lines)
            }
        }
    }

    /// Uses this cell size if the terminal does not report one.
    #[must_use]
    pub fn or_cell(self, cell: Option<(u16, u16)>) -> Self {
        Self { cell: self.cell.or(cell.filter(|cell| is_cell(*cell))), ..self }
    }

    /// The height of a cell divided by its width; 2 if unknown, which nearly all cells are close to.
    #[must_use]
    pub fn aspect(self) -> f32 {
        self.cell.map_or(2.0, |(width, height)| f32::from(height) / f32::from(width))
    }
}

/// The columns and lines of this process's terminal, if it has one that reports them. Without a terminal, crossterm's
/// function of this name would run `tput`.
#[must_use]
pub fn size() -> Option<(u16, u16)> {
    terminal_size().map(|(Width(columns), Height(lines))| (columns, lines))
}

/// Some terminals report a size of zero.
fn is_cell((width, height): (u16, u16)) -> bool {
    width > 0 && height > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_twice_as_high_as_wide_unless_told_otherwise() {
        let aspect = |cell| Screen::new(80, 24).or_cell(cell).aspect();
        assert!((aspect(None) - 2.0).abs() < 1e-6);
        assert!((aspect(Some((0, 18))) - 2.0).abs() < 1e-6);
        assert!((aspect(Some((10, 18))) - 1.8).abs() < 1e-6);
    }

    #[test]
    fn the_reported_cell_size_wins() {
        let reported = Screen { cell: Some((10, 20)), ..Screen::new(80, 24) };
        assert_eq!(reported.or_cell(Some((9, 18))), reported);
    }
}
