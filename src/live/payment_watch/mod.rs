//! The scan-state machine: was the card charged while its code was shown? active → completed | unavailable (S0).
//!
//! Pure: observations with their moment go in, changes come out, each exactly once. A balance that falls completes;
//! its transaction, when it appears within a few polls, is the receipt.

mod balance_tracker;
mod receipt;

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use self::balance_tracker::{BalanceTracker, Fall};
use crate::model::account::Account;
use crate::model::money::{Amount, Unit};
use crate::model::text::Text;
use crate::model::text::clean;
use crate::model::transaction::Transaction;
use crate::platform::clock::Moment;

/// How many times the history is asked for the transaction behind a drop.
const POLLS: u32 = 3;

/// The longest pause between two of those polls.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Charge {
    /// The account's name, exactly as the service has it.
    pub account: Text,
    /// How much its balance fell.
    pub amount: Amount,
    /// What is left.
    pub balance_after: Amount,
    /// Where, by the transaction.
    pub location: Option<Text>,
    /// The transaction's id.
    pub transaction_id: Option<Text>,
    /// Whether the transaction was found.
    pub confirmed: bool,
    /// When it was made, by the transaction.
    #[serde(skip)]
    pub occurred_at: Option<Timestamp>,
    /// What the amounts count.
    #[serde(skip)]
    pub unit: Unit,
}

impl Charge {
    /// What was paid, where, and what is left, harmless on a terminal.
    #[must_use]
    pub fn summary(&self) -> String {
        let place = self.location.as_ref().map_or_else(String::new, |place| format!(" at {place}"));
        let (amount, left) = (self.amount.display(self.unit), self.balance_after.display(self.unit));
        clean(&format!("Paid {amount}{place} · {left} left on {}", self.account)).into_owned()
    }
}

/// Why a scan can no longer be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing was charged in the time that was given.
    Expired,
    /// The credentials no longer work.
    CredentialsRevoked,
}

/// A change of state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A code is shown and the balances are known: a charge will be seen from now on.
    Active,
    /// The card was charged.
    Completed(Charge),
    /// No charge will be seen any more.
    Unavailable(Reason),
}

/// The account whose transactions are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptQuery {
    /// The service's id of the account, where it has one.
    pub account_id: Option<Text>,
}

/// A watch over the balances of some accounts, each on its own.
#[derive(Debug)]
pub struct PaymentWatch {
    opened: Moment,
    expires: Option<Duration>,
    pause: Duration,
    baselines: Option<BalanceTracker>,
    shown: bool,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// No code is shown yet, or no balance known.
    Opening,
    Active,
    /// A balance fell; its transaction is awaited.
    Dropped(Box<Dropped>),
    Ended,
}

#[derive(Debug, PartialEq, Eq)]
struct Dropped {
    charge: Charge,
    account: Account,
    /// When the balance was last seen as it was before.
    before: Moment,
    polls_left: u32,
    asked: Option<Moment>,
    in_flight: bool,
}

impl Dropped {
    fn new(Fall { account, amount, balance, before }: Fall) -> Self {
        let charge = Charge {
            account: account.name.clone(),
            amount,
            balance_after: balance,
            location: None,
            transaction_id: None,
            confirmed: false,
            occurred_at: None,
            unit: account.unit,
        };
        Self { charge, account, before, polls_left: POLLS, asked: None, in_flight: false }
    }
}

impl PaymentWatch {
    /// A watch that polls about every `interval` and gives up after `expires`.
    #[must_use]
    pub fn new(opened: Moment, interval: Duration, expires: Option<Duration>) -> Self {
        let pause = interval.min(LONGEST_PAUSE);
        Self { opened, expires, pause, baselines: None, shown: false, state: State::Opening }
    }

    /// A code is shown.
    pub fn shown(&mut self) -> Option<Change> {
        self.shown = true;
        self.activate()
    }

