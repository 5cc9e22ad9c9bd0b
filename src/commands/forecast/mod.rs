//! `getcard forecast`: when each account runs out, how much can be spent per day, and what will be left.

mod chart;
mod table;

use std::path::PathBuf;

use clap::Args;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use self::chart::Past;
use super::balance::unknown_account;
use super::history::HistoryFormat;
use super::history::chart::{ChartFile, show};
use super::history::reading::Reading;
use crate::app::App;
use crate::error::{Cause, Error, Exit, Result};
use crate::forecast::{Forecast, LONGEST_DAYS, Spending};
use crate::history::paging::HistoryQuery;
use crate::model::account::{self, Account};
use crate::model::transaction::Transaction;

/// Arguments of `forecast`.
#[derive(Debug, Args)]
pub struct ForecastArgs {
    /// Accounts to forecast: ids or parts of names.
    #[arg(value_name = "ACCOUNT")]
    pub accounts: Vec<String>,
    /// The last day the money should last, for example 2026-12-12 [default: `term_ends` in the configuration].
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub until: Option<Date>,
    /// Draw past balances and the range of future ones.
    #[arg(long)]
    pub chart: bool,
    /// Write the chart to this file, .svg or .png.
    #[arg(long, short, value_name = "FILE", requires = "chart")]
    pub output: Option<PathBuf>,
}

fn date(text: &str) -> std::result::Result<Date, String> {
    // The date parser accepts more than dates.
    let date = Date::strptime("%Y-%m-%d", text).ok().filter(|_| text.len() == 10);
    date.ok_or_else(|| "expected a date such as 2026-12-12".to_owned())
}

#[derive(Serialize)]
struct Document<'a> {
    until: Option<Date>,
    accounts: &'a [Forecast],
}

/// Runs `forecast`.
///
/// # Errors
/// `validation_error` for an unknown account or a date in the past; otherwise the error of a call.
pub async fn run(app: &App, args: &ForecastArgs) -> Result<Exit> {
    if args.chart && app.ui.json {
        return Err(Error::new(Cause::Usage, "--chart cannot be used with --json")
            .hint("for the figures, run: getcard forecast --json"));
    }
    let output = args.output.as_deref().map(|path| ChartFile::new(path, "forecast")).transpose()?;
    let zone = TimeZone::system();
    let now = app.clock.now().to_zoned(zone.clone());
    let today = now.date();
    let until = last_day(app, args, today)?;
    let (session, client) = app.connect().await?;
    let every = session.call(async |id| client.accounts(id).await).await?.accounts;
    let is_usual = args.accounts.is_empty();
    let wanted = if is_usual { &app.settings.file.accounts } else { &args.accounts };
    let accounts = account::select(every.clone(), false, wanted).map_err(|error| {
        let error = unknown_account(error);
        if is_usual { app.settings.blame("accounts", error) } else { error }
    })?;
    for account in &accounts {
        let is_same = |it: &&Account| it.name == account.name && it.kind == account.kind;
        if every.iter().filter(is_same).count() > 1 {
            let name = &account.name;
            app.ui.warn(&format!("{name}: several accounts have this name; their spending is combined"));
        }
    }
    let mut spending = Spending::new(zone);
    let mut past = Past::new(&now);
    // A break is a time without purchases on any account, so all accounts are read.
    let mut reading = Reading::new(app, client, &session, HistoryQuery::default(), HistoryFormat::Table);
    let each = |page: Vec<Transaction>| {
        for transaction in &page {
            spending.add(transaction);
            if args.chart {
                past.add(transaction);
            }
        }
        Ok(Vec::new())
    };
    reading.run(each).await?;
    reading.finish();
    let forecasts: Vec<Forecast> =
        accounts.iter().map(|account| spending.forecast(account, today, until)).collect();
    if args.chart {
        let chart = chart::draw(&accounts, &forecasts, (&spending, &past), &now, until);
        let chart = chart.ok_or_else(|| {
            Error::new(Cause::NothingToDraw, "no account has a balance to draw")
                .hint("to see every account, run: getcard balance --all")
        })?;
        show(app, &chart, output.as_ref())?;
    } else if app.ui.json {
        app.ui.document(&Document { until, accounts: &forecasts })?;
    } else {
        app.ui.result(table::text(&forecasts, today, until, app.ui.table()))?;
    }
    Ok(Exit::Done)
}

/// The last day of the forecast, from the option or else the configuration.
fn last_day(app: &App, args: &ForecastArgs, today: Date) -> Result<Option<Date>> {
    let longest = i64::try_from(LONGEST_DAYS).unwrap_or_default().days();
    let is_far = |date: Date| today.checked_add(longest).is_ok_and(|end| end <= date);
    let wrong = |message: String| {
        Error::new(Cause::Range, message)
            .hint("name the last day of your term, for example: getcard forecast --until 2026-12-12")
    };
    match (args.until, app.settings.file.term_ends) {
        (Some(date), _) if date < today => Err(wrong(format!("--until {date} is in the past"))),
        (Some(date), _) | (None, Some(date)) if is_far(date) => {
            Err(wrong(format!("{date} is too far ahead: a forecast covers at most two years")))
        }
        (None, Some(date)) if date < today => {
            app.ui.warn(&format!("term_ends in the configuration, {date}, is in the past; ignoring it"));
            Ok(None)
        }
        (until, term_ends) => Ok(until.or(term_ends)),
    }
}
