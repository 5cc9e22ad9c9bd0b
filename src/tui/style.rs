//! Colors and cells: those of the barcode, which nothing may change, and those of the text around it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Widget};

use super::message::Tone;
use crate::barcode::cells::{ColorDepth, Grid, Shade};
use crate::terminal::capabilities::Capabilities;

/// One of the three colors of the text: readable on dark and light backgrounds.
#[derive(Debug, Clone, Copy)]
enum Hue {
    Accent,
    Warning,
    Error,
}

impl Hue {
    /// From the color cube, which themes do not change, if there is one.
    fn color(self, depth: ColorDepth) -> Color {
        match (self, depth) {
            (Self::Accent, ColorDepth::Indexed16) => Color::Cyan,
            (Self::Warning, ColorDepth::Indexed16) => Color::Yellow,
            (Self::Error, ColorDepth::Indexed16) => Color::Red,
            (Self::Accent, _) => Color::Indexed(31),
            (Self::Warning, _) => Color::Indexed(166),
            (Self::Error, _) => Color::Indexed(196),
        }
    }
}

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
pub fn paper(terminal: Capabilities) -> Style {
    Style::new().fg(shade(Shade::Black, terminal.depth)).bg(shade(Shade::White, terminal.depth))
}

/// What is well, and the names of things.
#[must_use]
pub fn accent(terminal: Capabilities) -> Style {
    colored(terminal, Hue::Accent).add_modifier(Modifier::BOLD)
}

/// What is low or may pass.
#[must_use]
pub fn warning(terminal: Capabilities) -> Style {
    colored(terminal, Hue::Warning).add_modifier(Modifier::BOLD)
}

/// A word on a background of its color; reversed without colors.
#[must_use]
pub fn badge(terminal: Capabilities, tone: Tone) -> Style {
    let style = match tone {
        Tone::Good => accent(terminal),
        Tone::Warning => warning(terminal),
        Tone::Bad => colored(terminal, Hue::Error).add_modifier(Modifier::BOLD),
        Tone::Plain => return bold(),
    };
    style.add_modifier(Modifier::REVERSED)
}

/// Text of a message.
#[must_use]
pub fn tone(terminal: Capabilities, tone: Tone) -> Style {
    match tone {
        Tone::Good => accent(terminal),
        Tone::Warning => warning(terminal),
        Tone::Bad => colored(terminal, Hue::Error).add_modifier(Modifier::BOLD),
        Tone::Plain => Style::new(),
    }
}

/// What matters most.
#[must_use]
pub fn bold() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

/// What matters less.
#[must_use]
pub fn faint() -> Style {
    Style::new().add_modifier(Modifier::DIM)
}

fn colored(terminal: Capabilities, hue: Hue) -> Style {
    if terminal.color { Style::new().fg(hue.color(terminal.depth)) } else { Style::new() }
}

/// Fills an area with one glyph.
pub fn fill(buffer: &mut Buffer, area: Rect, glyph: &str, style: Style) {
    for position in area.intersection(*buffer.area()).positions() {
        if let Some(cell) = buffer.cell_mut(position) {
            cell.reset();
            cell.set_symbol(glyph).set_style(style);
        }
    }
}

/// Puts the barcode into an area of its size.
pub fn barcode(buffer: &mut Buffer, area: Rect, grid: &Grid, terminal: Capabilities) {
    for (y, line) in (area.top()..area.bottom()).zip(grid.lines()) {
        for (x, drawn) in (area.left()..area.right()).zip(line) {
            if let Some(cell) = buffer.cell_mut((x, y)) {
                let style =
                    Style::new().fg(shade(drawn.fg, terminal.depth)).bg(shade(drawn.bg, terminal.depth));
                cell.set_char(drawn.glyph).set_style(style);
            }
        }
    }
}

/// A frame with rounded corners and titles in its upper border, each where its alignment puts it; returns the area
/// inside.
pub fn frame<'a>(
    buffer: &mut Buffer,
    area: Rect,
    titles: impl IntoIterator<Item = Line<'a>>,
    style: Style,
) -> Rect {
    let mut block = Block::bordered().border_type(BorderType::Rounded).border_style(style);
    for title in titles {
        // A title is not as faint as its border.
        block = block.title(title.patch_style(Style::new().remove_modifier(Modifier::DIM)));
    }
    let within = block.inner(area);
    block.render(area, buffer);
    within
}

/// Lines in the middle of an area, on the ground that is there.
pub fn middle<'a>(buffer: &mut Buffer, area: Rect, lines: impl IntoIterator<Item = Line<'a>>) {
    let lines: Vec<Line<'_>> = lines.into_iter().collect();
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    let top = area.y + (area.height - height) / 2;
    for (y, line) in (top..top + height).zip(lines) {
        line.alignment(Alignment::Center).render(Rect { y, height: 1, ..area }, buffer);
    }
}

/// Replaces what a terminal without Unicode cannot show.
pub fn in_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if cell.symbol().is_ascii() {
            continue;
        }
        let plain = match cell.symbol() {
            "╭" | "╮" | "╰" | "╯" => "+",
            "│" => "|",
            "─" | "–" | "·" | "−" => "-",
            "…" => "~",
            "×" => "x",
            _ => "?",
        };
        cell.set_symbol(plain);
    }
}