    /// The balances of the accounts in the watch's scope, in the service's order.
    pub fn accounts(&mut self, at: Moment, accounts: &[Account]) -> Option<Change> {
        match self.state {
            State::Opening => {
                // The balance at the first shown code counts: until then each answer is a new beginning.
                self.baselines.insert(BalanceTracker::default()).observe(at, accounts);
                self.activate()
            }
            State::Active => {
                if let Some(fall) = self.baselines.get_or_insert_default().observe(at, accounts) {
                    self.state = State::Dropped(Box::new(Dropped::new(fall)));
                }
                None
            }
            State::Dropped(_) | State::Ended => None,
        }
    }

    /// What to ask the history for, if it is time to; the answer comes back by [`PaymentWatch::transactions`].
    pub fn query(&mut self, at: Moment) -> Option<ReceiptQuery> {
        let State::Dropped(dropped) = &mut self.state else { return None };
        let rested = dropped.asked.is_none_or(|asked| at.since(asked) >= self.pause);
        if dropped.in_flight || !rested {
            return None;
        }
        dropped.in_flight = true;
        dropped.asked = Some(at);
        Some(ReceiptQuery { account_id: dropped.account.id.clone() })
    }

    /// The history's answer, newest first; nothing where it failed.
    pub fn transactions(&mut self, transactions: &[Transaction]) -> Option<Change> {
        let State::Dropped(dropped) = &mut self.state else { return None };
        dropped.in_flight = false;
        dropped.polls_left = dropped.polls_left.saturating_sub(1);
        let found = receipt::find(&dropped.charge, &dropped.account, dropped.before, transactions);
        if found.is_none() && dropped.polls_left > 0 {
            return None;
        }
        let mut charge = dropped.charge.clone();
        if let Some(transaction) = found {
            charge.location.clone_from(&transaction.location);
            charge.transaction_id.clone_from(&transaction.id);
            charge.confirmed = true;
            charge.occurred_at = Some(transaction.occurred_at);
        }
        self.state = State::Ended;
        Some(Change::Completed(charge))
    }

    /// The question under way will not be answered; it is asked again.
    pub fn abandon(&mut self) {
        if let State::Dropped(dropped) = &mut self.state {
            dropped.in_flight = false;
            dropped.asked = None;
        }
    }

    /// The service no longer knows the credentials.
    pub fn revoked(&mut self) -> Option<Change> {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Ended => None,
            // What was seen was seen.
            State::Dropped(dropped) => Some(Change::Completed(dropped.charge)),
            State::Opening | State::Active => Some(Change::Unavailable(Reason::CredentialsRevoked)),
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, at: Moment) -> Option<Change> {
        let expired = self.expires.is_some_and(|expires| at.since(self.opened) >= expires);
        if expired && matches!(self.state, State::Opening | State::Active) {
            self.state = State::Ended;
            return Some(Change::Unavailable(Reason::Expired));
        }
        None
    }

    /// How long until [`PaymentWatch::tick`] or [`PaymentWatch::query`] has something to do.
    #[must_use]
    pub fn wait(&self, at: Moment) -> Option<Duration> {
        match &self.state {
            State::Ended => None,
            State::Opening | State::Active => {
                self.expires.map(|expires| expires.saturating_sub(at.since(self.opened)))
            }
            State::Dropped(dropped) if dropped.in_flight => None,
            State::Dropped(dropped) => {
                let rested = dropped.asked.map_or(self.pause, |asked| at.since(asked));
                Some(self.pause.saturating_sub(rested))
            }
        }
    }

    /// The drop whose transaction is awaited.
    #[must_use]
    pub fn dropped(&self) -> Option<&Charge> {
        match &self.state {
            State::Dropped(dropped) => Some(&dropped.charge),
            _ => None,
        }
    }

    /// Goes on watching after a charge, from the balances as they are now.
    pub fn resume(&mut self) {
        if self.state == State::Ended {
            self.state = State::Active;
        }
    }

    fn activate(&mut self) -> Option<Change> {
        let ready = self.state == State::Opening && self.shown && self.baselines.is_some();
        ready.then(|| {
            self.state = State::Active;
            Change::Active
        })
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
