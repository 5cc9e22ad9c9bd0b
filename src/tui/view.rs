//! Model → frame; pure.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::format::{self, News};
use super::freshness::Freshness;
use super::keys;
use super::layout::Subject;
use super::model::Model;
use super::style;
use crate::barcode::bitmap::Bitmap;
use crate::platform::system::System;

/// The keys, in as many words as fit.
const KEYS: [&str; 3] = [
    "r refresh  p pause  f barcode only  +/- size  ? help  q quit",
    "r refresh  p pause  f full  +/- size  ? help  q quit",
    "? help  q quit",
];

/// Draws the model.
pub fn view(model: &Model, frame: &mut Frame) {
    let buffer = frame.buffer_mut();
    if model.wishes.bare {
        style::fill(buffer, *buffer.area(), " ", style::paper(model.setup.look));
    }
    body(model, buffer);
    if model.wishes.bare && !model.help {
        bare_footer(model, buffer);
    } else {
        header(model, buffer);
        footer(model, buffer);
    }
}

fn body(model: &Model, buffer: &mut Buffer) {
    let look = model.setup.look;
    let area = model.stage.body;
    let ground = model.stage.ground().unwrap_or(area);
    if model.help {
        style::fill(buffer, *buffer.area(), " ", Style::reset());
        return style::middle(buffer, area, &help(), Style::new());
    }
    match &model.stage.subject {
        Subject::Nothing => style::middle(buffer, area, &[waiting(model)], Style::new()),
        Subject::TooSmall(columns, lines) => {
            let size = format!("this terminal has {} × {}", model.screen.columns, model.screen.lines);
            let need = format!("The barcode needs {columns} columns × {lines} rows;");
            let need = format::first_that_fits(
                &[need, format!("needs {columns} columns × {lines} rows")],
                area.width.into(),
            );
            style::middle(buffer, area, &[need, size], Style::new());
        }
        Subject::Unusable(error) => style::middle(buffer, area, &[error.to_string()], style::bad(look)),
        Subject::Barcode { .. } | Subject::Picture { .. } if model.freshness().is_veiled() => {
            veil(model, buffer, ground);
        }
        Subject::Barcode { grid, .. } => style::barcode(buffer, ground, grid, look),
        // The picture itself is no matter of cells: the terminal gets it after the frame.
        Subject::Picture { .. } => style::fill(buffer, ground, " ", style::paper(look)),
    }
}

/// The picture that belongs upon the frame, and where.
#[must_use]
pub fn picture(model: &Model) -> Option<(Position, &Bitmap)> {
    match &model.stage.subject {
        Subject::Picture { bitmap, .. } if !model.help && !model.freshness().is_veiled() => {
            model.stage.ground().map(|ground| (ground.as_position(), bitmap))
        }
        _ => None,
    }
}

fn waiting(model: &Model) -> String {
    let waiting = if model.code.failure.is_some() { "no barcode yet" } else { "fetching the barcode…" };
    waiting.to_owned()
}

/// In place of a code that is too old: nothing that a scanner could take for one.
fn veil(model: &Model, buffer: &mut Buffer, area: Rect) {
    style::fill(buffer, area, "░", style::paper(model.setup.look));
    let age = model.code.age(model.now).unwrap_or_default();
    let lines = [
        String::new(),
        "  EXPIRED  ".to_owned(),
        format!("  this code is {} old  ", format::length(age)),
        if model.code.pace.is_under_way() { "  fetching a new one…  " } else { "  do not scan  " }.to_owned(),
        String::new(),
    ];
    let width = lines.iter().map(|line| line.width()).max().unwrap_or(0);
    let lines: Vec<String> = lines.iter().map(|line| format!("{line:^width$}")).collect();
    style::middle(buffer, area, &lines, style::paper(model.setup.look).add_modifier(Modifier::BOLD));
}

fn help() -> Vec<String> {
    let keys = keys::help(System::HERE);
    let width = keys.iter().map(|(_, text)| text.width()).max().unwrap_or(0);
    keys.iter().map(|(key, text)| format!("{key:>7}   {text:<width$}")).collect()
}

