//! Charts past balances and the forecast.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use rust_decimal::prelude::ToPrimitive;

use super::table::short;
use crate::chart::{Chart, FanPoint, Track};
use crate::forecast::{Forecast, RunsOut, Spending};
use crate::model::account::{Account, AccountType};
use crate::model::money::Amount;
use crate::model::text::Text;
use crate::model::transaction::Transaction;

/// The minimum number of days of the past in a chart, if the history goes back that far.
const MIN_DAYS: i32 = 28;
/// The maximum number of days before and after today.
const MAX_DAYS: i32 = 182;

/// The balances from the transactions of the last half year.
pub struct Past {
    since: Timestamp,
    accounts: Vec<Balances>,
}

/// The balances of an account, newest first. The last one may be older than half a year.
struct Balances {
    name: Text,
    kind: AccountType,
    points: Vec<(Timestamp, Amount)>,
}

impl Past {
    pub fn new(now: &Zoned) -> Self {
        Self { since: back(now, MAX_DAYS), accounts: Vec::new() }
    }

    /// Adds a transaction, which must not be newer than the previous ones.
    pub fn add(&mut self, transaction: &Transaction) {
        let (Some(name), Some(balance)) = (&transaction.account, transaction.balance_after) else { return };
        let kind = transaction.account_type;
        let point = (transaction.occurred_at, balance);
        match self.accounts.iter_mut().find(|it| it.kind == kind && it.name == *name) {
            Some(account) if account.points.last().is_some_and(|(at, _)| *at >= self.since) => {
                account.points.push(point);
            }
            Some(_) => {}
            None => self.accounts.push(Balances { name: name.clone(), kind, points: vec![point] }),
        }
    }

    /// The balances of an account since `first`, oldest first, starting with the balance at that time.
    fn of(&self, account: &Account, first: Timestamp, now: Timestamp) -> Vec<(Timestamp, Amount)> {
        let same = self.accounts.iter().find(|it| it.kind == account.kind && it.name == account.name);
        let newest_first = same.map(|it| it.points.as_slice()).unwrap_or_default();
        let later = newest_first.partition_point(|(at, _)| *at >= first);
        let before = newest_first.get(later).map(|(_, balance)| (first, *balance));
        let mut points: Vec<_> =
            before.into_iter().chain(newest_first[..later].iter().rev().copied()).collect();
        points.retain(|(at, _)| *at <= now);
        points.extend(account.balance.map(|balance| (now, balance)));
        points
    }
}

/// Charts the accounts that have a balance; `None` if there are none.
pub fn draw(
    accounts: &[Account],
    forecasts: &[Forecast],
    (spending, past): (&Spending, &Past),
    now: &Zoned,
    until: Option<Date>,
) -> Option<Chart> {
    let today = now.date();
    let end = until.unwrap_or_else(|| run_out(forecasts, today)).min(later(today, MAX_DAYS));
    let days = today.until(end).map_or(0, |span| span.get_days());
    let first = back(now, days.clamp(MIN_DAYS, MAX_DAYS));
    let tracks = accounts.iter().zip(forecasts).filter_map(|(account, forecast)| {
        let now_left = account.balance?.decimal().to_f64()?;
        let begin = FanPoint { at: now.timestamp(), low: now_left, median: now_left, high: now_left };
        let days = spending.fan(account, today, end).into_iter().map(|day| FanPoint {
            at: end_of(day.date, now.time_zone()).max(now.timestamp()),
            low: day.low,
            median: day.median,
            high: day.high,
        });
        let mut fan: Vec<FanPoint> = days.collect();
        if !fan.is_empty() {
            fan.insert(0, begin);
        }
        Some(Track {
            name: account.name.to_string(),
            unit: account.unit,
            caption: caption(forecast, today, until),
            points: past.of(account, first, now.timestamp()),
            fan,
        })
    });
    Chart::of_forecasts(tracks.collect(), now.time_zone().clone())
}

/// A week after the last account runs out, as far as that is known.
fn run_out(forecasts: &[Forecast], today: Date) -> Date {
    let last = |it: RunsOut| it.late.or(it.median).or(it.early);
    let last = forecasts.iter().filter_map(|it| it.runs_out.and_then(last)).max();
    last.map_or_else(|| later(today, MAX_DAYS), |last| later(last.max(later(today, MIN_DAYS - 7)), 7))
}

fn caption(forecast: &Forecast, today: Date, until: Option<Date>) -> String {
    let balance = forecast.balance.map_or_else(String::new, |it| it.display(forecast.unit));
    let outlook = match forecast.runs_out.map(|it| (it.early, it.late)) {
        _ if !forecast.has_history() => "too little history to forecast".to_owned(),
        Some((Some(early), Some(late))) if early == late => format!("runs out {}", short(early, today)),
        Some((Some(early), Some(late))) => {
            format!("runs out {} to {}", short(early, today), short(late, today))
        }
        Some((Some(early), None)) => format!("runs out {} or later", short(early, today)),
        _ => until.map_or_else(|| "lasts".to_owned(), |until| format!("lasts until {}", short(until, today))),
    };
    format!("{balance}, {outlook}")
}

fn end_of(day: Date, zone: &TimeZone) -> Timestamp {
    day.at(23, 59, 59, 0).to_zoned(zone.clone()).map_or(Timestamp::MAX, |end| end.timestamp())
}

fn later(day: Date, days: i32) -> Date {
    day.saturating_add(days.days())
}

fn back(now: &Zoned, days: i32) -> Timestamp {
    now.saturating_sub(days.days()).timestamp()
}
