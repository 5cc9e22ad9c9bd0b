//! Forecasts of small histories with known results.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::{Break, Forecast, Left, RunsOut, Spending};
use crate::model::account::{Account, AccountType};
use crate::model::money::{Amount, Unit};
use crate::model::transaction::Transaction;
use crate::model::transaction::tests::transaction;

const TODAY: Date = date(2026, 3, 9);

pub fn account(balance: Decimal) -> Account {
    Account {
        id: Some("7".into()),
        name: "Flexi".into(),
        kind: AccountType::DecliningBalance,
        balance: Some(balance.into()),
        unit: Unit::Usd,
        usable: true,
        deposit_accepted: true,
        last_four: None,
        low: None,
    }
}

fn zone() -> TimeZone {
    TimeZone::get("America/Los_Angeles").unwrap()
}

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

fn row(day: Date, hour: i8, amount: &str) -> Transaction {
    Transaction {
        account: Some("Flexi".into()),
        signed_amount: amount.parse().unwrap(),
        occurred_at: day.at(hour, 30, 0, 0).to_zoned(zone()).unwrap().timestamp(),
        ..transaction(0, 0)
    }
}

/// Spends `amount` on each day, from `from` to `to` days before today.
fn daily(from: i64, to: i64, amount: &str) -> Spending {
    let mut spending = Spending::new(zone());
    for ago in to..=from {
        spending.add(&row(TODAY.checked_sub(ago.days()).unwrap(), 23, amount));
    }
    spending
}

fn forecast(spending: &Spending, dollars: i64, until: Option<Date>) -> Forecast {
    spending.forecast(&account(Decimal::from(dollars)), TODAY, until)
}

#[test]
fn steady_spending_runs_out_around_the_arithmetic_day() {
    let forecast = forecast(&daily(70, 1, "-10"), 300, None);
    assert_eq!(forecast.spent_per_day, Some(amount("10")));
    assert_eq!(forecast.days_of_history, 70);
    let RunsOut { early, median, late } = forecast.runs_out.unwrap();
    assert!(early < median && median < late);
    let median = median.unwrap();
    assert!((date(2026, 4, 6)..=date(2026, 4, 9)).contains(&median), "{median}");
    assert_eq!((forecast.allowed_per_day, forecast.left_at_end), (None, None));
}

#[test]
fn a_balance_that_lasts_has_no_run_out_day() {
    let spending = daily(70, 1, "-10");
    let until = date(2026, 3, 22);
    let plenty = forecast(&spending, 1000, Some(until));
    assert_eq!(plenty.runs_out, None);
    assert_eq!(plenty.allowed_per_day, Some(amount("71.42")), "14 days, rounded down");
    let Left { low, median, high } = plenty.left_at_end.unwrap();
    assert!(low < median && median < high && low > amount("780") && high < amount("920"));
    let scarce = forecast(&spending, 140, Some(until));
    let RunsOut { early, late, .. } = scarce.runs_out.unwrap();
    assert!(early.is_some() && late.is_none(), "{:?}", scarce.runs_out);
    assert_eq!(scarce.left_at_end.unwrap().low, Amount::ZERO);
}

#[test]
fn todays_spending_is_not_counted_twice() {
    let mut spending = daily(70, 1, "-10");
    let before = forecast(&spending, 100, None);
    spending.add(&row(TODAY, 0, "-10"));
    assert_eq!(forecast(&spending, 90, None).runs_out, before.runs_out);
    let median = before.runs_out.unwrap().median.unwrap();
    assert!((date(2026, 3, 17)..=date(2026, 3, 19)).contains(&median), "{median}");
}

#[test]
fn deposits_are_ignored_and_corrections_count_as_spending() {
    let mut spending = daily(70, 1, "-10");
    let before = forecast(&spending, 300, None);
    spending.add(&row(date(2026, 3, 1), 12, "500"));
    spending.add(&row(date(2025, 3, 1), 12, "500"));
    assert_eq!(forecast(&spending, 300, None), before);
    spending.add(&row(date(2026, 3, 1), 12, "-70"));
    assert!(forecast(&spending, 300, None).spent_per_day > Some(amount("10.5")));
}

#[test]
fn weekday_patterns_are_kept() {
    let mut spending = Spending::new(zone());
    // Seven dollars every Saturday; today is a Monday.
    for week in 0..10_i64 {
        spending.add(&row(date(2026, 3, 7).checked_sub(week.weeks()).unwrap(), 12, "-7"));
    }
    let forecast = forecast(&spending, 20, None);
    assert_eq!(forecast.spent_per_day, Some(amount("1")));
    let RunsOut { early, median, late } = forecast.runs_out.unwrap();
    for day in [early, median, late] {
        assert_eq!(day.unwrap().weekday(), jiff::civil::Weekday::Saturday);
    }
}

