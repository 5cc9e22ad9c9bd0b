//! A student's random purchases, and the deposits that fund them.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::sandbox::patron::ledger::{Entry, Ledger};
use crate::sandbox::patron::opening::{BANANA, BOARD, DONATED, FLEXI, POINTS};
use crate::sandbox::patron::places::{
    CAFES, CARD_OFFICE, CONSOLE, DINING, LAUNDRY, Place, SHOPS, VENDING, WEB_DEPOSIT,
};
use crate::sandbox::patron::random::Random;
use crate::sandbox::patron::transaction::Kind;

/// The next purchase, or the deposit that must precede it.
pub fn random_purchase(ledger: &Ledger, random: &mut Random) -> Purchase<'static> {
    let purchase = purchase(random);
    let balance = ledger.accounts[purchase.account].balance;
    if balance.is_none_or(|balance| balance >= purchase.amount) {
        return purchase;
    }
    let (dollars, place) = match purchase.account {
        BOARD => (50, &CONSOLE),
        DONATED => (5, &CONSOLE),
        BANANA => (75, &WEB_DEPOSIT),
        POINTS => (25, &WEB_DEPOSIT),
        _ => (100, &WEB_DEPOSIT),
    };
    let amount = Decimal::new(dollars, 0);
    Purchase::new(purchase.account, Kind::Deposit, amount, place)
}

/// Independent of the time of day: otherwise balances would vary with the start time.
fn purchase(random: &mut Random) -> Purchase<'static> {
    let cents = |random: &mut Random, low, high| Decimal::new(random.between(low, high), 2);
    let debit = |account, amount, place| Purchase::new(account, Kind::Debit, amount, place);
    if random.one_in(150) {
        let amount = cents(random, 25, 300);
        return Purchase::new(FLEXI, Kind::Correction, amount, &CARD_OFFICE);
    }
    if random.one_in(60) {
        return debit(DONATED, Decimal::ONE, random.pick(&DINING));
    }
    match random.between(0, 99) {
        0..45 => debit(BOARD, Decimal::ONE, random.pick(&DINING)),
        45..65 => debit(FLEXI, cents(random, 275, 1495), random.pick(&CAFES)),
        65..80 => debit(BANANA, cents(random, 195, 1150), random.pick(&CAFES)),
        80..88 => debit(POINTS, Decimal::new(175, 2), random.pick(&LAUNDRY)),
        88..97 => debit(POINTS, cents(random, 125, 350), random.pick(&VENDING)),
        _ => debit(BANANA, cents(random, 899, 6499), random.pick(&SHOPS)),
    }
}

/// A debit, deposit or correction without a timestamp.
pub struct Purchase<'a> {
    account: usize,
    kind: Kind,
    amount: Decimal,
    place: &'a Place,
}

impl<'a> Purchase<'a> {
    pub fn new(account: usize, kind: Kind, amount: Decimal, place: &'a Place) -> Self {
        Self { account, kind, amount, place }
    }

    pub fn at(self, at: Timestamp) -> Entry {
        Entry { account: self.account, kind: self.kind, amount: self.amount, place: self.place.clone(), at }
    }
}

#[cfg(test)]
mod tests {
    use super::random_purchase;
    use crate::sandbox::patron::ledger::Ledger;
    use crate::sandbox::patron::opening::patron;
    use crate::sandbox::patron::random::Random;
    use crate::sandbox::patron::transaction::Kind;
    use jiff::Timestamp;
    use rust_decimal::Decimal;

    #[test]
    fn an_empty_account_gets_a_deposit_before_a_purchase() {
        let mut random = Random::new(1);
        let mut ledger = Ledger::new(patron(&mut random, 2026).1);
        for account in &mut ledger.accounts {
            account.balance = account.balance.map(|_| Decimal::ZERO);
        }
        for _ in 0..100 {
            let entry = random_purchase(&ledger, &mut random).at(Timestamp::UNIX_EPOCH);
            assert_eq!(entry.kind, Kind::Deposit);
        }
    }
}
