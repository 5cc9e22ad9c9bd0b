//! Transactions → double-entry books, a day at a time: what is posted, opened, asserted and adjusted.
//!
//! Transactions come newest first, and only one day of them is held. Within a day entries are written in the order in
//! which they happened, as the programs check balances in that order.

mod accounts;
mod beancount;
mod hledger;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use self::accounts::{Accounts, DEPOSITS, SPENT};
use crate::model::money::{Amount, Unit};
use crate::model::transaction::{Transaction, TransactionKind};

/// The program that reads the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// hledger, and other readers of its journal format.
    Hledger,
    /// Beancount.
    Beancount,
}

impl Program {
    fn syntax(self) -> &'static dyn Syntax {
        match self {
            Self::Hledger => &hledger::Hledger,
            Self::Beancount => &beancount::Beancount,
        }
    }
}

/// How a program wants its entries.
trait Syntax {
    /// What the books begin with.
    fn begin(&self, books: &mut String);
    /// A transaction.
    fn transaction(&self, books: &mut String, posted: &Posted<'_>);
    /// An entry that makes up for a jump of the balance.
    fn jump(&self, books: &mut String, jump: &Jump<'_>);
    /// The balance before the first transaction.
    fn opening(&self, books: &mut String, opening: &Opening<'_>);
    /// A declaration of an account that is used from a day on; with the service's own name for it.
    fn account(&self, books: &mut String, name: &str, from: Date, original: Option<(&str, Unit)>);
}

/// A transaction on its account.
struct Posted<'a> {
    date: Date,
    transaction: &'a Transaction,
    account: &'a str,
    /// Where the money went or came from.
    other: &'static str,
    /// Whether it is the account's last one of its day.
    closes_day: bool,
}

/// Two balances of an account that do not follow from each other.
struct Jump<'a> {
    account: &'a str,
    unit: Unit,
    /// The day of the older balance.
    after: Date,
    /// The day of the newer balance.
    by: Date,
    expected: Amount,
    found: Amount,
}

/// The balance before an account's first transaction.
struct Opening<'a> {
    account: &'a str,
    unit: Unit,
    date: Date,
    balance: Amount,
}

/// What is known of an account on the way back in time.
#[derive(Debug, Default, Clone, Copy)]
struct Chain {
    /// The oldest balance that the service told so far, and its day.
    known: Option<(Date, Amount)>,
    /// The amounts from just after the next older transaction up to that balance.
    since: Amount,
    /// The day of the oldest transaction so far.
    oldest: Option<Date>,
}

/// Books in the making.
pub struct Books {
    program: Program,
    zone: TimeZone,
    accounts: Accounts,
    chains: Vec<Chain>,
    /// The transactions of the day that is being read, newest first.
    day: Vec<Transaction>,
    date: Option<Date>,
}

impl Books {
    /// Empty books; days are those of the zone.
    #[must_use]
    pub fn new(program: Program, zone: TimeZone) -> Self {
        Self { program, zone, accounts: Accounts::default(), chains: Vec::new(), day: Vec::new(), date: None }
    }

    /// What the books begin with.
    #[must_use]
    pub fn begin(&self) -> Vec<u8> {
        let mut text = String::new();
        self.program.syntax().begin(&mut text);
        text.into_bytes()
    }

    /// Takes transactions in, newest first; gives the entries of the days that are complete with them.
    #[must_use]
    pub fn add(&mut self, rows: Vec<Transaction>) -> Vec<u8> {
        let mut text = String::with_capacity(rows.len() * 200);
        for row in rows {
            let date = self.zone.to_datetime(row.occurred_at).date();
            if self.date != Some(date) {
                self.close_day(&mut text);
                self.date = Some(date);
            }
            self.day.push(row);
        }
        text.into_bytes()
    }

