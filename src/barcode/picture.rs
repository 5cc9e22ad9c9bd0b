//! The layout of a picture: a barcode, or the notice that it expired, with lines of text below.

use super::default_shape::row_modules;
use super::geometry::QUIET_MODULES;
use super::shape::Shape;
use crate::drawing::text::{Font, columns};

/// Replaces an expired barcode.
pub(super) const EXPIRED: &str = "EXPIRED";
/// The width of a module in a pixel picture, in pixels.
pub(super) const MODULE: u16 = 4;
/// The font of the caption.
pub(super) const FONT: Font = Font::Regular20;
/// The height of a caption line in modules, which matches the font's.
pub(super) const LINE: usize = 5;

/// The dimensions of a picture, in modules.
pub(super) struct PictureLayout {
    pub(super) width: usize,
    pub(super) height: usize,
    /// The height of a codeword row.
    pub(super) row: usize,
    /// The height of the symbol with its quiet zone; the caption starts below.
    pub(super) symbol_height: usize,
    /// The caption's lines, wrapped to the width of the picture.
    pub(super) caption: Vec<String>,
}

impl PictureLayout {
    pub(super) fn new(shape: Shape, caption: &[&str]) -> Self {
        let quiet = usize::from(QUIET_MODULES);
        let row = usize::from(row_modules(shape));
        let width = shape.width() + 2 * quiet;
        let symbol_height = usize::from(shape.rows) * row + 2 * quiet;
        let room = width * usize::from(MODULE) / FONT.column();
        let caption: Vec<String> = caption.iter().flat_map(|line| wrapped(line, room)).collect();
        let below = if caption.is_empty() { 0 } else { caption.len() * LINE + quiet };
        Self { width, height: symbol_height + below, row, symbol_height, caption }
    }
}

/// Wraps a line at word boundaries, and within words wider than `room` columns.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let width = |text: &str| text.chars().map(columns).sum::<usize>();
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut line = lines.pop().unwrap_or_default();
        if !line.is_empty() && width(&line) + 1 + width(word) > room {
            lines.push(std::mem::take(&mut line));
        } else if !line.is_empty() {
            line.push(' ');
        }
        for character in word.chars() {
            if !line.is_empty() && width(&line) + columns(character) > room {
                lines.push(std::mem::take(&mut line));
            }
            line.push(character);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape { columns: 2, level: 2, rows: 9 };

    #[test]
    fn captions_add_lines_below_the_quiet_zone() {
        let bare = PictureLayout::new(SHAPE, &[]);
        assert_eq!((bare.width, bare.height), (107, bare.symbol_height));
        let two = PictureLayout::new(SHAPE, &["fetched 19:04:11", "good until 19:05:11"]);
        assert_eq!((two.symbol_height, two.height), (bare.height, bare.height + 12));
    }

    #[test]
    fn long_captions_are_wrapped_and_lose_nothing() {
        let text = "fetched on Monday, 9 February 2026 at 19:04:11, good until 19:05:11";
        let lines = wrapped(text, 30);
        assert!(lines.iter().all(|line| line.chars().count() <= 30), "{lines:?}");
        assert_eq!(lines.join(" "), text);
        assert_eq!(wrapped("abcdefg hi", 3), ["abc", "def", "g", "hi"]);
        assert_eq!(wrapped("学学学", 4), ["学学", "学"]);
    }
}
