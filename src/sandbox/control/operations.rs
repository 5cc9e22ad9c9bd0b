//! The control operations on the world: charges, sessions, devices, settings, faults.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::sandbox::auth::sessions::Kind as Session;
use crate::sandbox::control::error::ControlError;
use crate::sandbox::fault::{Fault, Faults};
use crate::sandbox::patron::account::MEALS;
use crate::sandbox::patron::ledger::Entry;
use crate::sandbox::patron::places::Place;
use crate::sandbox::patron::purchase::random_purchase;
use crate::sandbox::patron::transaction::Kind;
use crate::sandbox::world::World;

impl World {
    /// Charges or credits the first account whose name contains `part`; an empty `part` selects the first
    /// spendable account. Returns the id of the transaction, which is listed now or after the posting delay.
    pub fn transact(
        &mut self,
        kind: Kind,
        part: &str,
        amount: Decimal,
        place: &str,
        now: Timestamp,
    ) -> Result<String, ControlError> {
        if kind == Kind::Debit && self.card.lost {
            return Err(ControlError::CardLost);
        }
        let index = self.find_account(part)?;
        let account = &self.ledger.accounts[index];
        let balance = account.balance.ok_or(ControlError::NoBalance)?;
        let decimals = if account.kind == MEALS { 0 } else { 2 };
        if amount <= Decimal::ZERO || amount.normalize().scale() > decimals {
            return Err(ControlError::Amount(amount));
        }
        if kind != Kind::Deposit && amount > balance {
            return Err(ControlError::InsufficientFunds);
        }
        let entry = Entry { account: index, kind, amount, place: Place::named(place), at: now };
        self.book(entry).ok_or(ControlError::NoBalance)
    }

    fn find_account(&self, part: &str) -> Result<usize, ControlError> {
        self.account(part).ok_or_else(|| ControlError::UnknownAccount(part.to_owned()))
    }

    /// Makes one random purchase, unless the card is reported lost.
    pub fn advance(&mut self, now: Timestamp) {
        if self.card.lost {
            return;
        }
        let entry = random_purchase(&self.ledger, &mut self.random).at(now);
        // Random purchases only pick accounts with a balance, so there is nothing to report.
        let _ = self.book(entry);
    }

    /// Makes one transaction report a resulting balance that is off by `difference`; returns its id.
    pub fn tamper(&mut self, part: &str, difference: Decimal) -> Result<String, ControlError> {
        let account = self.find_account(part)?;
        let id = self.ledger.tamper(account, difference);
        id.ok_or(ControlError::TooFew)
    }

    /// Simulates a sign-in of the phone app, which ends the sessions of every device.
    pub fn steal_session(&mut self, now: Timestamp) {
        self.sessions.open(Session::Phone, now);
    }

    /// Deletes all devices and ends their sessions, as after a lost phone. Web sessions stay alive.
    pub fn revoke_devices(&mut self) {
        self.devices.clear();
        self.sessions.end_patron_sessions();
    }

    /// Marks a device lost and ends its sessions.
    pub fn mark_device_lost(&mut self, device: &str) -> Result<(), ControlError> {
        if !self.devices.mark_lost(device) {
            return Err(ControlError::UnknownDevice(device.to_owned()));
        }
        self.sessions.end_device(device);
        Ok(())
    }

    /// Sets the school setting `DOMAIN.CATEGORY.NAME`; `None` removes it, which switches it off.
    pub fn set_setting(&mut self, name: &str, value: Option<&str>) -> Result<(), ControlError> {
        if self.settings.set(name, value) { Ok(()) } else { Err(ControlError::SettingName(name.to_owned())) }
    }

    pub fn new_web_session(&mut self, now: Timestamp) -> String {
        self.sessions.open(Session::Web, now)
    }

    /// Replaces all faults and restarts their call counts.
    pub fn set_faults(&mut self, faults: Vec<Fault>) {
        self.faults = Faults::new(faults);
    }
}

#[cfg(test)]
mod tests {
    use crate::sandbox::Options;
    use crate::sandbox::auth::sessions::Kind as Session;
    use crate::sandbox::control::error::ControlError;
    use crate::sandbox::patron::transaction::Kind;
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
    fn the_maximum_delay_waits_for_post_pending() {
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
    fn spendable_accounts_are_found_first() {
        let world = world(&Options::default());
        let name = |part: &str| world.ledger.accounts[world.account(part).unwrap()].name;
        assert_eq!(name("flexi"), "Flexi Dollars");
        assert_eq!(name("donated"), "Donated Meal");
        assert_eq!(name("pending"), "Pending Donated Meal");
        assert_eq!(name("apple"), "Apple Pay");
        assert_eq!(world.account("zzz"), None);
    }

    #[test]
    fn a_lost_card_cannot_be_charged_but_takes_deposits() {
        let mut world = world(&Options::default());
        world.card.lost = true;
        let charge = world.transact(Kind::Debit, "flexi", Decimal::ONE, "Oakes Cafe", now());
        assert_eq!(charge, Err(ControlError::CardLost));
        let count = world.ledger.rows().len();
        world.advance(now());
        assert_eq!(world.ledger.rows().len(), count);
        assert!(world.transact(Kind::Deposit, "flexi", Decimal::ONE, "GET Web Deposit", now()).is_ok());
    }

    #[test]
    fn the_phone_signs_in_at_its_interval() {
        let mut world = world(&Options::default());
        let open = |world: &mut World, at: Timestamp| world.sessions.open(Session::Device("a".into()), at);
        let at = |millis| now() + SignedDuration::from_millis(millis);
        world.set_phone(Some(Duration::from_millis(50)), now());
        let session = open(&mut world, at(0));
        world.catch_up(at(49));
        assert!(world.sessions.patron(&session, at(49)).is_ok());
        world.catch_up(at(50));
        assert!(world.sessions.patron(&session, at(50)).is_err());
        let session = open(&mut world, at(60));
        world.catch_up(at(99));
        assert!(world.sessions.patron(&session, at(99)).is_ok());
        world.catch_up(at(100));
        assert!(world.sessions.patron(&session, at(100)).is_err());
        world.set_phone(None, at(100));
        let session = open(&mut world, at(100));
        world.catch_up(at(1000));
        assert!(world.sessions.patron(&session, at(1000)).is_ok());
    }

    #[test]
    fn random_purchases_never_overdraw() {
        let mut world = world(&Options { transactions: Some(0), ..Options::default() });
        for minute in 0..2000 {
            world.advance(now() + SignedDuration::from_mins(minute));
        }
        assert_eq!(world.ledger.rows().len(), 2000);
        let balances = world.ledger.accounts.iter().filter_map(|account| account.balance);
        assert!(balances.into_iter().all(|balance| balance >= Decimal::ZERO));
    }
}
