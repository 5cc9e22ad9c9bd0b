//! Renders a symbol with its quiet zone as black and white pixels, with modules in whole pixels.

use std::fmt;

use super::{geometry::QUIET_MODULES, symbol::Symbol};

/// The size of a module and of a codeword row, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Width of a module, at least 1.
    pub module: u16,
    /// Height of a codeword row, at least 1; the standard asks for 3 modules.
    pub row: u16,
}

impl Scale {
    /// A scale with rows `modules` modules high.
    #[must_use]
    pub fn of_modules(module: u16, modules: u16) -> Self {
        Self { module, row: module.saturating_mul(modules) }
    }

    /// The size in pixels of a symbol of `width` modules and `rows` rows, including the quiet zone.
    #[must_use]
    pub fn size(self, width: usize, rows: usize) -> (usize, usize) {
        let (module, row) = (usize::from(self.module.max(1)), usize::from(self.row.max(1)));
        let quiet = 2 * usize::from(QUIET_MODULES) * module;
        (width * module + quiet, rows * row + quiet)
    }
}

/// A symbol as pixels, including the quiet zone. All pixel lines of a codeword row are the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: usize,
    height: usize,
    quiet: usize,
    row: usize,
    /// One line of pixels per codeword row; `true` is a bar.
    lines: Vec<Vec<bool>>,
    blank: Vec<bool>,
}

impl Bitmap {
    /// Draws a symbol at this scale; 0 counts as 1.
    #[must_use]
    pub fn draw(symbol: &Symbol, scale: Scale) -> Self {
        let module = usize::from(scale.module.max(1));
        let (width, height) = scale.size(symbol.width(), symbol.rows());
        let quiet = usize::from(QUIET_MODULES) * module;
        let lines = (0..symbol.rows())
            .map(|row| {
                let mut line = Vec::with_capacity(width);
                line.resize(quiet, false);
                for bar in symbol.row(row) {
                    line.resize(line.len() + module, *bar);
                }
                line.resize(width, false);
                line
            })
            .collect();
        Self { width, height, quiet, row: usize::from(scale.row.max(1)), lines, blank: vec![false; width] }
    }

    /// The width in pixels.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The height in pixels.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The pixels of line `y`, `true` for black; white outside the symbol.
    #[must_use]
    pub fn line(&self, y: usize) -> &[bool] {
        let row = y.checked_sub(self.quiet).map(|y| y / self.row);
        row.and_then(|row| self.lines.get(row)).unwrap_or(&self.blank)
    }
}

impl fmt::Debug for Bitmap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bitmap")
            .field("width", &self.width)
            .field("height", &self.height)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_and_rows_are_whole_pixels_with_a_quiet_zone() {
        let symbol = Symbol::encode("1234567890123456789012", 2, 2).unwrap();
        let bitmap = Bitmap::draw(&symbol, Scale { module: 3, row: 10 });
        assert_eq!((bitmap.width(), bitmap.height()), (107 * 3, 9 * 10 + 12));
        for y in 0..bitmap.height() {
            assert_eq!(bitmap.line(y).len(), bitmap.width());
            for (x, black) in bitmap.line(y).iter().enumerate() {
                let module = (x / 3).checked_sub(2).zip(y.checked_sub(6).map(|y| y / 10));
                assert_eq!(*black, module.is_some_and(|(x, row)| symbol.module(x, row)), "{x},{y}");
            }
        }
    }

    #[test]
    fn a_scale_of_zero_counts_as_one_pixel() {
        let symbol = Symbol::encode("A", 2, 2).unwrap();
        assert_eq!(Bitmap::draw(&symbol, Scale { module: 0, row: 0 }).width(), 107);
    }
}
