//! Draws a chart in terminal cells: lines of braille dots, bars of block characters.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::symbols::Marker;
use ratatui::widgets::Widget;
use ratatui::widgets::canvas::{Canvas, Context, Line, Points};
use unicode_width::UnicodeWidthStr;

use super::axis::{Axes, Mark};
use super::data::{Bars, Chart, FanPoint, Track, seconds, value};

/// The minimum and maximum width of a chart, in columns.
const COLUMNS: (u16, u16) = (40, 160);
/// The approximate height of one account's plot, in rows.
const ROWS: u16 = 10;
/// The maximum width of a place name, in columns.
const MAX_NAME_WIDTH: usize = 40;
/// Partial blocks, in steps of an eighth.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
/// The color of balances and bars.
const INK: Color = Color::Cyan;
/// The color of the forecast's median.
const FORECAST: Color = Color::Yellow;
/// The color of the forecast's range.
const FAN: Color = Color::DarkGray;

/// Draws a chart; every line ends with a newline.
pub fn draw(chart: &Chart, columns: u16, color: bool) -> String {
    let columns = columns.clamp(COLUMNS.0, COLUMNS.1);
    let mut text = String::new();
    let axes: Vec<Axes> = chart.tracks.iter().map(|track| Axes::new(chart, track, 4, columns / 16)).collect();
    // All plots start at the same column, so that the same day is below itself.
    let labels = axes.iter().flat_map(|axes| &axes.balances);
    let label_width = labels.map(|mark| mark.label.width()).max().unwrap_or_default();
    for (track, axes) in chart.tracks.iter().zip(&axes) {
        text.push_str(&heading(&shortened(&track.title(), columns.into()), color));
        text.push_str(&plot(chart, track, axes, [label_width, columns.into()], color));
        text.push('\n');
    }
    if chart.has_fans() {
        let samples =
            [("⠤⠤", INK, "balance"), ("⠠⠄", FORECAST, "median"), ("⢕⢕", FAN, "10th to 90th percentile")];
        let samples = samples.map(|(sample, ink, name)| {
            let sample = if color { painted(sample, ink) } else { sample.to_owned() };
            format!("{sample} {name}")
        });
        text.push_str(&samples.join("  "));
        text.push_str("\n\n");
    }
    for bars in &chart.bars {
        text.push_str(&heading(&format!("{}, {}", bars.title(), chart.days()), color));
        text.push_str(&blocks(bars, columns.into(), color));
        text.push('\n');
    }
    text.truncate(text.trim_end_matches('\n').len());
    text.push('\n');
    text
}

/// A title on a line of its own.
fn heading(title: &str, color: bool) -> String {
    if color { format!("\x1b[1m{title}\x1b[22m\n") } else { format!("{title}\n") }
}

/// Draws the balance of one account, with axes.
fn plot(
    chart: &Chart,
    track: &Track,
    axes: &Axes,
    [label_width, columns]: [usize; 2],
    color: bool,
) -> String {
    let width = u16::try_from(columns.saturating_sub(label_width + 2)).unwrap_or(u16::MAX).max(8);
    // The same number of rows between all ticks.
    let gaps = u16::try_from(axes.balances.len()).unwrap_or(u16::MAX).saturating_sub(1).max(1);
    let spacing = (ROWS / gaps).max(2);
    let rows = gaps * spacing + 1;
    let lines = cells(&dots(chart, track, axes, [width, rows]), color);
    let mut text = String::new();
    for (row, line) in (0..rows).zip(lines.lines()) {
        let mark = axes.balances.iter().rev().nth((row / spacing).into()).filter(|_| row % spacing == 0);
        let label = mark.map_or("", |mark| mark.label.as_str());
        let edge = if mark.is_some() { '┤' } else { '│' };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", format!("{label:>label_width$} {edge}{line}").trim_end());
    }
    let indent = " ".repeat(label_width + 1);
    let (ticks, labels) = time_axis(&axes.times, width.into());
    let _ = writeln!(text, "{indent}└{ticks}\n{indent} {labels}");
    text
}

/// The time axis: a line with a tick per mark, and a line with the labels.
fn time_axis(marks: &[Mark], width: usize) -> (String, String) {
    let mut ticks = vec!['─'; width];
    let mut labels = String::new();
    for mark in marks {
        let column = cell(mark.at, width);
        if let Some(tick) = ticks.get_mut(column) {
            *tick = '┬';
        }
        let room = width.saturating_sub(mark.label.len());
        let start = column.saturating_sub(mark.label.len() / 2).min(room);
        if labels.is_empty() || start > labels.len() {
            labels.push_str(&" ".repeat(start.saturating_sub(labels.len())));
            labels.push_str(&mark.label);
        }
    }
    (ticks.into_iter().collect(), labels)
}

