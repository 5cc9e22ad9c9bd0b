//! What each account's balance must fall below to be a charge.

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

/// An account in successive answers: its id, or the name and place among accounts of that name.
#[derive(Debug, PartialEq, Eq)]
enum Identity {
    Id(Text),
    Name(Text, usize),
}

/// A balance that fell.
#[derive(Debug)]
pub struct Fall {
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
    /// Moves the baselines to these balances, in the service's order, and gives the first that fell below its own.
    /// Later ones that fell as well keep their baselines, for those who go on watching.
    pub fn observe(&mut self, at: Moment, accounts: &[Account]) -> Option<Fall> {
        for (position, account) in accounts.iter().enumerate() {
            // An unknown balance says nothing.
            let Some(balance) = account.balance else { continue };
            let identity = Identity::of(account, &accounts[..position]);
            let Some(known) = self.0.iter_mut().find(|baseline| baseline.account == identity) else {
                self.0.push(Baseline { account: identity, balance, seen: at });
                continue;
            };
            let before = std::mem::replace(&mut known.seen, at);
            let baseline = std::mem::replace(&mut known.balance, balance);
            if balance < baseline {
                return Some(Fall { account: account.clone(), amount: baseline - balance, balance, before });
            }
        }
        None
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
