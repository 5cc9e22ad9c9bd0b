//! Model → frame; pure.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::keys;
use super::layout::{self, FRAME};
use super::message::Tone;
use super::model::Model;
use super::subject::Subject;
use super::{footer, header, overlay, panel, style};
use crate::barcode::bitmap::Bitmap;
use crate::barcode::fit::Glyphs;
use crate::output::prose::fitted;
use crate::platform::system::System;

/// Draws the model; nothing while the frame is smaller than the screen of its layout. The event that plans a new one
/// follows.
pub fn view(model: &Model, frame: &mut Frame) {
    let buffer = frame.buffer_mut();
    if buffer.area.width < model.screen.columns || buffer.area.height < model.screen.lines {
        return;
    }
    if model.options.bare && !model.help {
        style::fill(buffer, *buffer.area(), " ", style::paper(model.setup.terminal));
        body(model, buffer);
        footer::draw_bare(model, buffer);
    } else {
        header::draw(model, buffer);
        footer::draw(model, buffer);
        if model.help {
            help(model, buffer);
        } else {
            body(model, buffer);
            if let Some(area) = model.layout.panel {
                panel::draw(model, buffer, area);
            }
        }
    }
    if !model.setup.terminal.unicode {
        style::in_ascii(buffer);
    }
}

fn body(model: &Model, buffer: &mut Buffer) {
    let terminal = model.setup.terminal;
    let area = model.layout.body;
    match &model.layout.subject {
        Subject::TooSmall(columns, lines) => too_small(model, buffer, (*columns, *lines)),
        Subject::Unusable(error) => {
            let lines = fitted(&error.to_string(), area.width.into());
            let style = style::tone(terminal, Tone::Bad);
            style::middle(buffer, area, lines.into_iter().map(|line| Line::styled(line, style)));
        }
        _ if model.has_overlay() => overlay::draw(model, buffer),
        Subject::Barcode { grid, .. } => {
            if let (Some(card), Some(ground)) = (model.layout.card(), model.layout.ground()) {
                style::fill(buffer, card, " ", style::paper(terminal));
                style::barcode(buffer, ground, grid, terminal);
            }
        }
        // The picture itself is not drawn in cells: it is written after the frame.
        Subject::Picture { .. } => {
            if let Some(card) = model.layout.card() {
                style::fill(buffer, card, " ", style::paper(terminal));
            }
        }
        Subject::Nothing => {}
    }
}

/// What replaces a barcode that does not fit: the size that would be enough.
fn too_small(model: &Model, buffer: &mut Buffer, (columns, lines): (u16, u16)) {
    let area = model.layout.body;
    let screen = model.screen;
    let mut text = vec![
        format!("The barcode needs {columns} columns × {lines} rows;"),
        format!("this terminal has {} × {}.", screen.columns, screen.lines),
    ];
    if model.options.glyphs == Glyphs::SpacesOnly {
        text.push(
            "It cannot draw half blocks, which would take half the width: use a UTF-8 locale and font."
                .to_owned(),
        );
    }
    text.push(
        "Enlarge the window, make its font smaller, or run: getcard barcode --output code.png".to_owned(),
    );
    let text = text.iter().map(|line| model.setup.repeated.in_commands(line));
    let lines = text.flat_map(|line| fitted(&line, area.width.into()));
    style::middle(buffer, area, lines.map(Line::from));
}

/// The picture to draw over the frame, and its position.
#[must_use]
pub fn picture(model: &Model) -> Option<(Position, &Bitmap)> {
    match &model.layout.subject {
        Subject::Picture { bitmap, .. } if !model.help && !model.has_overlay() => {
            model.layout.ground().map(|ground| (ground.as_position(), bitmap))
        }
        _ => None,
    }
}

/// The list of keys, in place of everything between header and footer; framed if there is room for it.
fn help(model: &Model, buffer: &mut Buffer) {
    let terminal = model.setup.terminal;
    let body = Rect { width: model.screen.columns, ..model.layout.body };
    let keys = keys::help(System::HERE);
    let widest = keys.iter().map(|(_, text)| text.width()).max().unwrap_or(0);
    let lines: Vec<_> = keys
        .iter()
        .map(|(key, text)| {
            let key = Span::styled(format!("{key:>7}   "), style::accent(terminal));
            Line::from(vec![key, Span::raw(format!("{text:<widest$}"))])
        })
        .collect();
    let width = lines.first().map_or(0, Line::width);
    let size = |length| u16::try_from(length).unwrap_or(u16::MAX);
    let frame = layout::framed(body, size(width), size(lines.len()));
    // The air beside the text may be missing.
    let has_room = usize::from(frame.width) >= width + 2
        && usize::from(frame.height) >= lines.len() + usize::from(FRAME.1);
    let area = if has_room {
        let titles =
            [Line::styled(" Keys ", style::accent(terminal)), Line::from(" Esc to close ").right_aligned()];
        style::frame(buffer, frame, titles, style::faint())
    } else {
        body
    };
    style::middle(buffer, area, lines);
}
