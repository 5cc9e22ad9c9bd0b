//! The lines below the barcode: its freshness, the current message, and the keys.

use std::collections::VecDeque;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

use super::format::{self, shortened};
use super::freshness::Freshness;
use super::message::{Message, Tone, message};
use super::model::Model;
use super::style;
use crate::output::prose::fitted;

/// The keys, in as many words as fit.
const KEYS: [&[(&str, &str)]; 4] = [
    &[("r", "refresh"), ("p", "pause"), ("f", "barcode only"), ("+/-", "size"), ("?", "help"), ("q", "quit")],
    &[("r", "refresh"), ("p", "pause"), ("f", "full"), ("+/-", "size"), ("?", "help"), ("q", "quit")],
    &[("r", "refresh"), ("?", "help"), ("q", "quit")],
    &[("?", "help"), ("q", "quit")],
];

/// The lines that the message takes.
#[must_use]
pub fn needs(model: &Model) -> u16 {
    let lines = message(model).map_or(0, |message| said(&message, model.screen.columns).len());
    u16::try_from(lines).unwrap_or(u16::MAX)
}

/// A message on as many lines as it needs; the detail only if it fits on them.
fn said(message: &Message, columns: u16) -> Vec<String> {
    let width = usize::from(columns).saturating_sub(2);
    let lines = fitted(&message.text, width);
    let detailed =
        message.detail.as_ref().map(|detail| fitted(&format!("{} ({detail})", message.text), width));
    detailed.filter(|detailed| detailed.len() <= lines.len()).unwrap_or(lines)
}

/// Draws the footer.
pub fn draw(model: &Model, buffer: &mut Buffer) {
    let area = model.layout.footer;
    let message = message(model);
    let text = message.as_ref().map_or_else(Vec::new, |message| said(message, area.width));
    let mut rows = area.rows().collect::<VecDeque<_>>();
    // Air above, where there is room for it.
    if rows.len() > 2 + text.len() {
        rows.pop_front();
    }
    let Some(first) = rows.pop_front() else { return };
    let end = freshness(model, buffer, first);
    let beside = Rect { x: end + 1, width: first.right().saturating_sub(end + 1), ..first };
    // The message has priority over a separate line for the keys.
    let last = if rows.len() > text.len() { rows.pop_back() } else { None };
    keys(model, buffer, last.unwrap_or(beside));
    if let Some(message) = message {
        say(model, buffer, rows.make_contiguous(), &text, message.tone);
    }
}

/// Writes lines of text into rows, the last one shortened if there are too few rows.
fn say(model: &Model, buffer: &mut Buffer, rows: &[Rect], text: &[String], tone: Tone) {
    let style = style::tone(model.setup.terminal, tone);
    for (at, row) in rows.iter().enumerate().take(text.len()) {
        let width = usize::from(row.width).saturating_sub(2);
        let line = if at + 1 == rows.len() { text[at..].join(" ") } else { text[at].clone() };
        buffer.set_stringn(row.x + 1, row.y, shortened(&line, width), width, style);
    }
}

/// The state as a colored word, then the times; returns the column after them.
fn freshness(model: &Model, buffer: &mut Buffer, row: Rect) -> u16 {
    let terminal = model.setup.terminal;
    let state = model.freshness();
    let style = match state {
        Freshness::Live => style::badge(terminal, Tone::Good),
        Freshness::Absent => style::bold(),
        Freshness::Stale => style::badge(terminal, Tone::Warning),
        Freshness::Expired => style::badge(terminal, Tone::Bad),
    };
    let badge = format!(" {} ", format::state(state));
    let rest = usize::from(row.width).saturating_sub(badge.width() + 1);
    let (x, _) = buffer.set_stringn(row.x, row.y, &badge, row.width.into(), style);
    buffer.set_stringn(x + 1, row.y, format::freshness(model, rest), rest, Style::new()).0
}

fn keys(model: &Model, buffer: &mut Buffer, row: Rect) {
    let line = |keys: &[(&'static str, &'static str)]| {
        let mut spans = Vec::new();
        for (key, word) in keys {
            spans.push(Span::styled(*key, style::accent(model.setup.terminal)));
            spans.push(Span::styled(format!(" {word}  "), style::faint()));
        }
        Line::from(spans)
    };
    // Two spaces follow the last word.
    let fits = |line: &Line<'_>| line.width() <= usize::from(row.width) + 1;
    if let Some(line) = KEYS.into_iter().map(line).find(fits) {
        line.render(Rect { x: row.x + 1, width: row.width.saturating_sub(1), ..row }, buffer);
    }
}

/// Below a bare barcode, only essential text is shown.
pub fn draw_bare(model: &Model, buffer: &mut Buffer) {
    let area = model.layout.footer;
    match message(model) {
        Some(message) => {
            let text = said(&message, area.width);
            say(model, buffer, &area.rows().collect::<Vec<_>>(), &text, message.tone);
        }
        None if model.freshness() != Freshness::Live => {
            if let Some(row) = area.rows().next() {
                freshness(model, buffer, row);
            }
        }
        None => {}
    }
}
