//! The scan-state machine: was the card charged while its code was shown? active → completed or unavailable.
//!
//! Pure: observations and their time go in, changes come out, each exactly once. A balance that falls completes; its
//! transaction, when it appears within a few polls, is the receipt.

mod balance_tracker;
mod receipt;

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use self::balance_tracker::{BalanceDrop, BalanceTracker};
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
    /// What the amounts count.
    pub unit: Unit,
    /// What is left.
    pub balance_after: Amount,
    /// Where, by the transaction.
    pub location: Option<Text>,
    /// The transaction's id.
    pub transaction_id: Option<Text>,
    /// Whether the transaction was found.
    pub confirmed: bool,
    /// How long after it was made it was seen; if no transaction shows when that was, the longest it can be.
    #[serde(skip)]
    pub lag: Duration,
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

/// Why a charge cannot be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing was charged in the time that was given.
    Expired,
    /// The credentials no longer work.
    CredentialsRevoked,
    /// Neither code nor balance is available right now.
    UpstreamUnavailable,
}

/// A change of state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A code is shown and the balances are known: a charge will be seen from now on.
    Active,
    /// The card was charged.
    Completed(Charge),
    /// No charge will be seen, for good or until it is active again.
    Unavailable(Reason),
}

/// The account whose transactions are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptQuery {
    /// The service's id of the account, where it has one.
    pub account_id: Option<Text>,
}

/// Which charges count; the default is every one.
#[derive(Debug, Clone, Default)]
pub struct ChargeFilter {
    /// At least this much, in the account's unit.
    pub min_amount: Option<Amount>,
    /// At a place whose name contains this, ignoring case, according to its transaction.
    pub place: Option<String>,
}

/// What is asked for again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Code,
    Balances,
}

/// A watch over the balances of some accounts, each on its own.
#[derive(Debug)]
pub struct PaymentWatch {
    opened: Moment,
    expires: Option<Duration>,
    pause: Duration,
    filter: ChargeFilter,
    baselines: Option<BalanceTracker>,
    shown: bool,
    failing: Failing,
    /// Whether the last report was that neither is available.
    unreachable: bool,
    state: State,
}

/// Whether the last answer of each source was a failure.
#[derive(Debug, Default)]
struct Failing {
    code: bool,
    balances: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// No code is shown yet, or no balance known.
    Opening,
    Active,
    /// A balance fell; its transaction is awaited.
    Dropped(Box<PendingDrop>),
    Ended,
}

#[derive(Debug, PartialEq, Eq)]
struct PendingDrop {
    drop: BalanceDrop,
    charge: Charge,
    polls_left: u32,
    asked: Option<Moment>,
    in_flight: bool,
}

impl PendingDrop {
    fn new(drop: BalanceDrop) -> Self {
        let charge = Charge {
            account: drop.account.name.clone(),
            amount: drop.amount,
            unit: drop.account.unit,
            balance_after: drop.balance,
            location: None,
            transaction_id: None,
            confirmed: false,
            lag: Duration::ZERO,
        };
        Self { drop, charge, polls_left: POLLS, asked: None, in_flight: false }
    }

    /// The charge as it is known now, with its transaction if that was found.
    fn completed(&self, at: Moment, receipt: Option<&Transaction>) -> Charge {
        // It was made after the balance was last seen as it was before.
        let longest = at.since(self.drop.before);
        let told = receipt.and_then(|found| at.wall.duration_since(found.occurred_at).try_into().ok());
        Charge {
            location: receipt.and_then(|found| found.location.clone()),
            transaction_id: receipt.and_then(|found| found.id.clone()),
            confirmed: receipt.is_some(),
            // A transaction outside of that time is one of a clock that is off.
            lag: told.map_or(longest, |told: Duration| told.min(longest)),
            ..self.charge.clone()
        }
    }
}

impl PaymentWatch {
    /// A watch that polls about every `interval` and gives up after `expires`.
    #[must_use]
    pub fn new(opened: Moment, interval: Duration, expires: Option<Duration>) -> Self {
        Self {
            opened,
            expires,
            pause: interval.min(LONGEST_PAUSE),
            filter: ChargeFilter::default(),
            baselines: None,
            shown: false,
            failing: Failing::default(),
            unreachable: false,
            state: State::Opening,
        }
    }

    /// The same watch, leaving aside what the filter does not take.
    #[must_use]
    pub fn only(self, filter: ChargeFilter) -> Self {
        Self { filter, ..self }
    }

