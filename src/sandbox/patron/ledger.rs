//! The ledger: transactions in order, and the balances that result from them.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::sandbox::patron::account::Account;
use crate::sandbox::patron::places::Place;
use crate::sandbox::patron::transaction::{Kind, Transaction};

/// A balance change to book.
#[derive(Clone, Debug)]
pub struct Entry {
    pub account: usize,
    pub kind: Kind,
    pub amount: Decimal,
    pub place: Place,
    pub at: Timestamp,
}

/// Accounts and transactions. Balances change at once; a transaction may be listed later.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub accounts: Vec<Account>,
    /// Oldest first, sorted by instant and then by sequence.
    rows: Vec<Transaction>,
    /// For each account the indices of its transactions in `rows`, so that paging one account does not scan
    /// them all.
    of_account: Vec<Vec<usize>>,
    /// Booked but not yet listed, each with the instant at which it is listed.
    pending: Vec<(Timestamp, Transaction)>,
    next_sequence: u64,
}

impl Ledger {
    pub fn new(accounts: Vec<Account>) -> Self {
        Self {
            of_account: vec![Vec::new(); accounts.len()],
            accounts,
            rows: Vec::new(),
            pending: Vec::new(),
            next_sequence: 1,
        }
    }

    pub fn rows(&self) -> &[Transaction] {
        &self.rows
    }

    /// The indices in [`Self::rows`] of one account's transactions, oldest first.
    pub fn rows_of(&self, account: usize) -> &[usize] {
        self.of_account.get(account).map_or(&[], Vec::as_slice)
    }

    /// Changes the balance and returns the matching transaction, not yet listed; `None` if the account has no
    /// balance. The resulting balance is taken from the account, so the chain of balances is consistent by
    /// construction.
    pub fn book(&mut self, entry: Entry) -> Option<Transaction> {
        let account = self.accounts.get_mut(entry.account)?;
        let balance = entry.kind.apply(account.balance?, entry.amount);
        account.balance = Some(balance);
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        Some(Transaction {
            sequence,
            kind: entry.kind,
            amount: entry.amount,
            balance_after: Some(balance),
            actual: entry.at,
            posted: Some(entry.at),
            account: entry.account,
            place: entry.place,
        })
    }

    /// Inserts a transaction in order.
    pub fn list(&mut self, transaction: Transaction) {
        let key = (transaction.actual, transaction.sequence);
        let at = self.rows.partition_point(|row| (row.actual, row.sequence) < key);
        let (account, last) = (transaction.account, at == self.rows.len());
        self.rows.insert(at, transaction);
        if last {
            self.of_account[account].push(at);
        } else {
            self.index();
        }
    }

    /// Schedules a transaction to be listed at `due`.
    pub fn list_later(&mut self, transaction: Transaction, due: Timestamp) {
        self.pending.push((due, transaction));
    }

    /// Lists the pending transactions that are due at `now`.
    pub fn post_due(&mut self, now: Timestamp) {
        let due = self.pending.extract_if(.., |(due, _)| *due <= now);
        for (_, transaction) in due.collect::<Vec<_>>() {
            self.list(transaction);
        }
    }

    /// Lists all pending transactions and returns how many there were.
    pub fn post_all(&mut self) -> usize {
        let count = self.pending.len();
        self.post_due(Timestamp::MAX);
        count
    }

    /// Adds `difference` to the resulting balance of one transaction of the account and returns its id. The
    /// transaction is neither the first nor the last, and its neighbors report balances too, so exactly two
    /// steps of the chain break.
    pub fn tamper(&mut self, account: usize, difference: Decimal) -> Option<String> {
        let known = |place: &usize| self.rows[*place].balance_after.is_some();
        let middle = self
            .rows_of(account)
            .windows(3)
            .rev()
            .find(|places| places.iter().all(known))
            .map(|places| places[1])?;
        let row = self.rows.get_mut(middle)?;
        row.balance_after = row.balance_after.map(|balance| balance + difference);
        Some(row.id())
    }

    fn index(&mut self) {
        self.of_account.iter_mut().for_each(Vec::clear);
        for (place, row) in self.rows.iter().enumerate() {
            self.of_account[row.account].push(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Ledger};
    use crate::sandbox::patron::opening::{BANANA, FLEXI, patron};
    use crate::sandbox::patron::places::CAFES;
    use crate::sandbox::patron::random::Random;
    use crate::sandbox::patron::transaction::Kind;
    use jiff::Timestamp;
    use rust_decimal::Decimal;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn entry(account: usize, cents: i64, second: i64) -> Entry {
        Entry {
            account,
            kind: Kind::Debit,
            amount: Decimal::new(cents, 2),
            place: CAFES[0].clone(),
            at: at(second),
        }
    }

    fn ledger() -> Ledger {
        Ledger::new(patron(&mut Random::new(1), 2026).1)
    }

    #[test]
    fn the_balance_falls_before_the_transaction_is_listed() {
        let mut ledger = ledger();
        let row = ledger.book(entry(FLEXI, 250, 10)).unwrap();
        assert_eq!(ledger.accounts[FLEXI].balance, Some(Decimal::new(11_800, 2)));
        ledger.list_later(row, at(20));
        ledger.post_due(at(19));
        assert!(ledger.rows().is_empty());
        ledger.post_due(at(20));
        assert_eq!(ledger.rows().len(), 1);
    }

    #[test]
    fn a_transaction_listed_late_is_inserted_in_order() {
        let mut ledger = ledger();
        let late = ledger.book(entry(FLEXI, 100, 10)).unwrap();
        let early = ledger.book(entry(BANANA, 100, 30)).unwrap();
        ledger.list_later(late, Timestamp::MAX);
        ledger.list(early);
        assert_eq!(ledger.post_all(), 1);
        let instants: Vec<_> = ledger.rows().iter().map(|row| row.actual).collect();
        assert_eq!(instants, [at(10), at(30)]);
        assert_eq!(ledger.rows_of(FLEXI), [0]);
        assert_eq!(ledger.rows_of(BANANA), [1]);
    }

    #[test]
    fn tampering_changes_one_reported_balance_and_no_account() {
        let mut ledger = ledger();
        for second in 0..4 {
            let row = ledger.book(entry(FLEXI, 100, second)).unwrap();
            ledger.list(row);
        }
        let before = ledger.accounts[FLEXI].balance;
        let id = ledger.tamper(FLEXI, Decimal::ONE).unwrap();
        assert_eq!(id, ledger.rows()[2].id());
        assert_eq!(ledger.rows()[2].balance_after, Some(Decimal::new(11_850, 2)));
        assert_eq!(ledger.accounts[FLEXI].balance, before);
        assert_eq!(ledger.tamper(BANANA, Decimal::ONE), None);
    }

    #[test]
    fn an_account_without_a_balance_books_nothing() {
        let mut ledger = ledger();
        assert!(ledger.book(entry(7, 100, 0)).is_none());
        assert!(ledger.book(entry(99, 100, 0)).is_none());
    }
}
