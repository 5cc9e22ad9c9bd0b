//! Sums up transactions by place, day, week, month or account. Dollars and meals are never added together.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::model::money::{Amount, Unit};
use crate::model::text::Text;
use crate::model::transaction::Transaction;

/// What transactions are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The place.
    Location,
    /// The day, local time.
    Day,
    /// The week, from Monday, local time.
    Week,
    /// The month, local time.
    Month,
    /// The account.
    Account,
}

impl By {
    /// The `strftime` format of the group name, for periods of time.
    fn pattern(self) -> Option<&'static str> {
        match self {
            Self::Day => Some("%Y-%m-%d"),
            Self::Week => Some("%G-W%V"),
            Self::Month => Some("%Y-%m"),
            Self::Location | Self::Account => None,
        }
    }
}

/// The totals of some transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Sums {
    /// The number of transactions.
    pub count: u64,
    /// The amount spent, as a positive number.
    pub spent: Amount,
    pub deposited: Amount,
}

impl Sums {
    fn add(&mut self, transaction: &Transaction) {
        self.count += 1;
        if transaction.signed_amount < Amount::ZERO {
            self.spent += -transaction.signed_amount;
        } else {
            self.deposited += transaction.signed_amount;
        }
    }

    fn of<'a>(groups: impl Iterator<Item = &'a Self>) -> Self {
        groups.fold(Self::default(), |sum, group| Self {
            count: sum.count + group.count,
            spent: sum.spent + group.spent,
            deposited: sum.deposited + group.deposited,
        })
    }
}

/// The totals of one place, account or period, in one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The place, the account, the day (`2026-02-09`), the week (`2026-W07`) or the month (`2026-02`); `None`
    /// if the service names none.
    pub name: Option<Text>,
    pub unit: Unit,
    #[serde(flatten)]
    pub sums: Sums,
    /// Its share of all spending in its unit, from 0 to 1.
    pub share: Amount,
}

/// The summary of a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// What the groups are formed by.
    pub by: By,
    /// Dollars before meals; periods newest first, other groups by descending amount spent.
    pub groups: Vec<Group>,
    /// The total of all dollar groups.
    pub total: Total,
    /// The total of all meal groups.
    pub total_meals: Total,
}

/// The total of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Total {
    pub unit: Unit,
    #[serde(flatten)]
    pub sums: Sums,
}

impl Summary {
    /// The total of a unit.
    #[must_use]
    pub fn total_of(&self, unit: Unit) -> &Sums {
        match unit {
            Unit::Usd => &self.total.sums,
            Unit::Meals => &self.total_meals.sums,
        }
    }
}

/// Accumulates a summary.
pub struct Summing {
    by: By,
    zone: TimeZone,
    groups: HashMap<(Option<Text>, Unit), Sums>,
}

impl Summing {
    /// An empty summary; `zone` determines local days, weeks and months.
    #[must_use]
    pub fn new(by: By, zone: TimeZone) -> Self {
        Self { by, zone, groups: HashMap::new() }
    }

    pub fn add(&mut self, transaction: &Transaction) {
        let name = match (self.by, self.by.pattern()) {
            (_, Some(pattern)) => {
                let local = transaction.occurred_at.to_zoned(self.zone.clone());
                Some(local.strftime(pattern).to_string().into())
            }
            (By::Account, None) => transaction.account.clone(),
            (_, None) => transaction.location.clone(),
        };
        let name = name.filter(|name| !name.is_empty());
        self.groups.entry((name, transaction.unit)).or_default().add(transaction);
    }

    #[must_use]
    pub fn finish(self) -> Summary {
        let total_of = |unit: Unit| {
            let sums = Sums::of(self.groups.iter().filter(|((_, of), _)| *of == unit).map(|(_, sums)| sums));
            Total { unit, sums }
        };
        let (total, total_meals) = (total_of(Unit::Usd), total_of(Unit::Meals));
        let mut groups: Vec<Group> = self
            .groups
            .into_iter()
            .map(|((name, unit), sums)| {
                let all = if unit == Unit::Usd { total.sums.spent } else { total_meals.sums.spent };
                Group { name, unit, sums, share: share(sums.spent, all) }
            })
            .collect();
        if self.by.pattern().is_some() {
            groups.sort_by_key(|group| (group.unit, Reverse(group.name.clone())));
        } else {
            groups.sort_by_key(|group| {
                let Sums { spent, deposited, .. } = group.sums;
                (group.unit, Reverse(spent), Reverse(deposited), group.name.clone())
            });
        }
        Summary { by: self.by, groups, total, total_meals }
    }
}

