//! The doctor at the terminal: its size, its colors, its pictures, and whether a barcode fits and shows well.

use std::env;

use super::Check;
use crate::app::App;
use crate::barcode::ansi;
use crate::barcode::cells::{ColorDepth, Grid};
use crate::barcode::fit::{CellArea, Fit, Size, fit};
use crate::barcode::geometry::Layout;
use crate::barcode::shape::ShapeOptions;
use crate::barcode::symbol::Symbol;

/// As long as the official app's payload, and no payload.
const SAMPLE: &str = "0000000000000000000000";
/// The lines of the full-screen view that are not barcode.
const LINES_OF_TEXT: u16 = 3;
/// The smallest barcode of as many digits as the official app's.
const PATTERN_LINES: u16 = 11;

pub(super) fn terminal(app: &App) -> Check {
    const NAME: &str = "terminal";
    if !app.ui.is_terminal() {
        return Check::ok(NAME, "standard output is no terminal: a barcode is printed once, not as a view");
    }
    let Ok((columns, lines)) = crossterm::terminal::size() else {
        return Check::warn(NAME, "it does not tell its size", "give --columns to getcard barcode");
    };
    let text = format!("{columns}x{lines}, {}, {}", colors(), pictures());
    let area = CellArea::new(columns, lines.saturating_sub(LINES_OF_TEXT));
    match fit(SAMPLE, area, ShapeOptions::default(), Size::default()) {
        Ok(Fit::TooSmall { columns, lines }) => {
            let least = format!("{columns} columns and {} lines", lines + LINES_OF_TEXT);
            Check::warn(
                NAME,
                format!("{text}: too small for the barcode"),
                format!("make the window at least {least}"),
            )
        }
        _ if is("TERM", "dumb") => {
            Check::warn(NAME, "it has no colors and no cursor", "use another terminal for getcard barcode")
        }
        _ if !speaks_utf8() => {
            let hint = "set a UTF-8 locale, for example: export LC_CTYPE=C.UTF-8";
            Check::warn(NAME, format!("{text}; the locale has no blocks to draw with"), hint)
        }
        Ok(Fit::Layout(layout)) => {
            Check::ok(NAME, format!("{text}, the barcode fits with {} lines", layout.height()))
        }
        Err(error) => Check::warn(NAME, format!("{text}: {error}"), "run: getcard barcode --once"),
    }
}

fn is(variable: &str, value: &str) -> bool {
    env::var_os(variable).is_some_and(|found| found == value)
}

fn holds(variable: &str, parts: &[&str]) -> bool {
    env::var(variable).is_ok_and(|found| parts.iter().any(|part| found.to_lowercase().contains(part)))
}

/// How many colors the terminal says that it has.
fn depth() -> ColorDepth {
    match () {
        () if holds("COLORTERM", &["truecolor", "24bit"]) => ColorDepth::TrueColor,
        () if holds("TERM", &["256color", "kitty", "alacritty", "ghostty", "wezterm"]) => {
            ColorDepth::Indexed256
        }
        () => ColorDepth::Indexed16,
    }
}

fn colors() -> &'static str {
    match depth() {
        ColorDepth::TrueColor => "24-bit colors",
        ColorDepth::Indexed256 => "256 colors",
        ColorDepth::Indexed16 => "16 colors",
    }
}

/// Which protocol for pictures the terminal is known for.
fn pictures() -> &'static str {
    match () {
        () if holds("TERM", &["kitty", "ghostty"]) || env::var_os("KITTY_WINDOW_ID").is_some() => {
            "pictures by kitty"
        }
        () if holds("TERM_PROGRAM", &["iterm", "wezterm"]) => "pictures by iterm",
        () if holds("TERM", &["sixel", "mlterm", "foot"]) => "pictures by sixel",
        () => "no pictures known",
    }
}

/// Whether characters outside ASCII are shown; on Windows they are.
fn speaks_utf8() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|it| !it.is_empty()));
    cfg!(windows)
        || cfg!(target_os = "macos")
        || locale.is_some_and(|locale| {
            let locale = locale.to_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
}

/// A barcode that no till takes, to look at.
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
    Some(ansi::colored(&Grid::draw(&symbol, layout), depth()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_is_a_barcode_with_what_to_look_for() {
        let pattern = pattern();
        assert_eq!(pattern.matches("\x1b[0m\n").count(), usize::from(PATTERN_LINES));
        assert!(pattern.ends_with("lines.\n"));
    }
}
