//! `getcard history`: lists, sums up, charts or reconciles the transactions of a range.

pub(super) mod chart;
mod list;
mod new;
pub(super) mod reading;
mod reconcile;
mod sink;
mod summary;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;

use crate::app::App;
use crate::commands::balance::unknown_account;
use crate::error::{Cause, Error, Exit, Result};
use crate::history::account_filter::AccountFilter;
use crate::history::paging::HistoryQuery;
use crate::history::range::{Range, When};
use crate::history::row_filter::RowFilter;
use crate::history::summary::By;
use crate::model::account;
use crate::model::transaction::TransactionKind;
use crate::settings::whole_number::whole_number;

use new::News;
use reading::Reading;

/// How transactions are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HistoryFormat {
    /// A table for people.
    Table,
    /// One JSON document.
    Json,
    /// One JSON document per line.
    Jsonl,
    /// Comma-separated values, for spreadsheets.
    Csv,
    /// A journal for hledger.
    Hledger,
    /// Directives for Beancount.
    Beancount,
}

impl HistoryFormat {
    /// The value for `--format`.
    fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Hledger => "hledger",
            Self::Beancount => "beancount",
        }
    }

    /// Returns whether output is written while reading.
    fn is_streamed(self) -> bool {
        !matches!(self, Self::Table | Self::Json)
    }

    fn is_books(self) -> bool {
        matches!(self, Self::Hledger | Self::Beancount)
    }
}

/// Arguments of `history`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct HistoryArgs {
    /// Only since then: today, a day (2026-02-09), a time (RFC 3339), or a span back from now (30d, 6w, 3m).
    #[arg(long, value_name = "WHEN")]
    pub since: Option<When>,
    /// Only until then, a day included.
    #[arg(long, value_name = "WHEN")]
    pub until: Option<When>,
    /// Only this account: an id or part of a name; may be repeated.
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Vec<String>,
    /// Only places whose name contains this.
    #[arg(long, value_name = "TEXT")]
    pub place: Option<String>,
    /// Only this kind; may be repeated.
    #[arg(long, value_name = "KIND")]
    pub kind: Vec<TransactionKind>,
    /// Only what is new since the last `--new`; the first time, the newest 50.
    #[arg(long, conflicts_with_all = ["since", "until", "limit", "all", "summary", "chart", "reconcile"])]
    pub new: bool,
    /// With `--new`, show a desktop notification for each.
    #[arg(long, requires = "new")]
    pub notify: bool,
    /// At most this many, newest first [default: 50; no limit for a summary, chart, or check].
    #[arg(long, value_name = "N", value_parser = whole_number::<u32>(1..))]
    pub limit: Option<u32>,
    /// Everything in the range.
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
    /// Output format; `--json` is short for `--format json`.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<HistoryFormat>,
    /// Total what was spent and deposited.
    #[arg(long, value_name = "BY", conflicts_with_all = ["chart", "reconcile"])]
    pub summary: Option<By>,
    /// Draw balances over time, and spending by place.
    #[arg(long, conflicts_with_all = ["format", "reconcile"])]
    pub chart: bool,
    /// Write to this file, which only you can read, once the output is complete; a chart needs .svg or .png.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Check that every balance follows from the one before, and the current balance from the last.
    #[arg(long, conflicts_with_all = ["place", "kind"])]
    pub reconcile: bool,
}

impl HistoryArgs {
    /// The deduplicated names of the kinds.
    fn kinds(&self) -> BTreeSet<&'static str> {
        self.kind.iter().map(|kind| kind.name()).collect()
    }
}

/// The default limit of a list.
const DEFAULT_LIMIT: usize = 50;

/// Runs `history`.
///
/// # Errors
/// `validation_error` for an invalid range or an unknown account; otherwise the error of a call.
pub async fn run(app: &App, args: &HistoryArgs) -> Result<Exit> {
    let format = format(app, args)?;
    let zone = TimeZone::system();
    let now = app.clock.now().to_zoned(zone.clone());
    let news = args.new.then(|| News::open(app, args)).transpose()?;
    let range = match &news {
        Some(news) => Range { since: news.since(), until: None },
        None => Range::new(args.since, args.until, &now)?,
    };
    let (session, client) = app.connect().await?;
    let scope = if args.account.is_empty() {
        AccountFilter::default()
    } else {
        let every = session.call(async |id| client.accounts(id).await).await?.accounts;
        AccountFilter::of(
            &account::select(every.clone(), true, &args.account).map_err(unknown_account)?,
            &every,
        )
    };
    let lists = args.summary.is_none() && !args.chart && !args.reconcile;
    let every = args.all || news.as_ref().is_some_and(|news| !news.is_first());
    let default = (lists && !every).then_some(DEFAULT_LIMIT);
    let limit = args.limit.map(|limit| limit as usize).or(default);
    let rows = RowFilter::new(args.place.as_deref(), &args.kind);
    let mut reading = Reading::new(app, client, &session, HistoryQuery { range, scope, rows, limit }, format);
    if args.chart {
        return chart::run(app, reading, args.output.as_deref(), zone).await;
    }
    reading = reading.into_file(args.output.as_deref())?;
    if let Some(by) = args.summary {
        return summary::run(reading, by, zone, format).await;
    }
    if args.reconcile {
        let is_open = range.until.is_none_or(|until| now.timestamp() <= until);
        let checked = reconcile::check(&mut reading).await?;
        reading.finish();
        let now = session.call(async |id| client.accounts(id).await).await?.accounts;
        return reconcile::show(reading, &checked.finish(is_open.then_some(&now)), format);
    }
    list::run(app, reading, zone, format, news, args.notify).await
}

/// The format that follows from the options.
fn format(app: &App, args: &HistoryArgs) -> Result<HistoryFormat> {
    let format = args.format.unwrap_or(if app.ui.json { HistoryFormat::Json } else { HistoryFormat::Table });
    let name = format.name();
    let exclude = |what: &str, hint: String| {
        Err(Error::new(Cause::Usage, format!("{what} cannot be used with --format {name}")).hint(hint))
    };
    let is_json = matches!(format, HistoryFormat::Json | HistoryFormat::Jsonl);
    match format {
        _ if args.chart && is_json => Err(Error::new(Cause::Usage, "--chart cannot be used with --json")
            .hint("for the figures, run: getcard history --summary location --json")),
        _ if app.ui.json && !is_json => exclude("--json", format!("run: getcard history --format {name}")),
        HistoryFormat::Table | HistoryFormat::Json => Ok(format),
        _ if args.reconcile => exclude("--reconcile", "run: getcard history --reconcile --json".to_owned()),
        _ if format.is_books() && args.summary.is_some() => {
            exclude("--summary", "run: getcard history --summary month --format csv".to_owned())
        }
        // Balances do not add up over a subset of the transactions.
        _ if format.is_books() && (args.place.is_some() || !args.kind.is_empty()) => exclude(
            "--place or --kind",
            format!("to choose by account, run: getcard history --account flexi --format {name}"),
        ),
        _ if format.is_books() && args.new => {
            exclude("--new", format!("run: getcard history --since 30d --all --format {name}"))
        }
        format => Ok(format),
    }
}
