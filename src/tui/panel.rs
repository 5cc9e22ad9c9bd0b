//! The panel next to the barcode on wide screens: every account with its balance, and the latest transactions.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::format::{self, capitalized, shortened};
use super::header::{age_of_balances, balance, pair};
use super::layout::FRAME;
use super::message::{Tone, told};
use super::model::Model;
use super::style;
use crate::model::money::Amount;
use crate::model::text::clean;
use crate::model::transaction::Transaction;
use crate::output::prose::fitted;

/// The maximum width: amounts should be near their names.
const WIDEST: u16 = 64;
/// Lines of a list that are always left for the transactions, borders included.
const LEAST_LIST: u16 = 5;

/// Draws the panel, level with the bars where it fits below their top: a decoder that looks from the top should not come
/// upon text first. Without a barcode, it is in the middle.
pub fn draw(model: &Model, buffer: &mut Buffer, area: Rect) {
    let listed = |rows: usize| u16::try_from(rows.max(1)).unwrap_or(u16::MAX).saturating_add(FRAME.1);
    let accounts_height = listed(model.accounts().map_or(1, <[_]>::len));
    let accounts_height =
        accounts_height.min(area.height.saturating_sub(LEAST_LIST)).max(FRAME.1 + 1).min(area.height);
    let newest = listed(model.newest.latest.as_ref().map_or(1, |(newest, _)| newest.len()));
    let newest = newest.max(LEAST_LIST).min(area.height - accounts_height);
    let spare = area.height - accounts_height - newest;
    let above = model.layout.first_bars().map_or(spare / 2, |line| line.saturating_sub(area.y).min(spare));
    let width = area.width.saturating_sub(1).min(WIDEST);
    let top = Rect { y: area.y + above, width, height: accounts_height, ..area };
    accounts(model, buffer, top);
    if newest > FRAME.1 {
        transactions(model, buffer, Rect { y: top.bottom(), height: newest, ..top });
    }
}

/// A frame with padding on both sides, and perhaps a warning at the end of its border.
fn frame(model: &Model, buffer: &mut Buffer, area: Rect, title: &str, warning: Option<String>) -> Rect {
    let terminal = model.setup.terminal;
    let warning =
        warning.map(|warning| Line::styled(format!(" {warning} "), style::warning(terminal)).right_aligned());
    let room = usize::from(area.width).saturating_sub(6 + warning.as_ref().map_or(0, Line::width));
    let title = Line::styled(format!(" {} ", shortened(title, room)), style::accent(terminal));
    let within = style::frame(buffer, area, std::iter::once(title).chain(warning), style::faint());
    Rect { x: within.x + 1, width: within.width.saturating_sub(2), ..within }
}

fn accounts(model: &Model, buffer: &mut Buffer, area: Rect) {
    let patron = model.patron.latest.as_ref().and_then(|(name, _)| name.as_deref());
    let title = patron.map_or_else(|| "Accounts".to_owned(), |name| clean(name).into_owned());
    let plan = model.accounts.latest.as_ref().and_then(|(holdings, _)| holdings.plan.as_deref());
    let title = plan.map_or_else(|| title.clone(), |plan| format!("{title} · {plan}"));
    let within = frame(model, buffer, area, &title, age_of_balances(model));
    let Some(accounts) = model.accounts() else {
        let text =
            if model.accounts.failure.is_some() { "balances unknown" } else { "fetching the balances…" };
        return note(buffer, within, text, style::faint());
    };
    if accounts.is_empty() {
        return note(buffer, within, "no usable account", style::faint());
    }
    let shown = usize::from(within.height);
    let listed = if accounts.len() > shown { shown.saturating_sub(1) } else { shown };
    let mut rows = within.rows();
    for (row, account) in rows.by_ref().zip(accounts.iter().take(listed)) {
        pair(buffer, row, &account.name, Style::new(), &balance(model, account));
    }
    if let Some(row) = rows.next().filter(|_| accounts.len() > listed) {
        let more = format!("and {} more", accounts.len() - listed);
        let command = model.setup.repeated.in_commands("getcard balance");
        let forms = [format!("{more}: {command}"), more];
        note(buffer, row, &format::first_that_fits(&forms, row.width.into()), style::faint());
    }
}

fn transactions(model: &Model, buffer: &mut Buffer, area: Rect) {
    let within = frame(model, buffer, area, "Latest transactions", None);
    let Some((transactions, _)) = &model.newest.latest else {
        return match &model.newest.failure {
            Some(error) => {
                let message = told(model, error);
                note(
                    buffer,
                    within,
                    &capitalized(&message.text),
                    style::tone(model.setup.terminal, Tone::Warning),
                );
            }
            None => note(buffer, within, "fetching the transactions…", style::faint()),
        };
    };
    if transactions.is_empty() {
        return note(buffer, within, "none yet", style::faint());
    }
    let mut newest: Vec<&Transaction> = transactions.iter().collect();
    newest.sort_by_key(|transaction| std::cmp::Reverse(transaction.occurred_at));
    let times: Vec<String> = newest
        .iter()
        .map(|transaction| format::day_or_time(transaction.occurred_at, model.now.wall, &model.setup.zone))
        .collect();
    let time_width = times.iter().map(String::len).max().unwrap_or(0);
    for (row, (transaction, time)) in within.rows().zip(newest.iter().zip(&times)) {
        let place = transaction
            .location
            .as_deref()
            .map_or_else(|| capitalized(transaction.kind.name()), str::to_owned);
        let (x, _) = buffer.set_stringn(
            row.x,
            row.y,
            format!("{time:<time_width$}  "),
            row.width.into(),
            style::faint(),
        );
        let rest = Rect { x, width: row.right().saturating_sub(x), ..row };
        pair(buffer, rest, &place, Style::new(), &amount(model, transaction));
    }
}

/// What a transaction did to the balance, with its sign; money that came in is in color.
fn amount(model: &Model, transaction: &Transaction) -> Span<'static> {
    let signed = transaction.signed_amount;
    let text = signed.display(transaction.unit);
    if signed > Amount::ZERO {
        Span::styled(format!("+{text}"), style::accent(model.setup.terminal))
    } else {
        Span::raw(text)
    }
}

fn note(buffer: &mut Buffer, area: Rect, text: &str, style: Style) {
    for (row, line) in area.rows().zip(fitted(text, area.width.into())) {
        buffer.set_stringn(row.x, row.y, line, row.width.into(), style);
    }
}
