//! Renders a symbol as SVG: a single path of bars on a white background with quiet zone, text below.

use std::fmt::Write;

use super::geometry::QUIET_MODULES;
use super::picture::{EXPIRED, LINE, PictureLayout};
use super::shape::Shape;
use super::symbol::Symbol;
use crate::drawing::xml::escaped;

/// The caption's font size in modules, chosen so that its characters (0.6 times as wide) are as wide as in a PNG.
const FONT_SIZE: f32 = 3.75;

/// Renders a symbol as an SVG document with these lines of text below. A module is half a millimeter wide.
///
/// The output is deterministic.
#[must_use]
pub fn render(symbol: &Symbol, caption: &[&str]) -> String {
    let layout = PictureLayout::new(symbol.shape(), caption);
    let path = format!("<path fill=\"#000\" d=\"{}\"/>\n", bars(symbol, layout.row));
    document(&layout, &path)
}

/// Renders a document of the same size as [`render`] for this shape, with the word EXPIRED instead of the symbol.
#[must_use]
pub fn expired(shape: Shape, caption: &[&str]) -> String {
    let layout = PictureLayout::new(shape, caption);
    let (width, size) = (layout.width * 3 / 4, layout.width / 5);
    let (x, y) = (half(layout.width), half(layout.symbol_height + size * 2 / 3));
    let word = format!(
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" font-size=\"{size}\" font-weight=\"bold\" \
         textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\">{EXPIRED}</text>\n"
    );
    document(&layout, &word)
}

/// The bars as one path of rectangles.
fn bars(symbol: &Symbol, row_height: usize) -> String {
    let quiet = usize::from(QUIET_MODULES);
    let mut path = String::new();
    for row in 0..symbol.rows() {
        let y = quiet + row * row_height;
        let mut x = quiet;
        for run in symbol.row(row).chunk_by(|one, next| one == next) {
            if run.first() == Some(&true) {
                let written = write!(path, "M{x} {y}h{w}v{row_height}h-{w}z", w = run.len());
                debug_assert!(written.is_ok(), "writing to a String does not fail");
            }
            x += run.len();
        }
    }
    path
}

fn document(layout: &PictureLayout, content: &str) -> String {
    let PictureLayout { width, height, .. } = layout;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}mm\" height=\"{}mm\" viewBox=\"0 0 {width} {height}\" \
         shape-rendering=\"crispEdges\" \
         font-family=\"'Noto Sans Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{content}",
        half(*width),
        half(*height),
    );
    for (line, text) in layout.caption.iter().enumerate() {
        let (x, y) = (half(*width), layout.symbol_height + line * LINE + LINE - 1);
        let written = writeln!(
            svg,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" font-size=\"{FONT_SIZE}\">{}</text>",
            escaped(text)
        );
        debug_assert!(written.is_ok(), "writing to a String does not fail");
    }
    svg.push_str("</svg>\n");
    svg
}

/// Half of a count as decimal text, without a float.
fn half(count: usize) -> String {
    format!("{}.{}", count / 2, count % 2 * 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol() -> Symbol {
        Symbol::encode("1234567890123456789012", 2, 2).unwrap()
    }

    fn head(svg: &str) -> &str {
        svg.split_once('>').unwrap().0
    }

    #[test]
    fn one_path_on_a_white_background() {
        let svg = render(&symbol(), &[]);
        assert!(svg.starts_with(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"53.5mm\" height=\"56.0mm\" viewBox=\"0 0 107 112\" "
        ));
        assert_eq!(svg.matches("<path").count(), 1);
        // Start pattern 81111113 after the quiet zone.
        assert!(svg.contains("d=\"M2 2h8v12h-8zM11 2h1v12h-1zM13 2h1v12h-1zM15 2h1v12h-1z"), "{svg}");
        assert_eq!(svg.matches("v12h-7z").count(), 9, "the wide bar of each row's stop pattern");
        assert!(!svg.contains("<text"));
    }

    #[test]
    fn captions_are_text_below_the_symbol() {
        let svg = render(&symbol(), &["fetched 19:04:11 <b>\u{fffe}\u{1b}", "good until 19:05:11"]);
        assert!(head(&svg).contains("viewBox=\"0 0 107 124\""), "{svg}");
        assert!(
            svg.contains("y=\"116\" ") && svg.contains(">fetched 19:04:11 &lt;b&gt;\u{fffd}\u{fffd}</text>")
        );
        assert!(svg.contains("y=\"121\" ") && svg.contains(">good until 19:05:11</text>"));
    }

    #[test]
    fn an_expired_picture_has_the_same_size_and_no_bars() {
        let caption = ["fetched 19:04:11", "expired 19:05:11"];
        let svg = expired(symbol().shape(), &caption);
        assert_eq!(head(&svg), head(&render(&symbol(), &caption)));
        assert!(svg.contains(">EXPIRED</text>") && svg.contains(">expired 19:05:11</text>"));
        assert!(!svg.contains("<path"));
    }
}
