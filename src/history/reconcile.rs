//! Checks that each resulting balance follows from the previous one, and that the last equals the current balance.

use serde::Serialize;

use crate::model::account::{Account, AccountType};
use crate::model::money::{Amount, Unit};
use crate::model::text::Text;
use crate::model::transaction::Transaction;

/// The result of a reconciliation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
    /// Whether there are no gaps.
    pub ok: bool,
    /// The accounts, most recently used first.
    pub accounts: Vec<Checked>,
}

/// The result for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The account name from its transactions.
    pub account: Option<Text>,
    /// The unit of its amounts.
    #[serde(skip)]
    pub unit: Unit,
    /// The number of transactions checked.
    pub checked: u64,
    /// Whether there are no gaps.
    pub ok: bool,
    /// The balance after the last transaction.
    pub closing_balance: Option<Amount>,
    /// The current balance; `None` if the service reports none, or the range ends before now.
    pub current_balance: Option<Amount>,
    /// Where balances do not add up, newest first.
    pub gaps: Vec<Gap>,
}

/// Two consecutive balances of an account that do not add up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The older transaction.
    pub older_id: Option<Text>,
    /// The newer transaction; `None` for the account's current balance.
    pub newer_id: Option<Text>,
    /// The older balance plus the amounts since.
    pub expected: Amount,
    /// The newer balance.
    pub found: Amount,
    /// `found` minus `expected`.
    pub difference: Amount,
}

impl Gap {
    fn between(
        older_id: Option<Text>,
        newer_id: Option<Text>,
        expected: Amount,
        found: Amount,
    ) -> Option<Self> {
        (expected != found).then(|| Self {
            older_id,
            newer_id,
            expected,
            found,
            difference: found - expected,
        })
    }
}

/// Checks transactions one by one, newest first. Those without a balance are bridged by their amounts.
#[derive(Debug, Default)]
pub struct Reconciling {
    chains: Vec<Chain>,
}

/// The state of one account.
#[derive(Debug)]
struct Chain {
    account: Option<Text>,
    kind: AccountType,
    unit: Unit,
    checked: u64,
    newest_id: Option<Text>,
    closing: Option<Amount>,
    /// The oldest balance so far, and the id of its transaction.
    known: Option<(Option<Text>, Amount)>,
    /// The sum of the amounts from the oldest transaction so far up to that balance, or up to now without one.
    since: Amount,
    gaps: Vec<Gap>,
}

impl Reconciling {
    /// Adds a transaction, which must not be newer than the previous ones.
    pub fn add(&mut self, transaction: &Transaction) {
        let is_same =
            |chain: &Chain| chain.account == transaction.account && chain.kind == transaction.account_type;
        let at = self.chains.iter().position(is_same).unwrap_or_else(|| {
            self.chains.push(Chain::of(transaction));
            self.chains.len() - 1
        });
        self.chains[at].add(transaction);
    }

    /// Finishes the check; with the current accounts, also compares the closing balances with theirs.
    #[must_use]
    pub fn finish(self, now: Option<&[Account]>) -> Reconciliation {
        let accounts: Vec<Checked> =
            self.chains.into_iter().map(|chain| chain.finish(now.unwrap_or_default())).collect();
        Reconciliation { ok: accounts.iter().all(|account| account.ok), accounts }
    }
}

impl Chain {
    fn of(newest: &Transaction) -> Self {
        Self {
            account: newest.account.clone(),
            kind: newest.account_type,
            unit: newest.unit,
            checked: 0,
            newest_id: id(newest),
            closing: None,
            known: None,
            since: Amount::ZERO,
            gaps: Vec::new(),
        }
    }

    fn add(&mut self, transaction: &Transaction) {
        self.checked += 1;
        if let Some(balance) = transaction.balance_after {
            let older = id(transaction);
            match &self.known {
                Some((newer, found)) => {
                    let expected = balance + self.since;
                    self.gaps.extend(Gap::between(older.clone(), newer.clone(), expected, *found));
                }
                None => self.closing = Some(balance + self.since),
            }
            self.known = Some((older, balance));
            self.since = Amount::ZERO;
        }
        self.since += transaction.signed_amount;
    }

    fn finish(self, now: &[Account]) -> Checked {
        let is_same =
            |account: &&Account| Some(&account.name) == self.account.as_ref() && account.kind == self.kind;
        let mut same = now.iter().filter(is_same);
        // Two accounts with the same name and kind cannot be told apart by their transactions.
        let current = match (same.next(), same.next()) {
            (Some(only), None) => only.balance,
            _ => None,
        };
        let mut gaps = self.gaps;
        if let (Some(closing), Some(current)) = (self.closing, current) {
            gaps.splice(0..0, Gap::between(self.newest_id.clone(), None, closing, current));
        }
        Checked {
            account: self.account,
            unit: self.unit,
            checked: self.checked,
            ok: gaps.is_empty(),
            closing_balance: self.closing,
            current_balance: current,
            gaps,
        }
    }
}