    /// When it gives up.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires.map(|expires| self.opened.ahead(expires))
    }

    /// A code is shown.
    pub fn shown(&mut self) -> Option<Change> {
        self.shown = true;
        self.failing.code = false;
        self.activate()
    }

    /// The balances of the accounts in the watch's scope, in the service's order.
    pub fn accounts(&mut self, at: Moment, accounts: &[Account]) -> Option<Change> {
        self.failing.balances = false;
        match self.state {
            // The balance at the first shown code counts: until then each reply is a new beginning.
            State::Opening => self.baselines = Some(BalanceTracker::of(at, accounts)),
            State::Active => {
                let least = self.filter.min_amount;
                let drop = self.baselines.get_or_insert_default().observe(at, accounts, least);
                let change = self.activate();
                self.state =
                    drop.map_or(State::Active, |drop| State::Dropped(Box::new(PendingDrop::new(drop))));
                return change;
            }
            State::Dropped(_) | State::Ended => {}
        }
        self.activate()
    }

    /// A source failed, in a way that may pass.
    pub fn failed(&mut self, source: Source) -> Option<Change> {
        match source {
            Source::Code => self.failing.code = true,
            Source::Balances => self.failing.balances = true,
        }
        let watching = matches!(self.state, State::Opening | State::Active);
        let newly = watching && self.failing.code && self.failing.balances && !self.unreachable;
        newly.then(|| {
            self.unreachable = true;
            Change::Unavailable(Reason::UpstreamUnavailable)
        })
    }

    /// What to ask the history for, if it is time to; the reply comes back by [`PaymentWatch::transactions`].
    pub fn query(&mut self, at: Moment) -> Option<ReceiptQuery> {
        let State::Dropped(dropped) = &mut self.state else { return None };
        let rested = dropped.asked.is_none_or(|asked| at.since(asked) >= self.pause);
        if dropped.in_flight || !rested {
            return None;
        }
        dropped.in_flight = true;
        dropped.asked = Some(at);
        Some(ReceiptQuery { account_id: dropped.drop.account.id.clone() })
    }

    /// The history's reply, newest first; nothing where it failed.
    pub fn transactions(&mut self, at: Moment, transactions: &[Transaction]) -> Option<Change> {
        let State::Dropped(dropped) = &mut self.state else { return None };
        dropped.in_flight = false;
        dropped.polls_left = dropped.polls_left.saturating_sub(1);
        let explaining = receipt::find(&dropped.drop, transactions);
        if explaining.is_empty() && dropped.polls_left > 0 {
            return None;
        }
        let Some(place) = &self.filter.place else {
            let charge = dropped.completed(at, explaining.first().copied());
            self.state = State::Ended;
            return Some(Change::Completed(charge));
        };
        if let Some(receipt) = explaining.iter().find(|transaction| is_at(transaction, place)) {
            let charge = dropped.completed(at, Some(receipt));
            self.state = State::Ended;
            return Some(Change::Completed(charge));
        }
        // Without a transaction it may still be the charge: the drop is looked at again.
        if explaining.is_empty()
            && let Some(baselines) = &mut self.baselines
        {
            baselines.undo(&dropped.drop);
        }
        self.state = State::Active;
        None
    }

    /// The question under way will not be answered; it is asked again.
    pub fn abandon(&mut self) {
        if let State::Dropped(dropped) = &mut self.state {
            dropped.in_flight = false;
            dropped.asked = None;
        }
    }

    /// The service no longer knows the credentials.
    pub fn revoked(&mut self, at: Moment) -> Option<Change> {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Ended => None,
            // The charge was seen, but the place is unknown.
            State::Dropped(dropped) if self.filter.place.is_none() => {
                Some(Change::Completed(dropped.completed(at, None)))
            }
            State::Opening | State::Active | State::Dropped(_) => {
                Some(Change::Unavailable(Reason::CredentialsRevoked))
            }
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

    /// Whether a charge will be seen from now on; reported once, until something prevents it.
    fn activate(&mut self) -> Option<Change> {
        let opens = self.state == State::Opening && self.shown && self.baselines.is_some();
        let returns = self.state == State::Active && self.unreachable;
        (opens || returns).then(|| {
            self.unreachable = false;
            self.state = State::Active;
            Change::Active
        })
    }
}

fn is_at(transaction: &Transaction, place: &str) -> bool {
    let location = transaction.location.as_deref().unwrap_or_default();
    location.to_lowercase().contains(&place.to_lowercase())
}

#[cfg(test)]
mod properties;
#[cfg(test)]
pub mod tests;
