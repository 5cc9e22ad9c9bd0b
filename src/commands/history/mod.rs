//! `getcard history`: the transactions of a range, listed, summed up, drawn or checked.

pub(super) mod chart;
mod list;
pub(super) mod reading;
mod reconcile;
mod summary;

use std::path::PathBuf;

use crate::history::range::When;
use crate::history::summary::By;
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;

use crate::app::App;
use crate::commands::balance::unknown_account;
use crate::error::{Cause, Error, Exit, Result};
use crate::history::account_filter::AccountFilter;
use crate::history::paging::HistoryQuery;
use crate::history::range::Range;
use crate::model::account;

use reading::Reading;

/// How transactions are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HistoryFormat {
    /// A table for people.
    Table,
    /// One JSON document.
    Json,
    /// A JSON document a line.
    Jsonl,
    /// Comma-separated values, for spreadsheets.
    Csv,
}

/// Arguments of `history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Nothing before this: today, a day (2026-02-09), a time (RFC 3339), or back from now: 30d, 6w, 3m.
    #[arg(long, value_name = "WHEN")]
    pub since: Option<When>,
    /// Nothing after this; a day counts to its end.
    #[arg(long, value_name = "WHEN")]
    pub until: Option<When>,
    /// Of these accounts only: an id or a part of the name.
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Vec<String>,
    /// At most so many, the newest [default: 50; a summary, chart or check takes all].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// All of the range.
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
    /// How to print them; --json is json.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<HistoryFormat>,
    /// Sum up what was spent and deposited.
    #[arg(long, value_name = "BY", conflicts_with_all = ["chart", "reconcile"])]
    pub summary: Option<By>,
    /// Draw the balances over time and the spending by place.
    #[arg(long, conflicts_with_all = ["format", "reconcile"])]
    pub chart: bool,
    /// Write the chart to this file, .svg or .png.
    #[arg(long, short, value_name = "FILE", requires = "chart")]
    pub output: Option<PathBuf>,
    /// Check that every balance follows from the one before, and the last one from the balance now.
    #[arg(long)]
    pub reconcile: bool,
}

/// How many are listed unless the user says.
const USUAL: usize = 50;

/// Runs `history`.
///
/// # Errors
/// `validation_error` for a range or an account that there is not; else as the calls.
pub async fn run(app: &App, args: &HistoryArgs) -> Result<Exit> {
    let format = format(app, args)?;
    let zone = TimeZone::system();
    let now = app.clock.now().to_zoned(zone.clone());
    let range = Range::new(args.since, args.until, &now)?;
    let session = app.session().await?;
    let client = app.client()?;
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
    let usual = (lists && !args.all).then_some(USUAL);
    let limit = args.limit.map(|limit| limit as usize).or(usual);
    let mut reading = Reading::new(app, client, &session, HistoryQuery { range, scope, limit }, format);
    if let Some(by) = args.summary {
        return summary::run(app, reading, by, zone, format).await;
    }
    if args.chart {
        return chart::run(app, reading, args.output.as_deref(), zone).await;
    }
    if args.reconcile {
        let is_open = range.until.is_none_or(|until| now.timestamp() <= until);
        let checked = reconcile::check(&mut reading).await?;
        reading.finish();
        let now = session.call(async |id| client.accounts(id).await).await?.accounts;
        return reconcile::show(app, &checked.finish(is_open.then_some(&now)), format);
    }
    list::run(app, reading, zone, format).await
}

/// The format that options and the kind of result come to.
fn format(app: &App, args: &HistoryArgs) -> Result<HistoryFormat> {
    let format = args.format.unwrap_or(if app.ui.json { HistoryFormat::Json } else { HistoryFormat::Table });
    let exclude = |what: &str, hint: &'static str| {
        Err(Error::new(Cause::Usage, format!("{what} exclude each other")).hint(hint))
    };
    match format {
        HistoryFormat::Table | HistoryFormat::Csv if app.ui.json => {
            exclude("--json and --format table or csv", "run: getcard history --format csv")
        }
        HistoryFormat::Csv | HistoryFormat::Jsonl if args.reconcile => {
            exclude("--reconcile and --format csv or jsonl", "run: getcard history --reconcile --json")
        }
        HistoryFormat::Json | HistoryFormat::Jsonl if args.chart => {
            exclude("--chart and --json", "for the figures run: getcard history --summary location --json")
        }
        format => Ok(format),
    }
}