#[test]
fn breaks_are_skipped_and_reported() {
    let mut spending = daily(80, 51, "-10");
    for row in (1..=30).map(|ago: i64| row(TODAY.checked_sub(ago.days()).unwrap(), 9, "-10")) {
        spending.add(&row);
    }
    let forecast = forecast(&spending, 300, None);
    assert_eq!(forecast.left_out, [Break { from: date(2026, 1, 18), to: date(2026, 2, 6) }]);
    assert_eq!(forecast.days_of_history, 60);
    assert_eq!(forecast.spent_per_day, Some(amount("10")));
    // Not a break if the card was used with another account: this one was just not needed.
    for ago in 31..=50_i64 {
        let other = Some("Board".into());
        let day = TODAY.checked_sub(ago.days()).unwrap();
        spending.add(&Transaction { account: other, ..row(day, 12, "-1") });
    }
    let forecast = spending.forecast(&account(Decimal::from(300)), TODAY, None);
    assert!(forecast.left_out.is_empty() && forecast.spent_per_day < Some(amount("10")));
}

#[test]
fn too_little_history_gives_no_forecast() {
    let until = Some(date(2026, 3, 18));
    for (days, is_enough) in [(13, false), (14, true)] {
        let forecast = forecast(&daily(days, 1, "-10"), 300, until);
        assert_eq!(forecast.has_history(), is_enough);
        assert_eq!(forecast.left_at_end.is_some(), is_enough);
        assert_eq!(i64::try_from(forecast.days_of_history).unwrap(), days);
        assert_eq!(forecast.allowed_per_day, Some(amount("30")));
    }
    let nothing = forecast(&Spending::new(zone()), 300, None);
    assert!(!nothing.has_history() && nothing.runs_out.is_none() && nothing.days_of_history == 0);
    assert!(Spending::new(zone()).fan(&account(Decimal::ONE), TODAY, date(2026, 4, 1)).is_empty());
}

#[test]
fn remaining_meals_are_whole() {
    let mut spending = Spending::new(zone());
    let meals = Account { kind: AccountType::Meals, unit: Unit::Meals, ..account(Decimal::from(40)) };
    for ago in 1..=42_i64 {
        let day = TODAY.checked_sub(ago.days()).unwrap();
        spending.add(&Transaction { account_type: AccountType::Meals, ..row(day, 12, "-2") });
        // An account with the same name but another unit is a different account.
        spending.add(&row(day, 13, "-9.99"));
    }
    let forecast = spending.forecast(&meals, TODAY, Some(date(2026, 3, 18)));
    assert_eq!(forecast.spent_per_day, Some(amount("2")));
    let Left { low, median, high } = forecast.left_at_end.unwrap();
    assert!([low, median, high].iter().all(|left| left.decimal().scale() == 0));
    assert!((amount("18")..=amount("22")).contains(&median), "{median}");
}

#[test]
fn an_empty_account_has_run_out_and_an_unknown_balance_has_no_forecast() {
    let spending = daily(70, 1, "-10");
    for balance in [0, -5] {
        let empty = forecast(&spending, balance, Some(date(2026, 3, 18)));
        assert_eq!(empty.runs_out.unwrap().late, Some(TODAY));
        assert_eq!(empty.allowed_per_day, Some(Amount::ZERO));
    }
    let unknown = Account { balance: None, ..account(Decimal::ZERO) };
    let unknown = spending.forecast(&unknown, TODAY, Some(date(2026, 3, 18)));
    assert_eq!((unknown.runs_out, unknown.left_at_end, unknown.allowed_per_day), (None, None, None));
    assert_eq!(unknown.spent_per_day, Some(amount("10")));
}

#[test]
fn the_fan_agrees_with_the_figures() {
    let spending = daily(70, 1, "-10");
    let account = account(Decimal::from(300));
    let until = date(2026, 3, 22);
    let fan = spending.fan(&account, TODAY, until);
    let left = spending.forecast(&account, TODAY, Some(until)).left_at_end.unwrap();
    assert_eq!((fan.len(), fan[0].date, fan[13].date), (14, TODAY, until));
    assert_eq!([left.low, left.median, left.high].map(|it| it.to_string()), {
        let day = fan[13];
        [day.low, day.median, day.high].map(|value| super::amount(value, 2).to_string())
    });
    assert!(fan.windows(2).all(|pair| pair[1].low <= pair[0].low && pair[1].high <= pair[0].high));
}

#[test]
fn days_are_local_across_dst_changes() {
    let mut spending = Spending::new(zone());
    // 2026-03-08 has 23 hours.
    for (day, hour) in [(8, 0), (8, 23), (7, 23), (9, 0)] {
        spending.add(&row(date(2026, 3, day), hour, "-1"));
    }
    let account = account(Decimal::ONE);
    let spent = [7, 8, 9].map(|day| spending.spent_on(&account, date(2026, 3, day)));
    assert!(spent.iter().zip([1.0, 2.0, 1.0]).all(|(spent, expected)| (spent - expected).abs() < 1e-9));
}
