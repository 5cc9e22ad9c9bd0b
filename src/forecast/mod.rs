//! Forecasts from past spending when an account runs out, and how certain that is. Pure.
//!
//! Amounts are exact at the interface; binary floats exist only inside the simulation.

mod breaks;
mod futures;
mod spending;
mod weeks;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use serde::Serialize;

use crate::model::account::Account;
use crate::model::money::{Amount, Unit};
use crate::model::text::Text;

pub use self::breaks::Break;
pub use self::futures::{DRAWS, LONGEST_DAYS};
pub use self::spending::Spending;

use self::breaks::days_between;
use self::futures::{Futures, Percentiles};
use self::weeks::Weeks;

/// The forecast for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Forecast {
    /// The service's account id.
    pub id: Option<Text>,
    pub account: Text,
    /// The unit of its amounts.
    pub unit: Unit,
    /// The current balance.
    pub balance: Option<Amount>,
    /// The recency-weighted mean spending per day; `None` if there is too little history.
    pub spent_per_day: Option<Amount>,
    /// `None` if the balance lasts to the horizon, or if the forecast is unknown.
    pub runs_out: Option<RunsOut>,
    /// The budget per day from today to the last day, inclusive.
    pub allowed_per_day: Option<Amount>,
    /// The balance at the end of the last day.
    pub left_at_end: Option<Left>,
    /// The number of days from the first purchase to yesterday, not counting breaks.
    pub days_of_history: usize,
    /// The breaks that the forecast skips, oldest first.
    pub left_out: Vec<Break>,
}

/// Percentiles of the day on which an account runs out; `None` if it lasts to the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RunsOut {
    /// The 10th percentile.
    pub early: Option<Date>,
    /// The 50th percentile.
    pub median: Option<Date>,
    /// The 90th percentile.
    pub late: Option<Date>,
}

/// Percentiles of the remaining balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Left {
    /// The 10th percentile.
    pub low: Amount,
    /// The 50th percentile.
    pub median: Amount,
    /// The 90th percentile.
    pub high: Amount,
}

/// Percentiles of the balance at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FanDay {
    pub date: Date,
    /// The 10th percentile.
    pub low: f64,
    /// The 50th percentile.
    pub median: f64,
    /// The 90th percentile.
    pub high: f64,
}

impl Forecast {
    /// Returns whether there is enough history for a forecast.
    #[must_use]
    pub fn has_history(&self) -> bool {
        self.spent_per_day.is_some()
    }
}

impl Spending {
    /// Forecasts an account from `today` to `until`, inclusive.
    #[must_use]
    pub fn forecast(&self, account: &Account, today: Date, until: Option<Date>) -> Forecast {
        let (weeks, left_out, days_of_history) = self.habits(account, today);
        let days = until.map(|until| days_between(today, until) + 1);
        let futures = weeks.as_ref().and_then(|weeks| self.futures(account, weeks, today));
        let outcome = futures.map(|futures| futures.outcome(days.unwrap_or(LONGEST_DAYS)));
        Forecast {
            id: account.id.clone(),
            account: account.name.clone(),
            unit: account.unit,
            balance: account.balance,
            spent_per_day: weeks.as_ref().map(|weeks| amount(weeks.mean_day(), 2)),
            runs_out: outcome.as_ref().and_then(|outcome| runs_out(outcome.run_out, today)),
            allowed_per_day: account.balance.zip(days).map(|(balance, days)| allowed(balance, days)),
            left_at_end: outcome.filter(|_| until.is_some()).map(|outcome| left(outcome.left, account.unit)),
            days_of_history,
            left_out,
        }
    }

    /// The balance percentiles for each day from `today` to `end`; empty if there is no forecast.
    #[must_use]
    pub fn fan(&self, account: &Account, today: Date, end: Date) -> Vec<FanDay> {
        let (Some(weeks), ..) = self.habits(account, today) else { return Vec::new() };
        let Some(futures) = self.futures(account, &weeks, today) else { return Vec::new() };
        let days = futures.by_day(days_between(today, end) + 1);
        let dates = today.series(jiff::Span::new().days(1));
        days.into_iter()
            .zip(dates)
            .map(|([low, median, high], date)| FanDay { date, low, median, high })
            .collect()
    }

    fn futures<'a>(&self, account: &Account, weeks: &'a Weeks, today: Date) -> Option<Futures<'a>> {
        let balance = account.balance?.decimal().to_f64()?;
        Some(Futures { weeks, balance, spent_today: self.spent_on(account, today) })
    }
}

fn runs_out(days: Percentiles<Option<usize>>, today: Date) -> Option<RunsOut> {
    let date = |day: Option<usize>| {
        let days = i32::try_from(day?).ok()?;
        today.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
    };
    let [early, median, late] = days.map(date);
    early.map(|early| RunsOut { early: Some(early), median, late })
}

fn left(amounts: Percentiles<f64>, unit: Unit) -> Left {
    let decimals = if unit == Unit::Meals { 0 } else { 2 };
    let [low, median, high] = amounts.map(|left| amount(left, decimals));
    Left { low, median, high }
}

/// The balance divided by the number of days, rounded down so that it lasts.
fn allowed(balance: Amount, days: usize) -> Amount {
    let part = balance.decimal().max(Decimal::ZERO) / Decimal::from(days.max(1));
    part.trunc_with_scale(2).into()
}

/// A simulated amount, rounded to this many decimals.
fn amount(value: f64, decimals: u32) -> Amount {
    Decimal::from_f64(value).unwrap_or_default().round_dp(decimals).into()
}

#[cfg(test)]
mod coverage;
#[cfg(test)]
mod tests;
