//! Live control of what happens on the other side: charges, sessions, devices, scripted responses.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use thiserror::Error;

use super::account::MEALS;
use super::fault::{Fault, Faults};
use super::ledger::Entry;
use super::places::Place;
use super::purchase::afford;
use super::sessions::Kind as Session;
use super::transaction::Kind;
use super::world::World;

/// Why the sandbox cannot do what it is told.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ControlError {
    /// No account has this in its name.
    #[error("no account is named like `{0}`")]
    UnknownAccount(String),
    /// The account has no balance, as a credit card has none.
    #[error("the account has no balance")]
    NoBalance,
    /// Dollars are positive with at most two decimals, meals whole.
    #[error("`{0}` is no amount of that account")]
    Amount(Decimal),
    /// The balance is lower than the amount.
    #[error("insufficient funds")]
    InsufficientFunds,
    /// No three transactions in a row claim a balance.
    #[error("the account has too few transactions")]
    TooFew,
}

impl World {
    /// Charges or fills up the first account whose name holds `part`; an empty one means the first
    /// that can be spent from. Gives the id of the transaction, listed now or after the posting delay.
    pub(super) fn transact(
        &mut self,
        kind: Kind,
        part: &str,
        amount: Decimal,
        place: &str,
        now: Timestamp,
    ) -> Result<String, ControlError> {
        let index = self.account(part)?;
        let account = &self.ledger.accounts[index];
        let balance = account.balance.ok_or(ControlError::NoBalance)?;
        let decimals = if account.kind == MEALS { 0 } else { 2 };
        if amount <= Decimal::ZERO || amount.normalize().scale() > decimals {
            return Err(ControlError::Amount(amount));
        }
        if kind != Kind::Deposit && amount > balance {
            return Err(ControlError::InsufficientFunds);
        }
        self.book(Entry { account: index, kind, amount, place: Place::named(place), at: now })
    }

    /// Someone uses the card.
    pub(super) fn pass_by(&mut self, now: Timestamp) {
        let entry = afford(&self.ledger, &mut self.random).at(now);
        // Every account that a purchase can pick has a balance, so there is nothing to tell.
        let _ = self.book(entry);
    }

    /// Makes one transaction claim a resulting balance that is off by `difference`.
    pub(super) fn tamper(&mut self, part: &str, difference: Decimal) -> Result<String, ControlError> {
        let account = self.account(part)?;
        let id = self.ledger.tamper(account, difference);
        id.ok_or(ControlError::TooFew)
    }

    /// The phone app signs in, which ends the sessions of every device.
    pub(super) fn steal_session(&mut self, now: Timestamp) {
        self.sessions.open(Session::Phone, now);
    }

    /// Deletes every device, as someone does who lost a phone. Web sessions live on.
    pub(super) fn revoke_devices(&mut self) {
        self.devices.clear();
        self.sessions.end_patron_sessions();
    }

    pub(super) fn new_web_session(&mut self, now: Timestamp) -> String {
        self.sessions.open(Session::Web, now)
    }

    /// Replaces all faults, and counts from anew.
    pub(super) fn set_faults(&mut self, faults: Vec<Fault>) {
        self.faults = Faults::new(faults);
    }

    /// Scripts the response of a method, or lets it answer the truth again.
    pub(super) fn set_response(&mut self, method: &str, response: Option<Value>) {
        match response {
            Some(response) => self.overrides.insert(method.to_owned(), response),
            None => self.overrides.remove(method),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::ControlError;
    use crate::sandbox::Options;
    use crate::sandbox::transaction::Kind;
    use crate::sandbox::world::World;
    use jiff::{SignedDuration, Timestamp};
    use rust_decimal::Decimal;
    use std::time::Duration;

    fn now() -> Timestamp {
        "2026-02-09T20:00:00.123456Z".parse().unwrap()
    }

    fn world(options: &Options) -> World {
        World::new(options, now())
    }

    #[test]
    fn a_charge_is_listed_after_the_posting_delay() {
        let options = Options { posting_delay: Duration::from_secs(20), ..Options::default() };
        let mut world = world(&options);
        let before = world.balance("flexi").unwrap();
        let id = world.transact(Kind::Debit, "FLEXI", Decimal::ONE, "Oakes Cafe", now()).unwrap();
        assert_eq!(world.balance("flexi"), Some(before - Decimal::ONE));
        let listed = |world: &World| world.ledger.rows().last().unwrap().id() == id;
        world.ledger.post_due(now() + SignedDuration::from_secs(19));
        assert!(!listed(&world));
        world.ledger.post_due(now() + SignedDuration::from_secs(20));
        assert!(listed(&world));
    }

    #[test]
    fn the_longest_delay_waits_until_asked() {
        let options = Options { posting_delay: Duration::MAX, ..Options::default() };
        let mut world = world(&options);
        let count = world.ledger.rows().len();
        world.transact(Kind::Debit, "", Decimal::ONE, "Oakes Cafe", now()).unwrap();
        world.ledger.post_due(now() + SignedDuration::from_hours(10_000));
        assert_eq!(world.ledger.rows().len(), count);
        assert_eq!(world.ledger.post_all(), 1);
        let row = world.ledger.rows().last().unwrap();
        assert_eq!(row.actual, "2026-02-09T20:00:00.123Z".parse().unwrap());
    }

    #[test]
    fn usable_accounts_are_found_first() {
        let world = world(&Options::default());
        let name = |part: &str| world.ledger.accounts[world.account(part).unwrap()].name;
        assert_eq!(name("flexi"), "Flexi Dollars");
        assert_eq!(name("donated"), "Donated Meal");
        assert_eq!(name("pending"), "Pending Donated Meal");
        assert_eq!(name("apple"), "Apple Pay");
        assert_eq!(world.account("zzz"), Err(ControlError::UnknownAccount("zzz".into())));
    }

    #[test]
    fn people_passing_by_never_overdraw() {
        let mut world = world(&Options { transactions: Some(0), ..Options::default() });
        for minute in 0..2000 {
            world.pass_by(now() + SignedDuration::from_mins(minute));
        }
        assert_eq!(world.ledger.rows().len(), 2000);
        let balances = world.ledger.accounts.iter().filter_map(|account| account.balance);
        assert!(balances.into_iter().all(|balance| balance >= Decimal::ZERO));
    }
}
