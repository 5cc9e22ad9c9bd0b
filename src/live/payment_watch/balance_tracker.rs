//! What each account's balance must drop below to be a charge.

use crate::model::account::Account;
use crate::model::money::Amount;
use crate::model::text::Text;
use crate::platform::clock::Moment;

/// The balances of the accounts when they were last seen.
#[derive(Debug, Default)]
pub struct BalanceTracker(Vec<Baseline>);

#[derive(Debug)]
struct Baseline {
    account: Identity,
    balance: Amount,
    seen: Moment,
}

/// An account in successive replies: its id, or the name and place among accounts of that name.
#[derive(Debug, PartialEq, Eq)]
enum Identity {
    Id(Text),
    Name(Text, usize),
}

/// A balance that fell.
#[derive(Debug, PartialEq, Eq)]
pub struct BalanceDrop {
    baseline: usize,
    /// The account, as it is now.
    pub account: Account,
    /// By how much.
    pub amount: Amount,
    /// To what.
    pub balance: Amount,
    /// When it was last seen as it was before.
    pub before: Moment,
}

impl BalanceTracker {
    /// The balances as they are at the beginning.
    #[must_use]
    pub fn of(at: Moment, accounts: &[Account]) -> Self {
        let mut tracker = Self::default();
        tracker.observe(at, accounts, None);
        tracker
    }

    /// Moves the baselines to these balances, in the service's order, and gives the first that fell below its own,
    /// by `least` at least. Later ones that fell as well keep their baselines, for those who go on watching.
    pub fn observe(
        &mut self,
        at: Moment,
        accounts: &[Account],
        least: Option<Amount>,
    ) -> Option<BalanceDrop> {
        for (position, account) in accounts.iter().enumerate() {
            // An unknown balance says nothing.
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

    /// Takes back that a balance fell: it will be seen to drop again.
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
