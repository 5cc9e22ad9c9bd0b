//! What replaces a barcode that must not be shown: why, what to do, and when the next try is.

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use ratatui::text::Line;

use super::format::shortened;
use super::freshness::Freshness;
use super::layout::{self, FRAME};
use super::message::{self, Tone};
use super::model::Model;
use super::style;
use crate::output::prose::fitted;

/// The widest line of text, borders not counted.
const WIDEST: u16 = 54;

/// Draws the overlay into the body, which holds nothing else: no card, and nothing that a scanner could take for a code.
pub fn draw(model: &Model, buffer: &mut Buffer) {
    let terminal = model.setup.terminal;
    let body = model.layout.body;
    let (headline, text) = message::overlay(model);
    // A panel beside it is kept apart.
    let apart = if model.layout.panel.is_some() { 4 } else { 0 };
    let width = WIDEST.min(body.width.saturating_sub(FRAME.0 + apart));
    let mut lines: Vec<String> = text.iter().flat_map(|line| fitted(line, width.into())).collect();
    // Details come last and give way first.
    lines.truncate(body.height.saturating_sub(FRAME.1).max(1).into());
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let area = layout::framed(body, width, height);
    let tone = match model.freshness() {
        Freshness::Expired => Tone::Bad,
        _ if model.code.failure.is_some() => Tone::Warning,
        _ => Tone::Plain,
    };
    let title = Line::styled(format!(" {headline} "), style::badge(terminal, tone)).centered();
    let within = style::frame(buffer, area, [title], style::tone(terminal, tone));
    let lines = lines.into_iter().enumerate().map(|(at, line)| {
        let style = if at == 0 && tone != Tone::Plain { style::bold() } else { Style::new() };
        Line::styled(shortened(&line, within.width.into()), style)
    });
    style::middle(buffer, within, lines);
}