/// `part / whole`, rounded to four decimals.
fn share(part: Amount, whole: Amount) -> Amount {
    let share = part.decimal().checked_div(whole.decimal()).unwrap_or(Decimal::ZERO);
    share.round_dp(4).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::transaction::tests::transaction;
    use proptest::prelude::proptest;

    fn spent(location: Option<&str>, unit: Unit, amount: Amount, second: i64) -> Transaction {
        let location = location.map(Into::into);
        Transaction { location, unit, signed_amount: amount, ..transaction(0, second) }
    }

    fn cents(cents: i64) -> Amount {
        Decimal::new(cents, 2).into()
    }

    fn summary(by: By, transactions: &[Transaction]) -> Summary {
        let mut summing = Summing::new(by, TimeZone::get("America/Los_Angeles").unwrap());
        for transaction in transactions {
            summing.add(transaction);
        }
        summing.finish()
    }

    #[test]
    fn places_are_summed_up_by_unit() {
        let summary = summary(
            By::Location,
            &[
                spent(Some("Cafe"), Unit::Usd, cents(-350), 0),
                spent(Some("Hall"), Unit::Meals, cents(-100), 0),
                spent(Some("Cafe"), Unit::Usd, cents(-250), 0),
                spent(Some("Hall"), Unit::Usd, cents(-200), 0),
                spent(None, Unit::Usd, cents(5000), 0),
            ],
        );
        let json = serde_json::to_value(&summary).unwrap();
        let expected = serde_json::json!({"by": "location", "groups": [
            {"name": "Cafe", "unit": "USD", "count": 2, "spent": 6, "deposited": 0, "share": 0.75},
            {"name": "Hall", "unit": "USD", "count": 1, "spent": 2, "deposited": 0, "share": 0.25},
            {"name": null, "unit": "USD", "count": 1, "spent": 0, "deposited": 50, "share": 0},
            {"name": "Hall", "unit": "meals", "count": 1, "spent": 1, "deposited": 0, "share": 1},
        ], "total": {"unit": "USD", "count": 4, "spent": 8, "deposited": 50},
           "total_meals": {"unit": "meals", "count": 1, "spent": 1, "deposited": 0}});
        assert_eq!(json, expected);
    }

    #[test]
    fn months_are_local_and_newest_first() {
        // 2026-02-02T02:40:00Z and 40 days and 33 hours before it.
        let rows = [0, -40 * 86_400, -33 * 3600].map(|at| spent(None, Unit::Usd, cents(-100), at));
        let summary = summary(By::Month, &rows);
        let names: Vec<_> = summary.groups.iter().map(|group| group.name.as_deref().unwrap()).collect();
        assert_eq!(names, ["2026-02", "2026-01", "2025-12"]);
        assert!(summary.groups.iter().all(|group| group.sums.count == 1));
    }

    #[test]
    fn days_are_local_and_weeks_begin_on_monday() {
        // 2026-02-02T02:40:00Z is Sunday evening in California.
        let rows = [0, 86_400].map(|at| spent(None, Unit::Usd, cents(-100), at));
        let names = |by: By| -> Vec<String> {
            summary(by, &rows).groups.iter().map(|group| group.name.as_deref().unwrap().to_owned()).collect()
        };
        assert_eq!(names(By::Day), ["2026-02-02", "2026-02-01"]);
        assert_eq!(names(By::Week), ["2026-W06", "2026-W05"]);
    }

    #[test]
    fn a_hundred_thousand_cents_are_exact() {
        let rows: Vec<_> =
            (0..100_000).map(|at| spent(None, Unit::Usd, cents(-(at % 1_000 + 1)), 0)).collect();
        let summary = summary(By::Location, &rows);
        assert_eq!(summary.total.sums.spent.to_string(), "500500");
        assert_eq!(summary.total.sums.count, 100_000);
    }

    proptest! {
        #[test]
        fn groups_add_up_to_the_total(rows in proptest::collection::vec((0_u8..5, proptest::bool::ANY, -9999_i64..9999), 0..100)) {
            let rows: Vec<_> = rows
                .into_iter()
                .map(|(place, meals, amount)| {
                    let unit = if meals { Unit::Meals } else { Unit::Usd };
                    spent(Some(&place.to_string()), unit, cents(amount), 0)
                })
                .collect();
            let summary = summary(By::Location, &rows);
            let flow = |sums: &Sums| sums.deposited - sums.spent;
            let expected: Amount = rows.iter().map(|row| row.signed_amount).sum();
            assert_eq!(flow(&summary.total.sums) + flow(&summary.total_meals.sums), expected);
            let groups: Amount = summary.groups.iter().map(|group| flow(&group.sums)).sum();
            assert_eq!(groups, expected);
        }
    }
}
