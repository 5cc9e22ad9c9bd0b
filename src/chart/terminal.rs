//! A chart in cells of a terminal: lines of braille dots, bars of blocks.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::{Color, Style};
use ratatui::symbols::Marker;
use ratatui::text::Line;
use ratatui::widgets::{Axis, Chart as Lines, Dataset, GraphType, Widget};
use unicode_width::UnicodeWidthStr;

use super::axis::{mark_label, marks, times};
use super::{Bars, Chart, Track, seconds, value};

/// The narrowest and the widest picture, in columns.
const COLUMNS: (u16, u16) = (40, 160);
/// The height of the picture of one account, in rows.
const ROWS: u16 = 10;
/// The widest name of a place, in columns.
const WIDEST_NAME: usize = 40;
/// Parts of a block, an eighth more each.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
/// What the lines and bars are drawn in.
const INK: Color = Color::Cyan;

/// Draws a chart, every line of it ended.
pub fn draw(chart: &Chart, columns: u16, color: bool) -> String {
    let columns = columns.clamp(COLUMNS.0, COLUMNS.1);
    let mut text = String::new();
    for track in &chart.tracks {
        text.push_str(&track.title());
        text.push('\n');
        text.push_str(&cells(&line(chart, track, columns), color));
        text.push('\n');
    }
    for bars in &chart.bars {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}, {}", bars.title(), chart.days());
        text.push_str(&blocks(bars, columns.into(), color));
        text.push('\n');
    }
    text.truncate(text.trim_end_matches('\n').len());
    text.push('\n');
    text
}

/// The balance of an account over time.
fn line(chart: &Chart, track: &Track, columns: u16) -> Buffer {
    let (low, high) = track.extent();
    let marks = marks(low, high, 4, track.unit);
    let ends = [marks.first(), marks.last()].map(|mark| mark.copied().unwrap_or_default());
    let corners = track.corners(chart.last);
    let dates = times(chart.first, chart.last, if columns < 60 { 2 } else { 3 }, &chart.zone);
    let first = seconds(chart.first);
    let time = Axis::default().bounds([first, seconds(chart.last).max(first + 1.0)]).labels(dates);
    let labels = marks.iter().map(|mark| Line::raw(mark_label(*mark, &marks, track.unit)));
    let balance = Axis::default().bounds(ends).labels(labels).labels_alignment(Alignment::Right);
    let line =
        Dataset::default().marker(Marker::Braille).graph_type(GraphType::Line).style(INK).data(&corners);
    let area = Rect::new(0, 0, columns, ROWS);
    let mut buffer = Buffer::empty(area);
    Lines::new(vec![line]).x_axis(time).y_axis(balance).legend_position(None).render(area, &mut buffer);
    buffer
}

/// Names, amounts and bars, a line each.
fn blocks(bars: &Bars, columns: usize, color: bool) -> String {
    let names: Vec<String> =
        bars.rows.iter().map(|(name, _)| shortened(name, WIDEST_NAME.min(columns / 2))).collect();
    let amounts: Vec<String> = bars.rows.iter().map(|(_, spent)| spent.display(bars.unit)).collect();
    let widest = |texts: &[String]| texts.iter().map(|text| text.width()).max().unwrap_or_default();
    let (name_width, amount_width) = (widest(&names), widest(&amounts));
    let room = columns.saturating_sub(name_width + amount_width + 4).max(8);
    let highest = value(bars.highest());
    let mut text = String::new();
    for ((name, amount), (_, spent)) in names.iter().zip(&amounts).zip(&bars.rows) {
        let pad = " ".repeat(name_width - name.width());
        let bar = bar(value(*spent) / highest, room);
        let bar = if color { painted(&bar, INK) } else { bar };
        let _ = writeln!(text, "{name}{pad}  {amount:>amount_width$}  {bar}");
    }
    text
}

/// A bar that fills a part of the room, an eighth of a block at least.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a part of a terminal's width"
)]
fn bar(part: f64, room: usize) -> String {
    let eighths = ((part.clamp(0.0, 1.0) * room as f64 * 8.0).round() as usize).max(1);
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

/// The text in at most so many columns.
pub fn shortened(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut short = String::new();
    for character in text.chars() {
        short.push(character);
        if short.width() + 1 > columns {
            short.pop();
            break;
        }
    }
    short + "…"
}

/// A buffer as lines of text, without the spaces at their ends.
fn cells(buffer: &Buffer, color: bool) -> String {
    let mut text = String::new();
    for row in buffer.content().chunks(buffer.area.width.into()) {
        let mut line = String::new();
        for run in row.chunk_by(|one, next| one.style().fg == next.style().fg) {
            let symbols: String = run.iter().map(ratatui::buffer::Cell::symbol).collect();
            let style: Style = run.first().map(ratatui::buffer::Cell::style).unwrap_or_default();
            match style.fg {
                Some(ink @ INK) if color => line.push_str(&painted(&symbols, ink)),
                _ => line.push_str(&symbols),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn painted(text: &str, ink: Color) -> String {
    let code = if ink == INK { 36 } else { 39 };
    format!("\x1b[{code}m{text}\x1b[39m")
}
