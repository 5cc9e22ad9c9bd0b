//! Renders a grid as text, in color with SGR sequences or without color as block glyphs.

use std::fmt::Write;

use super::cells::{Cell, ColorDepth, Grid, Shade};

const RESET: &str = "\x1b[0m";

/// Renders the grid in black and white with SGR sequences, one line of text per line of cells.
///
/// Each line sets and resets its colors and ends with a line feed, so that it stands on its own in a pager or
/// a log.
#[must_use]
pub fn colored(grid: &Grid, depth: ColorDepth) -> String {
    let mut text = String::with_capacity(usize::from(grid.width()) * usize::from(grid.height()) * 16);
    for line in grid.lines() {
        let (mut fg, mut bg) = (None, None);
        for cell in line {
            if bg != Some(cell.bg) {
                bg = Some(cell.bg);
                sgr(&mut text, Ground::Back, cell.bg, depth);
            }
            // A space shows no foreground, so the previous one can stay.
            if cell.glyph != ' ' && fg != Some(cell.fg) {
                fg = Some(cell.fg);
                sgr(&mut text, Ground::Fore, cell.fg, depth);
            }
            text.push(cell.glyph);
        }
        text.push_str(RESET);
        text.push('\n');
    }
    text
}

/// Renders the grid without colors: bars are block glyphs in the text color, everything else is spaces.
///
/// This is the only drawing with glyphs other than `▌`, because without colors nothing else fills a cell. It
/// is black on white on paper and in light themes, but inverted in dark ones, which most scanners cannot read.
#[must_use]
pub fn ink(grid: &Grid) -> String {
    let mut text = String::with_capacity(usize::from(grid.width() * 3 + 1) * usize::from(grid.height()));
    for line in grid.lines() {
        text.extend(line.iter().copied().map(glyph_of));
        text.push('\n');
    }
    text
}

#[derive(Clone, Copy)]
enum Ground {
    Fore,
    Back,
}

fn sgr(text: &mut String, ground: Ground, shade: Shade, depth: ColorDepth) {
    let extended = match ground {
        Ground::Fore => 38,
        Ground::Back => 48,
    };
    let written = match depth {
        ColorDepth::TrueColor => {
            let (r, g, b) = shade.rgb();
            write!(text, "\x1b[{extended};2;{r};{g};{b}m")
        }
        ColorDepth::Indexed256 => write!(text, "\x1b[{extended};5;{}m", shade.indexed_256()),
        ColorDepth::Indexed16 => {
            let index = shade.indexed_16();
            let base = if index < 8 { extended - 8 } else { extended + 52 - 8 };
            write!(text, "\x1b[{}m", base + index)
        }
    };
    debug_assert!(written.is_ok(), "writing to a String does not fail");
}

/// The glyph whose ink covers the black part of a cell.
fn glyph_of(cell: Cell) -> char {
    let black = |shade| shade == Shade::Black;
    match (cell.glyph, black(cell.fg), black(cell.bg)) {
        (' ', _, true) => '█',
        (' ', _, false) => ' ',
        (_, true, _) => '▌',
        (_, false, _) => '▐',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::{geometry::Layout, symbol::Symbol};

    fn grid(row_lines: u8) -> Grid {
        let symbol = Symbol::encode("1234567890123456789012", 2, 2).unwrap();
        let layout = Layout { shape: symbol.shape(), module_width: 1, row_lines, quiet_lines: 1, step: 0 };
        Grid::draw(&symbol, layout)
    }

    /// Start pattern 81111113 after the quiet zone: four black cells, then alternating modules.
    #[test]
    fn a_line_starts_with_quiet_zone_and_start_pattern() {
        let text = colored(&grid(1), ColorDepth::TrueColor);
        let line = text.lines().nth(1).unwrap();
        let white = "\x1b[48;2;255;255;255m";
        let black = "\x1b[48;2;0;0;0m";
        let start = format!("{white} {black}    \x1b[38;2;255;255;255m▌▌▌{white} ");
        assert!(line.starts_with(&start), "{line:?}");
        assert!(line.ends_with("\x1b[0m"));
        assert_eq!(text.lines().next().unwrap(), format!("{white}{}\x1b[0m", " ".repeat(54)));
    }

    #[test]
    fn fewer_colors_give_the_same_picture() {
        let full = colored(&grid(2), ColorDepth::TrueColor);
        let palette = full.replace("2;255;255;255m", "5;231m").replace("2;0;0;0m", "5;16m");
        assert_eq!(colored(&grid(2), ColorDepth::Indexed256), palette);
        let sixteen = palette
            .replace("48;5;231m", "107m")
            .replace("48;5;16m", "40m")
            .replace("38;5;231m", "97m")
            .replace("38;5;16m", "30m");
        assert_eq!(colored(&grid(2), ColorDepth::Indexed16), sixteen);
    }

    #[test]
    fn ink_is_bars_only() {
        let text = ink(&grid(1));
        assert!(text.lines().nth(1).unwrap().starts_with(" ████▐▐▐ "), "{text}");
        assert!(text.lines().all(|line| line.chars().count() == 54));
        assert!(!text.contains('\x1b'));
    }
}
