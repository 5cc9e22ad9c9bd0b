//! `getcard history`: the transactions of a range, listed, summed up, drawn or checked.

mod chart;
mod list;
mod reading;
mod reconcile;
mod summary;

use jiff::tz::TimeZone;

use crate::app::App;
use crate::cli::{self, HistoryFormat};
use crate::commands::balance::unknown_account;
use crate::error::{Error, Exit, Result};
use crate::history::paging::Wanted;
use crate::history::range::Range;
use crate::history::scope::Scope;
use crate::model::account;

use reading::Reading;

/// How many are listed unless the user says.
const USUAL: usize = 50;

/// Runs `history`.
///
/// # Errors
/// `validation_error` for a range or an account that there is not; else as the calls.
pub async fn run(app: &App, args: &cli::History) -> Result<Exit> {
    let format = format(app, args)?;
    let zone = TimeZone::system();
    let now = app.clock.now().to_zoned(zone.clone());
    let range = Range::new(args.since, args.until, &now)?;
    let session = app.session().await?;
    let client = app.client()?;
    let scope = if args.account.is_empty() {
        Scope::default()
    } else {
        let every = session.call(async |id| client.accounts(id).await).await?.accounts;
        Scope::of(&account::select(every.clone(), true, &args.account).map_err(unknown_account)?, &every)
    };
    let lists = args.summary.is_none() && !args.chart && !args.reconcile;
    let usual = (lists && !args.all).then_some(USUAL);
    let limit = args.limit.map(|limit| limit as usize).or(usual);
    let mut reading = Reading::new(app, client, &session, Wanted { range, scope, limit }, format);
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
fn format(app: &App, args: &cli::History) -> Result<HistoryFormat> {
    let format = args.format.unwrap_or(if app.ui.json { HistoryFormat::Json } else { HistoryFormat::Table });
    let exclude = |what: &str, hint: &'static str| {
        Err(Error::validation(format!("{what} exclude each other")).code("usage").hint(hint))
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
