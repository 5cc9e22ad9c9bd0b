//! The lines above the barcode: whose card it is, and what is left on it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

use super::format::{length, shortened};
use super::freshness::VALID;
use super::model::Model;
use super::style;
use crate::model::account::Account;
use crate::model::text::clean;

/// The profile's name where there is only one.
const USUAL_PROFILE: &str = "default";

/// The school; the profile if it is not the default, or if no school is known.
fn title(model: &Model, school: Option<&String>) -> String {
    let profile = &model.setup.profile;
    let title = match school {
        Some(school) if profile == USUAL_PROFILE => school.clone(),
        Some(school) => format!("{school} · {profile}"),
        None if profile == USUAL_PROFILE => "getcard".to_owned(),
        None => profile.clone(),
    };
    clean(&title).into_owned()
}

/// The account's balance, marked where it is low.
#[must_use]
pub fn balance(model: &Model, account: &Account) -> Span<'static> {
    let style = if account.is_low() { style::warning(model.setup.terminal) } else { style::bold() };
    Span::styled(account.balance_text(), style)
}

/// How old the balances are, if that matters.
#[must_use]
pub fn age_of_balances(model: &Model) -> Option<String> {
    let age = model.accounts.age(model.now).filter(|age| *age >= VALID);
    age.map(|age| format!("{} old", length(age)))
}

/// The balances, each with its account's name.
fn balances(model: &Model) -> Vec<Line<'static>> {
    let Some(accounts) = model.accounts() else {
        let text = if model.accounts.failure.is_some() { "balances unknown" } else { "balances…" };
        return vec![Line::from(Span::styled(text, style::faint()))];
    };
    let warning = style::warning(model.setup.terminal);
    let age = age_of_balances(model).map(|age| Line::from(Span::styled(format!("balances {age}"), warning)));
    let each = accounts
        .iter()
        .map(|account| Line::from(vec![Span::raw(format!("{} ", account.name)), balance(model, account)]));
    age.into_iter().chain(each).collect()
}

/// Items one after the other, on as many lines as they need.
fn flowing(items: Vec<Line<'static>>, width: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if line.width() + SEPARATOR.width() + item.width() <= width => {
                line.spans.push(Span::styled(SEPARATOR, style::faint()));
                line.spans.extend(item.spans);
            }
            _ => lines.push(item),
        }
    }
    lines
}

const SEPARATOR: &str = " · ";

fn title_line(model: &Model, school: Option<&String>) -> Line<'static> {
    // The style is the title's alone: balances may follow on its line.
    Line::from(Span::styled(title(model, school), style::accent(model.setup.terminal)))
}

fn joined(model: &Model) -> Vec<Line<'static>> {
    // The name of the school must not cost a line of balances.
    let title = title_line(model, model.setup.school.as_ref());
    let items = std::iter::once(title).chain(balances(model)).collect();
    flowing(items, model.screen.columns.into())
}

fn apart(model: &Model) -> Vec<Line<'static>> {
    flowing(balances(model), model.screen.columns.into())
}

/// The lines that title and balances take together, and the balances alone.
#[must_use]
pub fn needs(model: &Model) -> (u16, u16) {
    let count = |lines: Vec<Line<'_>>| u16::try_from(lines.len()).unwrap_or(u16::MAX);
    (count(joined(model)), count(apart(model)))
}

/// Draws the header.
pub fn draw(model: &Model, buffer: &mut Buffer) {
    let area = model.layout.header;
    let school = model.setup.school_name.as_ref().or(model.setup.school.as_ref());
    let mut lines = vec![title_line(model, school)];
    if model.layout.panel.is_none() {
        let balances = apart(model);
        if usize::from(area.height) > balances.len() {
            lines.extend(balances);
        } else {
            lines = joined(model);
        }
    }
    let shown = usize::from(area.height);
    let cut = lines.split_off(shown.min(lines.len()));
    // Where lines are missing, the last one says so.
    if let (Some(last), false) = (lines.last_mut(), cut.is_empty()) {
        last.spans.push(Span::styled(SEPARATOR, style::faint()));
        last.spans.extend(cut.into_iter().flat_map(|line| line.spans));
    }
    for (row, line) in area.rows().zip(lines) {
        let line = ended(line, row.width.into());
        line.centered().render(row, buffer);
    }
}

/// The line; if it is too wide, as many of its items as fit and an ellipsis. Half an amount would be another amount.
fn ended(line: Line<'static>, width: usize) -> Line<'static> {
    if line.width() <= width {
        return line;
    }
    let mut spans = line.spans;
    while let Some(last) = spans.iter().rposition(|span| span.content == SEPARATOR) {
        spans.truncate(last);
        let more = Span::styled(format!("{SEPARATOR}…"), style::faint());
        if spans.iter().chain([&more]).map(Span::width).sum::<usize>() <= width {
            spans.push(more);
            return Line::from(spans);
        }
    }
    let only = spans.into_iter().next().unwrap_or_default();
    Line::from(Span::styled(shortened(&only.content, width), only.style))
}

/// A line that fills its row: what matters on the left, the amount on the right.
pub fn pair(buffer: &mut Buffer, row: Rect, left: &str, left_style: Style, right: &Span<'_>) {
    let right_width = u16::try_from(right.width()).unwrap_or(u16::MAX).min(row.width);
    let room = row.width.saturating_sub(right_width + 2);
    buffer.set_stringn(row.x, row.y, shortened(left, room.into()), room.into(), left_style);
    buffer.set_span(row.right() - right_width, row.y, right, right_width);
}