fn header(model: &Model, buffer: &mut Buffer) {
    let area = model.stage.header;
    if area.height == 0 {
        return;
    }
    // A footer of one line has no room for news.
    let title = match format::news(model).filter(|_| model.stage.footer.height == 1) {
        Some(News::Plain(text)) => text,
        Some(News::Bad(text)) if model.code.failure.is_none() => text,
        Some(news) => return say(model, buffer, Rect { height: 1, ..area }, &news),
        None => format::title(model),
    };
    let balances = format::balances(model);
    let width = usize::from(area.width);
    let bold = Style::new().add_modifier(Modifier::BOLD);
    if area.height > 1 {
        style::middle(buffer, Rect { height: 1, ..area }, &[title], bold);
        return style::middle(buffer, Rect { y: area.y + 1, height: 1, ..area }, &[balances], Style::new());
    }
    // Money matters more than names: a long title gives way.
    let title = format::shortened(&title, (width / 2).max(width.saturating_sub(balances.width() + 3)));
    let (x, _) = buffer.set_stringn(area.x, area.y, &title, width, bold);
    let rest = usize::from(area.right().saturating_sub(x + 2));
    buffer.set_stringn(x + 2, area.y, format::shortened(&balances, rest), rest, Style::new());
}

fn footer(model: &Model, buffer: &mut Buffer) {
    let area = model.stage.footer;
    let mut lines = area.rows();
    // Air above, where there is room for it.
    if area.height >= 4 {
        lines.next();
    }
    let Some(first) = lines.next() else { return };
    let end = freshness(model, buffer, first);
    if area.height == 1 {
        let free = first.right().saturating_sub(end + 1);
        return keys(buffer, Rect { x: end + 1, width: free, ..first });
    }
    let news = format::news(model);
    let (Some(second), third) = (lines.next(), lines.next()) else { return };
    match (news, third) {
        (Some(news), third) => {
            say(model, buffer, second, &news);
            if let Some(third) = third {
                keys(buffer, third);
            }
        }
        (None, None) => keys(buffer, second),
        (None, Some(third)) => keys(buffer, third),
    }
}

/// The state in a word and in color, then the times; gives the column behind them.
fn freshness(model: &Model, buffer: &mut Buffer, line: Rect) -> u16 {
    let look = model.setup.look;
    let state = model.freshness();
    let style = match state {
        Freshness::Live => style::good(look),
        Freshness::Absent => Style::new().add_modifier(Modifier::BOLD),
        Freshness::Stale => style::doubtful(look),
        Freshness::Expired => style::bad(look),
    };
    let badge = format!(" {} ", format::state(state));
    let rest = usize::from(line.width).saturating_sub(badge.width() + 1);
    let (x, _) = buffer.set_stringn(line.x, line.y, &badge, line.width.into(), style);
    buffer.set_stringn(x + 1, line.y, format::freshness(model, rest), rest, Style::new()).0
}

fn say(model: &Model, buffer: &mut Buffer, line: Rect, news: &News) {
    let look = model.setup.look;
    let (text, style) = match news {
        News::Good(text) => (text, style::good(look)),
        News::Bad(text) => (text, style::doubtful(look)),
        News::Plain(text) => (text, Style::new()),
    };
    let text = format::shortened(&format!(" {text} "), line.width.into());
    buffer.set_stringn(line.x, line.y, text, line.width.into(), style);
}

fn keys(buffer: &mut Buffer, line: Rect) {
    let width = usize::from(line.width);
    let text = KEYS.iter().find(|form| form.width() < width).copied().unwrap_or_default();
    buffer.set_stringn(line.x + 1, line.y, text, width, style::faint());
}

/// Below a bare barcode stands only what must be known.
fn bare_footer(model: &Model, buffer: &mut Buffer) {
    let Some(line) = model.stage.footer.rows().next() else { return };
    match format::news(model) {
        Some(news @ News::Good(_)) => say(model, buffer, line, &news),
        _ if model.freshness() != Freshness::Live => {
            freshness(model, buffer, line);
        }
        Some(news) => say(model, buffer, line, &news),
        None => {}
    }
}