    /// The entries of the last day, the opening balances, and the declarations of the accounts.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        let mut text = String::new();
        self.close_day(&mut text);
        let syntax = self.program.syntax();
        let before = |date: Date| date.yesterday().unwrap_or(date);
        let mut first: Option<Date> = None;
        for (account, chain) in self.accounts.iter().zip(&self.chains) {
            let Some(date) = chain.oldest.map(before) else { continue };
            first = Some(first.map_or(date, |first| first.min(date)));
            if let Some((_, balance)) = chain.known {
                let balance = balance - chain.since;
                if balance != Amount::ZERO {
                    let opening = Opening { account: &account.name, unit: account.unit, date, balance };
                    syntax.opening(&mut text, &opening);
                }
            }
        }
        if let Some(from) = first {
            for account in self.accounts.iter() {
                let original = (account.original.as_deref().unwrap_or_default(), account.unit);
                syntax.account(&mut text, &account.name, from, Some(original));
            }
            for name in accounts::OTHERS {
                syntax.account(&mut text, name, from, None);
            }
        }
        text.into_bytes()
    }

    /// Writes the entries of the day that was read.
    fn close_day(&mut self, text: &mut String) {
        let (Some(date), rows) = (self.date, std::mem::take(&mut self.day)) else { return };
        let facts: Vec<Fact> = rows.iter().map(|row| self.look(row, date)).collect();
        let syntax = self.program.syntax();
        for (row, fact) in rows.iter().zip(facts).rev() {
            let account = &self.accounts[fact.account];
            let posted = Posted {
                date,
                transaction: row,
                account: &account.name,
                other: if row.kind == TransactionKind::Deposit { DEPOSITS } else { SPENT },
                closes_day: fact.closes_day,
            };
            syntax.transaction(text, &posted);
            if let Some((by, expected, found)) = fact.jump {
                let (account, unit) = (account.name.as_str(), account.unit);
                syntax.jump(text, &Jump { account, unit, after: date, by, expected, found });
            }
        }
    }

    /// What a transaction tells of its account, on the way back in time.
    fn look(&mut self, row: &Transaction, date: Date) -> Fact {
        let account = self.accounts.find(row);
        if account == self.chains.len() {
            self.chains.push(Chain::default());
        }
        let chain = &mut self.chains[account];
        let closes_day = chain.oldest != Some(date);
        chain.oldest = Some(date);
        let mut jump = None;
        if let Some(balance) = row.balance_after {
            let expected = balance + chain.since;
            jump =
                chain.known.filter(|(_, found)| *found != expected).map(|(by, found)| (by, expected, found));
            chain.known = Some((date, balance));
            chain.since = Amount::ZERO;
        }
        chain.since += row.signed_amount;
        Fact { account, closes_day, jump }
    }
}

/// What a transaction tells of its account.
struct Fact {
    account: usize,
    closes_day: bool,
    /// Behind it the balance jumps: the day of the next balance, the expected and the found one.
    jump: Option<(Date, Amount, Amount)>,
}

/// The commodity of a unit.
fn commodity(unit: Unit) -> &'static str {
    match unit {
        Unit::Usd => "USD",
        Unit::Meals => "MEALS",
    }
}

/// Adds an amount with its commodity: `-12.35 USD`, `3 MEALS`.
fn push_amount(books: &mut String, amount: Amount, unit: Unit) {
    push_number(books, amount, unit);
    books.push(' ');
    books.push_str(commodity(unit));
}

/// Adds an amount without its commodity; a third decimal is unexpected, but it is never rounded away.
fn push_number(books: &mut String, amount: Amount, unit: Unit) {
    let number = amount.decimal();
    // Writing to a string does not fail.
    let _ = match unit {
        Unit::Usd if number.is_zero() => write!(books, "0.00"),
        Unit::Usd if number.scale() <= 2 || number.normalize().scale() <= 2 => write!(books, "{number:.2}"),
        Unit::Usd | Unit::Meals => write!(books, "{amount}"),
    };
}
