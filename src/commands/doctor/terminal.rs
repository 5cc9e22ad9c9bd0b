//! Checks the terminal: size, colors, pictures, and whether a barcode fits and looks right.

use super::Check;
use crate::app::App;
use crate::barcode::ansi;
use crate::barcode::cells::{ColorDepth, Grid};
use crate::barcode::fit::{CellArea, Fit, Size, fit};
use crate::barcode::geometry::Layout;
use crate::barcode::shape::ShapeOptions;
use crate::barcode::symbol::Symbol;
use crate::terminal::capabilities::Capabilities;
use crate::terminal::pictures::PicturePreference;
use crate::tui::layout::{ScreenLayout, TextNeeds};
use crate::tui::subject::{BarcodeOptions, Subject};

/// As long as the official app's payload, but not a valid payload.
const SAMPLE: &str = "0000000000000000000000";
/// The height of the smallest barcode for that many digits.
const PATTERN_LINES: u16 = 11;

pub(super) fn terminal(app: &App) -> Check {
    const NAME: &str = "terminal";
    if !app.ui.is_terminal() {
        return Check::ok(
            NAME,
            "standard output is not a terminal: a barcode is printed once, without the view",
        );
    }
    if app.ui.is_dumb() {
        return Check::warn(
            NAME,
            "it has no colors and no cursor",
            "use another terminal for getcard barcode",
        );
    }
    check(NAME, &Capabilities::asked(app.ui.use_color(), PicturePreference::Auto))
}

/// Checks whether the view can show a barcode on the terminal.
fn check(name: &'static str, terminal: &Capabilities) -> Check {
    let text = described(terminal);
    match screen_layout(terminal).subject {
        Subject::TooSmall(columns, lines) if !terminal.unicode => Check::warn(
            name,
            format!("{text}: too small for the barcode without half blocks"),
            format!(
                "use a UTF-8 locale and font (export LC_CTYPE=C.UTF-8), or at least {columns} columns and {lines} lines"
            ),
        ),
        Subject::TooSmall(columns, lines) => Check::warn(
            name,
            format!("{text}: too small for the barcode"),
            format!("make the window at least {columns} columns and {lines} lines"),
        ),
        Subject::Unusable(error) => {
            Check::warn(name, format!("{text}: {error}"), "run: getcard barcode --once")
        }
        subject => {
            let lines = subject.size().map_or(0, |(_, lines)| lines);
            Check::ok(name, format!("{text}, the barcode fits with {lines} lines"))
        }
    }
}

/// The layout that the view would use.
fn screen_layout(terminal: &Capabilities) -> ScreenLayout {
    let pixels = terminal.pictures.is_some();
    let options = BarcodeOptions { pixels, glyphs: terminal.glyphs(), ..BarcodeOptions::default() };
    ScreenLayout::plan(Some(SAMPLE), terminal.screen, options, TextNeeds::default())
}

fn described(terminal: &Capabilities) -> String {
    let colors = match terminal.depth {
        ColorDepth::TrueColor => "24-bit colors",
        ColorDepth::Indexed256 => "256 colors",
        ColorDepth::Indexed16 => "16 colors",
    };
    let pictures = match terminal.pictures {
        Some(protocol) => format!("{} pictures", protocol.name()),
        None => "no pictures".to_owned(),
    };
    let unicode = if terminal.unicode { "" } else { ", no half blocks" };
    let between =
        terminal.between.map_or_else(String::new, |between| format!(", through {}", between.name()));
    let (columns, lines) = (terminal.screen.columns, terminal.screen.lines);
    format!("{columns}x{lines}, {colors}, {pictures}{unicode}{between}")
}

/// A sample barcode for visual inspection, which no register accepts.
pub(super) fn pattern() -> String {
    let area = CellArea::new(80, PATTERN_LINES);
    let drawn = fit(SAMPLE, area, ShapeOptions::default(), Size::default()).ok().and_then(|fit| match fit {
        Fit::Layout(layout) => Some(draw(layout)),
        Fit::TooSmall { .. } => None,
    });
    let Some(drawn) = drawn.flatten() else { return String::new() };
    format!(
        "\n{drawn}Look: black bars on white, without gaps from line to line, all edges straight.\n\
             If not, choose another font, or no extra space between the terminal's lines.\n"
    )
}

fn draw(layout: Layout) -> Option<String> {
    let symbol = Symbol::encode(SAMPLE, layout.shape.columns, layout.shape.level).ok()?;
    Some(ansi::colored(&Grid::draw(&symbol, layout), Capabilities::of_terminal(true).depth))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::screen::Screen;

    #[test]
    fn the_pattern_is_a_barcode_with_instructions() {
        let pattern = pattern();
        assert_eq!(pattern.matches("\x1b[0m\n").count(), usize::from(PATTERN_LINES));
        assert!(pattern.ends_with("lines.\n"));
    }

    #[test]
    fn the_check_agrees_with_the_view() {
        let checked = |columns, lines| {
            let check = check("terminal", &Capabilities::modern(Screen::new(columns, lines)));
            (check.detail, check.hint)
        };
        let (detail, hint) = checked(80, 24);
        assert!(detail.starts_with("80x24, 24-bit colors, no pictures, the barcode fits with "), "{detail}");
        assert_eq!(hint, None);
        let (detail, hint) = checked(53, 24);
        assert!(detail.ends_with("too small for the barcode"), "{detail}");
        let hint = hint.unwrap();
        let numbers: Vec<u16> = hint.split(' ').filter_map(|word| word.parse::<u16>().ok()).collect();
        assert!(checked(numbers[0], numbers[1]).0.contains("the barcode fits"), "{hint}");
    }
}
