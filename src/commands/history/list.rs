//! Lists transactions; streamed formats are written page by page without keeping any.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::HistoryFormat;
use super::new::News;
use super::reading::Reading;
use crate::app::App;
use crate::error::{Exit, Result};
use crate::model::time;
use crate::model::transaction::Transaction;
use crate::output::books::{Books, Program};
use crate::output::table::Style;
use crate::output::{json, transactions};

/// The maximum number of notifications for single transactions.
const MAX_NOTICES: usize = 5;

#[derive(Serialize)]
struct Document<'a> {
    #[serde(serialize_with = "time::serialize")]
    fetched_at: Timestamp,
    complete: bool,
    count: usize,
    transactions: &'a [Transaction],
}

/// Reads and prints transactions; with `news`, only new ones.
pub async fn run(
    app: &App,
    mut reading: Reading<'_>,
    zone: TimeZone,
    format: HistoryFormat,
    mut news: Option<News>,
    notify: bool,
) -> Result<Exit> {
    let mut notices: Vec<String> = Vec::new();
    let mut listing = Listing::new(format, zone);
    reading.write(listing.begin())?;
    let mut count = 0;
    let each = |page: Vec<Transaction>| {
        let page = match &mut news {
            Some(news) => news.take(page),
            None => page,
        };
        count += page.len();
        if notify {
            let free = MAX_NOTICES.saturating_sub(notices.len());
            notices.extend(page.iter().take(free).map(notice));
        }
        listing.add(page)
    };
    reading.run(each).await?;
    let complete = reading.finish();
    let style = reading.style();
    let is_quiet = news.is_some() && count == 0;
    if is_quiet {
        app.ui.note("nothing new");
    }
    // In a table, nothing new gives no output at all, so that a scheduled run stays silent.
    if !(is_quiet && format == HistoryFormat::Table) {
        reading.write(listing.finish(app.clock.now(), complete, style)?)?;
    }
    reading.close()?;
    if let Some(news) = news {
        let cut = news.is_first() && !complete;
        news.finish(cut)?;
    }
    for notice in &notices {
        app.notify("Transaction", notice).await;
    }
    if notify && count > notices.len() {
        app.notify("Transactions", &format!("and {} more", count - notices.len())).await;
    }
    Ok(Exit::Done)
}

/// The text of a notification: `-$12.35 at Cafe · Flexi Dollars`.
fn notice(transaction: &Transaction) -> String {
    let amount = transaction.signed_amount.display(transaction.unit);
    let place = transaction.location.as_ref().map_or_else(String::new, |place| format!(" at {place}"));
    let account = transaction.account.as_ref().map_or_else(String::new, |account| format!(" · {account}"));
    format!("{amount}{place}{account}")
}

/// A list under construction.
enum Listing {
    Lines(fn(&[Transaction]) -> Result<Vec<u8>>, Vec<u8>),
    Books(Box<Books>),
    Table(Vec<Transaction>, TimeZone),
    Document(Vec<Transaction>),
}

impl Listing {
    fn new(format: HistoryFormat, zone: TimeZone) -> Self {
        let books = |program, zone| Self::Books(Box::new(Books::new(program, zone)));
        match format {
            HistoryFormat::Csv => {
                Self::Lines(|rows| Ok(transactions::csv_lines(rows)), transactions::csv_header())
            }
            HistoryFormat::Jsonl => Self::Lines(transactions::json_lines, Vec::new()),
            HistoryFormat::Hledger => books(Program::Hledger, zone),
            HistoryFormat::Beancount => books(Program::Beancount, zone),
            HistoryFormat::Table => Self::Table(Vec::new(), zone),
            HistoryFormat::Json => Self::Document(Vec::new()),
        }
    }

    /// Returns the beginning of the output.
    fn begin(&mut self) -> Vec<u8> {
        match self {
            Self::Lines(_, header) => std::mem::take(header),
            Self::Books(books) => books.begin(),
            Self::Table(..) | Self::Document(_) => Vec::new(),
        }
    }

    /// Adds a page, and returns the output that is ready.
    fn add(&mut self, page: Vec<Transaction>) -> Result<Vec<u8>> {
        match self {
            Self::Lines(lines, _) => return lines(&page),
            Self::Books(books) => return Ok(books.add(page)),
            Self::Table(all, _) | Self::Document(all) => all.extend(page),
        }
        Ok(Vec::new())
    }

    /// Returns the rest of the output.
    fn finish(self, fetched_at: Timestamp, complete: bool, style: Style) -> Result<Vec<u8>> {
        match self {
            Self::Lines(..) => Ok(Vec::new()),
            Self::Books(books) => Ok(books.finish()),
            Self::Table(all, zone) => Ok(transactions::table(&all, &zone, style).into_bytes()),
            Self::Document(all) => {
                json::line(&Document { fetched_at, complete, count: all.len(), transactions: &all })
            }
        }
    }
}
