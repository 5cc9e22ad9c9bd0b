//! Renders lines of text as pixels, in a built-in font so that nothing needs to be installed.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, RasterizedChar, get_raster, get_raster_width};
use unicode_width::UnicodeWidthChar;

/// A weight and a size of the font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Font {
    /// 20 pixels high.
    Regular20,
    /// 24 pixels high.
    Bold24,
}

impl Font {
    fn raster(self) -> (FontWeight, RasterHeight) {
        match self {
            Self::Regular20 => (FontWeight::Regular, RasterHeight::Size20),
            Self::Bold24 => (FontWeight::Bold, RasterHeight::Size24),
        }
    }

    /// The height of a line, in pixels.
    #[must_use]
    pub fn height(self) -> usize {
        self.raster().1.val()
    }

    /// The width of a column, in pixels; wide characters take two columns.
    #[must_use]
    pub fn column(self) -> usize {
        let (weight, height) = self.raster();
        get_raster_width(weight, height)
    }

    /// The width of a text, in pixels.
    #[must_use]
    pub fn width(self, text: &str) -> usize {
        text.chars().map(columns).sum::<usize>() * self.column()
    }

    /// Calls `ink` for each pixel of a text with its x and y, counted from the top left, and its coverage (0
    /// to 255). A character that the font lacks is drawn as U+FFFD.
    pub fn draw(self, text: &str, mut ink: impl FnMut(usize, usize, u8)) {
        let (weight, height) = self.raster();
        let mut left = 0;
        for character in text.chars() {
            let columns = columns(character);
            if columns > 0 {
                let glyph = get_raster(character, weight, height).or(get_raster('\u{fffd}', weight, height));
                for (y, row) in glyph.iter().flat_map(RasterizedChar::rows).enumerate() {
                    for (x, part) in row.iter().enumerate() {
                        ink(left + x, y, *part);
                    }
                }
            }
            left += columns * self.column();
        }
    }
}

/// The number of columns that a character takes.
#[must_use]
pub fn columns(character: char) -> usize {
    character.width().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn black(text: &str) -> Vec<(usize, usize)> {
        let mut pixels = Vec::new();
        Font::Bold24.draw(text, |x, y, part| {
            assert!(x < Font::Bold24.width(text) && y < Font::Bold24.height(), "{text}: {x},{y}");
            if part > 127 {
                pixels.push((x, y));
            }
        });
        pixels
    }

    #[test]
    fn characters_do_not_overlap_and_stay_within_the_width() {
        let (column, one, two) = (Font::Bold24.column(), black("I"), black("II"));
        assert!(!one.is_empty() && two.len() == 2 * one.len());
        assert!(one.iter().all(|(x, y)| two.contains(&(*x, *y)) && two.contains(&(x + column, *y))));
    }

    #[test]
    fn a_character_that_the_font_lacks_is_a_box() {
        assert_eq!(black("学"), black("\u{fffd}"));
        assert_eq!(Font::Bold24.width("学"), 2 * Font::Bold24.column());
        assert_eq!(black("\u{1b}\u{301}"), []);
    }
}
