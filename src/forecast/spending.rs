//! Sums up transactions by account and local day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::prelude::ToPrimitive;

use super::breaks::{self, Break, days_between};
use super::weeks::Weeks;
use crate::model::account::{Account, AccountType};
use crate::model::money::Amount;
use crate::model::text::Text;
use crate::model::transaction::Transaction;

/// Spending per day, by account; deposits are ignored.
#[derive(Debug)]
pub struct Spending {
    zone: TimeZone,
    accounts: Vec<Purchases>,
    /// The days with a purchase on any account.
    purchase_days: BTreeSet<Date>,
    /// Cache for [`Self::date`]: the most recent date with its first instant and that of the next day.
    latest: Option<(Timestamp, Timestamp, Date)>,
}

/// The spending of one account.
#[derive(Debug)]
struct Purchases {
    name: Text,
    kind: AccountType,
    by_day: BTreeMap<Date, Amount>,
}

impl Spending {
    /// An empty collection; `zone` determines the local day of a transaction.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self { zone, accounts: Vec::new(), purchase_days: BTreeSet::new(), latest: None }
    }

    /// Adds a transaction. Adding transactions in chronological order (either way) is fastest.
    pub fn add(&mut self, transaction: &Transaction) {
        if transaction.signed_amount >= Amount::ZERO {
            return;
        }
        let date = self.date(transaction.occurred_at);
        self.purchase_days.insert(date);
        let Some(name) = &transaction.account else { return };
        let kind = transaction.account_type;
        let at = self.accounts.iter().position(|account| account.is(name, kind)).unwrap_or_else(|| {
            self.accounts.push(Purchases { name: name.clone(), kind, by_day: BTreeMap::new() });
            self.accounts.len() - 1
        });
        *self.accounts[at].by_day.entry(date).or_default() += -transaction.signed_amount;
    }

    /// The local date of a timestamp.
    fn date(&mut self, at: Timestamp) -> Date {
        if let Some((start, end, date)) = self.latest
            && (start..end).contains(&at)
        {
            return date;
        }
        let local = at.to_zoned(self.zone.clone());
        let date = local.date();
        let next = local.tomorrow().and_then(|next| next.start_of_day());
        self.latest =
            local.start_of_day().and_then(|start| Ok((start.timestamp(), next?.timestamp(), date))).ok();
        date
    }

    /// The account's whole weeks, the breaks in them, and the number of days without the breaks.
    pub(super) fn habits(&self, account: &Account, today: Date) -> (Option<Weeks>, Vec<Break>, usize) {
        let first = self.of(account).and_then(|purchases| purchases.by_day.keys().next().copied());
        let (Some(purchases), Some(first)) = (self.of(account), first.filter(|first| *first < today)) else {
            return (None, Vec::new(), 0);
        };
        let mut breaks = breaks::find(&self.purchase_days, today);
        breaks.retain(|gap| gap.from > first);
        let without: usize = breaks.iter().copied().map(Break::days).sum();
        let days = days_between(first, today) - without;
        let weeks = Weeks::cut(first, today, &breaks, |date| value(purchases.by_day.get(&date)));
        (weeks, breaks, days)
    }

    pub(super) fn spent_on(&self, account: &Account, day: Date) -> f64 {
        value(self.of(account).and_then(|purchases| purchases.by_day.get(&day)))
    }

    fn of(&self, account: &Account) -> Option<&Purchases> {
        self.accounts.iter().find(|purchases| purchases.is(&account.name, account.kind))
    }
}

impl Purchases {
    fn is(&self, name: &Text, kind: AccountType) -> bool {
        self.kind == kind && self.name == *name
    }
}

fn value(amount: Option<&Amount>) -> f64 {
    amount.and_then(|amount| amount.decimal().to_f64()).unwrap_or_default()
}
