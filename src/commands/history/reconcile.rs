//! `--reconcile`: checks that the balances add up.

use std::fmt::Write as _;

use super::HistoryFormat;
use super::reading::Reading;
use crate::error::{Exit, Result};
use crate::history::reconcile::{Checked, Gap, Reconciliation, Reconciling};
use crate::model::text::Text;
use crate::model::text::clean;
use crate::model::transaction::Transaction;
use crate::output::json;
use crate::output::table::{Cell, Column, Style, Tone, render};
use crate::output::transactions::signed;

/// Reads the range and checks it.
pub async fn check(reading: &mut Reading<'_>) -> Result<Reconciling> {
    let mut reconciling = Reconciling::default();
    let each = |page: Vec<Transaction>| {
        for transaction in &page {
            reconciling.add(transaction);
        }
        Ok(Vec::new())
    };
    reading.run(each).await?;
    Ok(reconciling)
}

/// Prints the result and returns the exit status.
pub fn show(mut reading: Reading<'_>, result: &Reconciliation, format: HistoryFormat) -> Result<Exit> {
    let output = if format == HistoryFormat::Json {
        json::line(result)?
    } else {
        text(result, reading.style()).into_bytes()
    };
    reading.write(output)?;
    reading.close()?;
    Ok(if result.ok { Exit::Done } else { Exit::Unmet })
}

fn text(result: &Reconciliation, style: Style) -> String {
    if result.accounts.is_empty() {
        return "no transactions\n".to_owned();
    }
    let columns = [
        Column::Text("ACCOUNT"),
        Column::Number("CHECKED"),
        Column::Number("CLOSING"),
        Column::Number("NOW"),
        Column::Text("RESULT"),
    ];
    let rows: Vec<Vec<Cell>> = result.accounts.iter().map(row).collect();
    let mut text = render(&columns, &rows, style);
    for account in &result.accounts {
        for gap in &account.gaps {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}", clean(&line(account, gap)));
        }
    }
    text
}

fn row(account: &Checked) -> Vec<Cell> {
    let balance = |balance: Option<_>| {
        balance.map_or_else(
            || "–".to_owned(),
            |balance: crate::model::money::Amount| balance.display(account.unit),
        )
    };
    let result = match account.gaps.len() {
        0 => Cell::from("ok"),
        1 => Cell::new("1 gap", Tone::Warning),
        gaps => Cell::new(format!("{gaps} gaps"), Tone::Warning),
    };
    vec![
        name(account).into(),
        account.checked.to_string().into(),
        balance(account.closing_balance).into(),
        balance(account.current_balance).into(),
        result,
    ]
}

fn line(account: &Checked, gap: &Gap) -> String {
    let Gap { older_id, newer_id, expected, found, difference } = gap;
    let id = |id: &Option<Text>| id.as_deref().unwrap_or("a transaction without an id").to_owned();
    let to = if newer_id.is_none() { "now".to_owned() } else { id(newer_id) };
    format!(
        "{}: {} to {to}: expected {}, found {} ({})",
        name(account),
        id(older_id),
        expected.display(account.unit),
        found.display(account.unit),
        signed(*difference, account.unit)
    )
}

fn name(account: &Checked) -> String {
    account.account.as_deref().unwrap_or("–").to_owned()
}