/// Draws the plot area, two by four dots per cell. A tick's value is in the middle of its row.
fn dots(chart: &Chart, track: &Track, axes: &Axes, [columns, rows]: [u16; 2]) -> Buffer {
    let area = Rect::new(0, 0, columns, rows);
    let size = [f64::from(columns * 2 - 1), f64::from(rows * 4 - 1)];
    let across = |at: f64| axes.x(at) * size[0];
    let up = |balance: f64| 1.5 + axes.y(balance) * (size[1] - 3.0);
    let corners = track.corners(chart.last).into_iter();
    let corners: Vec<_> = corners.map(|(at, balance)| (across(at), up(balance))).collect();
    let fan: Vec<_> = track
        .fan
        .iter()
        .map(|FanPoint { at, low, median, high }| (across(seconds(*at)), [up(*low), up(*median), up(*high)]))
        .collect();
    let paint = |context: &mut Context<'_>| {
        context.draw(&Points { coords: &shading(&fan), color: FAN });
        context.layer();
        context.draw(&Points { coords: &dashes(&fan), color: FORECAST });
        context.layer();
        for pair in corners.windows(2) {
            let [(x1, y1), (x2, y2)] = *pair else { continue };
            context.draw(&Line { x1, y1, x2, y2, color: INK });
        }
    };
    let mut buffer = Buffer::empty(area);
    let canvas = Canvas::default().marker(Marker::Braille).x_bounds([0.0, size[0]]).y_bounds([0.0, size[1]]);
    canvas.paint(paint).render(area, &mut buffer);
    buffer
}

/// Every other dot within the range of the fan.
fn shading(fan: &[(f64, [f64; 3])]) -> Vec<(f64, f64)> {
    let mut dots = Vec::new();
    for (x, [low, _, high]) in columns_of(fan) {
        let mut y = low.round();
        while y <= high.round() {
            if (x + y) % 2.0 == 0.0 {
                dots.push((x, y));
            }
            y += 1.0;
        }
    }
    dots
}

/// The median of the fan, dashed.
fn dashes(fan: &[(f64, [f64; 3])]) -> Vec<(f64, f64)> {
    let drawn = columns_of(fan).filter(|(x, _)| x % 4.0 < 2.0);
    drawn.map(|(x, [_, median, _])| (x, median)).collect()
}

/// The fan interpolated at each column of dots.
fn columns_of(fan: &[(f64, [f64; 3])]) -> impl Iterator<Item = (f64, [f64; 3])> {
    fan.windows(2).flat_map(|pair| {
        let ((x1, from), (x2, to)) = (pair[0], pair[1]);
        let columns = std::iter::successors(Some(x1.ceil()), |x| Some(x + 1.0)).take_while(move |x| *x <= x2);
        columns.map(move |x| {
            let fraction = if x2 > x1 { (x - x1) / (x2 - x1) } else { 0.0 };
            (x, std::array::from_fn(|at| from[at] + (to[at] - from[at]) * fraction))
        })
    })
}

/// The cell of a row at a position from 0 to 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a part of a terminal's width"
)]
fn cell(at: f64, width: usize) -> usize {
    (at.clamp(0.0, 1.0) * (width * 2).saturating_sub(1) as f64 / 2.0) as usize
}

/// Draws the bars, one line each: name, amount, bar.
fn blocks(bars: &Bars, columns: usize, color: bool) -> String {
    let names: Vec<String> =
        bars.rows.iter().map(|(name, _)| shortened(name, MAX_NAME_WIDTH.min(columns / 2))).collect();
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

/// A bar that fills this fraction of `room` columns; at least an eighth of a block.
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

/// Truncates the text to this many columns, with an ellipsis.
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

/// Formats a buffer as lines, without trailing spaces.
fn cells(buffer: &Buffer, color: bool) -> String {
    let mut text = String::new();
    for row in buffer.content().chunks(buffer.area.width.into()) {
        let mut line = String::new();
        for run in row.chunk_by(|one, next| one.style().fg == next.style().fg) {
            let symbols: String = run.iter().map(ratatui::buffer::Cell::symbol).collect();
            let style = run.first().map(ratatui::buffer::Cell::style).unwrap_or_default();
            match style.fg {
                Some(ink @ (INK | FORECAST | FAN)) if color => line.push_str(&painted(&symbols, ink)),
                _ => line.push_str(&symbols),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn painted(text: &str, ink: Color) -> String {
    let code = match ink {
        INK => 36,
        FORECAST => 33,
        _ => 90,
    };
    format!("\x1b[{code}m{text}\x1b[39m")
}
