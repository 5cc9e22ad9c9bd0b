//! Converts transactions to double-entry books, one day at a time: entries, declarations, assertions, adjustments.
//!
//! Transactions come newest first, and only one day of them is in memory. Within a day, entries are written
//! in chronological order, because that is how the programs check balances.

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

/// The accounting program that the books are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// hledger and other readers of its journal format.
    Hledger,
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

/// Writes entries in a program's syntax.
trait Syntax {
    /// Writes the header.
    fn begin(&self, books: &mut String);
    fn transaction(&self, books: &mut String, posted: &Posted<'_>);
    /// Writes an entry that adjusts an unexplained change of the balance.
    fn jump(&self, books: &mut String, jump: &Jump<'_>);
    /// Writes the opening balance of an account.
    fn opening(&self, books: &mut String, opening: &Opening<'_>);
    /// Declares an account and the day from which it is used, with the service's own name for it.
    fn account(&self, books: &mut String, name: &str, from: Date, original: Option<(&str, Unit)>);
}

/// A transaction to write.
struct Posted<'a> {
    date: Date,
    transaction: &'a Transaction,
    account: &'a str,
    /// The counter-account.
    other: &'static str,
    /// Whether it is the account's last transaction of the day.
    closes_day: bool,
}

/// Two balances of an account that its transactions do not connect.
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

/// The state of an account while going back in time.
#[derive(Debug, Default, Clone, Copy)]
struct Chain {
    /// The oldest balance reported so far, and its day.
    known: Option<(Date, Amount)>,
    /// The sum of the amounts from the oldest transaction so far up to that balance, inclusive.
    since: Amount,
    /// The day of the oldest transaction so far.
    oldest: Option<Date>,
}

/// A streaming writer of books.
pub struct Books {
    program: Program,
    zone: TimeZone,
    accounts: Accounts,
    chains: Vec<Chain>,
    /// The transactions of the current day, newest first.
    day: Vec<Transaction>,
    date: Option<Date>,
}

impl Books {
    /// Empty books; `zone` determines the local day of a transaction.
    #[must_use]
    pub fn new(program: Program, zone: TimeZone) -> Self {
        Self { program, zone, accounts: Accounts::default(), chains: Vec::new(), day: Vec::new(), date: None }
    }

    /// The header.
    #[must_use]
    pub fn begin(&self) -> Vec<u8> {
        let mut text = String::new();
        self.program.syntax().begin(&mut text);
        text.into_bytes()
    }

    /// Adds transactions, newest first, and returns the entries of the days that this completes.
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

    /// Returns the entries of the last day, the opening balances and the account declarations.
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

    /// Writes the entries of the current day.
    fn close_day(&mut self, text: &mut String) {
        let (Some(date), rows) = (self.date, std::mem::take(&mut self.day)) else { return };
        let facts: Vec<Fact> = rows.iter().map(|row| self.track(row, date)).collect();
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

    /// Updates the state of a transaction's account and returns what it implies for the transaction.
    fn track(&mut self, row: &Transaction, date: Date) -> Fact {
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

/// What the account's state implies for a transaction.
struct Fact {
    account: usize,
    closes_day: bool,
    /// Set if the balance jumps after it: the day of the next balance, the expected and the found one.
    jump: Option<(Date, Amount, Amount)>,
}

/// The commodity name of a unit.
fn commodity(unit: Unit) -> &'static str {
    match unit {
        Unit::Usd => "USD",
        Unit::Meals => "MEALS",
    }
}

/// Appends an amount with its commodity: `-12.35 USD`, `3 MEALS`.
fn push_amount(books: &mut String, amount: Amount, unit: Unit) {
    push_number(books, amount, unit);
    books.push(' ');
    books.push_str(commodity(unit));
}

/// Appends a number. More than two decimals are unexpected, but never rounded away.
fn push_number(books: &mut String, amount: Amount, unit: Unit) {
    let number = amount.decimal();
    // Writing to a String cannot fail.
    let _ = match unit {
        Unit::Usd if number.is_zero() => write!(books, "0.00"),
        Unit::Usd if number.scale() <= 2 || number.normalize().scale() <= 2 => write!(books, "{number:.2}"),
        Unit::Usd | Unit::Meals => write!(books, "{amount}"),
    };
}
