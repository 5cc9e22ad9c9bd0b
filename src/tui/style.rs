//! Colors and cells: the barcode's own, which nothing may take away, and those of the text around it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::barcode::cells::{ColorDepth, Grid, Shade};
use crate::terminal::screen::Look;

/// A color of the barcode.
fn shade(shade: Shade, depth: ColorDepth) -> Color {
    match depth {
        ColorDepth::TrueColor => {
            let (red, green, blue) = shade.rgb();
            Color::Rgb(red, green, blue)
        }
        ColorDepth::Indexed256 => Color::Indexed(shade.indexed_256()),
        ColorDepth::Indexed16 => Color::Indexed(shade.indexed_16()),
    }
}

/// Black text on white ground, as the barcode has them.
#[must_use]
pub fn paper(look: Look) -> Style {
    Style::new().fg(shade(Shade::Black, look.depth)).bg(shade(Shade::White, look.depth))
}

/// What is well.
#[must_use]
pub fn good(look: Look) -> Style {
    colored(look, Color::Green).add_modifier(Modifier::BOLD)
}

/// What is wrong: in a color where there are colors, reversed anywhere.
#[must_use]
pub fn bad(look: Look) -> Style {
    colored(look, Color::Red).add_modifier(Modifier::BOLD | Modifier::REVERSED)
}

/// What is doubtful.
#[must_use]
pub fn doubtful(look: Look) -> Style {
    colored(look, Color::Yellow).add_modifier(Modifier::BOLD | Modifier::REVERSED)
}

/// What matters less.
#[must_use]
pub fn faint() -> Style {
    Style::new().add_modifier(Modifier::DIM)
}

fn colored(look: Look, color: Color) -> Style {
    if look.color { Style::new().fg(color) } else { Style::new() }
}

/// Fills an area with one glyph.
pub fn fill(buffer: &mut Buffer, area: Rect, glyph: &str, style: Style) {
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buffer.cell_mut((x, y)) {
                cell.set_symbol(glyph).set_style(style);
            }
        }
    }
}

/// Puts the barcode into an area of its size.
pub fn barcode(buffer: &mut Buffer, area: Rect, grid: &Grid, look: Look) {
    for (y, line) in (area.top()..area.bottom()).zip(grid.lines()) {
        for (x, drawn) in (area.left()..area.right()).zip(line) {
            if let Some(cell) = buffer.cell_mut((x, y)) {
                let style = Style::new().fg(shade(drawn.fg, look.depth)).bg(shade(drawn.bg, look.depth));
                cell.set_char(drawn.glyph).set_style(style);
            }
        }
    }
}

/// Text in the middle of an area, line by line, on the ground that is there.
pub fn middle(buffer: &mut Buffer, area: Rect, lines: &[String], style: Style) {
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    let top = area.y + (area.height - height) / 2;
    for (y, line) in (top..top + height).zip(lines) {
        let text = super::format::shortened(line, area.width.into());
        let width = u16::try_from(unicode_width::UnicodeWidthStr::width(text.as_str())).unwrap_or(area.width);
        let x = area.x + area.width.saturating_sub(width) / 2;
        buffer.set_stringn(x, y, &text, area.width.into(), style);
    }
}
