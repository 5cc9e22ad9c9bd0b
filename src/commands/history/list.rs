//! The transactions themselves; as lines they go out page by page, and none is kept.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::HistoryFormat;
use super::reading::Reading;
use crate::app::App;
use crate::error::{Exit, Result};
use crate::model::transaction::Transaction;
use crate::output::transactions;

#[derive(Serialize)]
struct Document<'a> {
    fetched_at: Timestamp,
    complete: bool,
    count: usize,
    transactions: &'a [Transaction],
}

/// Prints what is read.
pub async fn run(app: &App, mut reading: Reading<'_>, zone: TimeZone, format: HistoryFormat) -> Result<Exit> {
    let mut all: Vec<Transaction> = Vec::new();
    if format == HistoryFormat::Csv {
        app.ui.result(transactions::csv_header()?)?;
    }
    let each = |page: Vec<Transaction>| match format {
        HistoryFormat::Csv => transactions::csv_lines(&page),
        HistoryFormat::Jsonl => transactions::json_lines(&page),
        HistoryFormat::Table | HistoryFormat::Json => {
            all.extend(page);
            Ok(Vec::new())
        }
    };
    reading.run(each).await?;
    let complete = reading.finish();
    match format {
        HistoryFormat::Csv | HistoryFormat::Jsonl => {}
        HistoryFormat::Table => app.ui.result(transactions::table(&all, &zone, app.ui.width()))?,
        HistoryFormat::Json => app.ui.document(&Document {
            fetched_at: app.clock.now(),
            complete,
            count: all.len(),
            transactions: &all,
        })?,
    }
    Ok(Exit::Done)
}