fn id(transaction: &Transaction) -> Option<Text> {
    transaction.id.clone().or_else(|| transaction.key.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::transaction::tests::transaction;
    use proptest::prelude::{any, proptest};
    use rust_decimal::Decimal;

    fn amount(number: i64) -> Amount {
        Decimal::new(number, 2).into()
    }

    /// One account's transactions, newest first, from amounts and whether each balance is known, oldest first.
    fn chain(start: i64, steps: &[(i64, bool)]) -> Vec<Transaction> {
        let mut balance = start;
        let mut rows: Vec<_> = steps
            .iter()
            .enumerate()
            .map(|(number, (step, known))| {
                balance += step;
                Transaction {
                    signed_amount: amount(*step),
                    balance_after: known.then(|| amount(balance)),
                    account: Some("Flexi".into()),
                    ..transaction(number, 0)
                }
            })
            .collect();
        rows.reverse();
        rows
    }

    fn check(rows: &[Transaction], now: Option<Amount>) -> Checked {
        let account = Account {
            id: None,
            name: "Flexi".into(),
            kind: AccountType::DecliningBalance,
            balance: now,
            unit: Unit::Usd,
            usable: true,
            deposit_accepted: true,
            last_four: None,
            low: None,
        };
        let mut reconciling = Reconciling::default();
        for row in rows {
            reconciling.add(row);
        }
        reconciling.finish(Some(&[account])).accounts.remove(0)
    }

    #[test]
    fn a_chain_with_unknown_balances_has_no_gap() {
        let rows = chain(1000, &[(-100, true), (-50, false), (500, false), (-25, true), (-5, false)]);
        let checked = check(&rows, Some(amount(1320)));
        assert!(checked.ok, "{checked:?}");
        assert_eq!((checked.checked, checked.closing_balance), (5, Some(amount(1320))));
    }

    #[test]
    fn a_false_balance_gives_two_gaps() {
        let mut rows = chain(1000, &[(-100, true), (-50, true), (-25, false), (-25, true)]);
        rows[2].balance_after = Some(amount(900));
        let checked = check(&rows, Some(amount(800)));
        let gap = |older: &str, newer: &str, expected, found| {
            Gap::between(Some(older.into()), Some(newer.into()), amount(expected), amount(found)).unwrap()
        };
        assert_eq!(checked.gaps, [gap("1", "3", 850, 800), gap("0", "1", 850, 900)]);
        assert_eq!(checked.gaps[0].difference, amount(-50));
    }

    #[test]
    fn the_current_balance_is_checked_last() {
        let checked = check(&chain(1000, &[(-100, true), (-50, false)]), Some(amount(849)));
        assert_eq!(checked.gaps.len(), 1);
        let Gap { older_id, newer_id, difference, .. } = &checked.gaps[0];
        assert_eq!((older_id.as_deref(), newer_id.as_deref(), *difference), (Some("1"), None, amount(-1)));
    }

    #[test]
    fn unknown_balances_are_not_gaps() {
        let nothing = check(&chain(1000, &[(-100, false), (-50, false)]), Some(amount(7)));
        assert!(nothing.ok && nothing.closing_balance.is_none());
        assert!(check(&chain(1000, &[(-100, true)]), None).ok);
    }

    #[test]
    fn accounts_are_checked_separately() {
        let mut other = chain(5, &[(-1, true), (-1, true)]);
        for row in &mut other {
            row.account = Some("Board".into());
        }
        let rows = chain(1000, &[(-100, true), (-50, true)]);
        let mut reconciling = Reconciling::default();
        for (row, other) in rows.iter().zip(&other) {
            reconciling.add(row);
            reconciling.add(other);
        }
        let report = reconciling.finish(None);
        assert!(report.ok);
        assert_eq!(report.accounts.len(), 2);
    }

    proptest! {
        #[test]
        fn correct_chains_have_no_gaps_and_false_balances_do(
            steps in proptest::collection::vec((-500_i64..500, any::<bool>()), 2..60),
            (at, off) in (0_usize..60, 1_i64..100),
        ) {
            let mut rows = chain(0, &steps);
            let end: i64 = steps.iter().map(|(step, _)| step).sum();
            let checked = check(&rows, Some(amount(end)));
            assert!(checked.ok && checked.closing_balance.is_none_or(|closing| closing == amount(end)));
            let at = at % rows.len();
            if let Some(balance) = rows[at].balance_after {
                rows[at].balance_after = Some(balance + amount(off));
                let checked = check(&rows, Some(amount(end)));
                assert!(!checked.ok && checked.gaps.len() <= 2);
            }
        }
    }
}
