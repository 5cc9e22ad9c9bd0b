//! Baselines for the balance of each account; a balance below its baseline is a charge.

use crate::model::account::Account;
use crate::model::money::Amount;
use crate::model::text::Text;
use crate::platform::clock::Moment;

/// The last known balance of each account.
#[derive(Debug, Default)]
pub struct BalanceTracker(Vec<Baseline>);

#[derive(Debug)]
struct Baseline {
    account: Identity,
    balance: Amount,
    seen: Moment,
}

/// Identifies an account across replies: its id, or its name and position among accounts of that name.
#[derive(Debug, PartialEq, Eq)]
enum Identity {
    Id(Text),
    Name(Text, usize),
}

/// A balance that dropped.
#[derive(Debug, PartialEq, Eq)]
pub struct BalanceDrop {
    baseline: usize,
    /// The account, with its new balance.
    pub account: Account,
    /// The size of the drop.
    pub amount: Amount,
    /// The new balance.
    pub balance: Amount,
    /// When the old balance was last seen.
    pub before: Moment,
}

impl BalanceTracker {
    /// Starts with the current balances.
    #[must_use]
    pub fn of(at: Moment, accounts: &[Account]) -> Self {
        let mut tracker = Self::default();
        tracker.observe(at, accounts, None);
        tracker
    }

    /// Moves the baselines to these balances, in the service's order, and returns the first drop of at least
    /// `least`. Accounts after it keep their baselines, so that their drops are found by the next call.
    pub fn observe(
        &mut self,
        at: Moment,
        accounts: &[Account],
        least: Option<Amount>,
    ) -> Option<BalanceDrop> {
        for (position, account) in accounts.iter().enumerate() {
            // An unknown balance is no evidence.
            let Some(balance) = account.balance else { continue };
            let identity = Identity::of(account, &accounts[..position]);
            let Some(index) = self.0.iter().position(|baseline| baseline.account == identity) else {
                self.0.push(Baseline { account: identity, balance, seen: at });
                continue;
            };
            let known = &mut self.0[index];
            let before = std::mem::replace(&mut known.seen, at);
            let baseline = std::mem::replace(&mut known.balance, balance);
            let amount = baseline - balance;
            if balance < baseline && least.is_none_or(|least| amount >= least) {
                return Some(BalanceDrop {
                    baseline: index,
                    account: account.clone(),
                    amount,
                    balance,
                    before,
                });
            }
        }
        None
    }

    /// Takes back a drop, so that it is found again.
    pub fn undo(&mut self, drop: &BalanceDrop) {
        if let Some(known) = self.0.get_mut(drop.baseline) {
            known.balance += drop.amount;
            known.seen = drop.before;
        }
    }
}

impl Identity {
    fn of(account: &Account, before: &[Account]) -> Self {
        if let Some(id) = &account.id {
            return Self::Id(id.clone());
        }
        let namesakes = before.iter().filter(|other| other.id.is_none() && other.name == account.name);
        Self::Name(account.name.clone(), namesakes.count())
    }
}
