//! The charge watch, a state machine: was the card charged while its code was shown?
//!
//! Pure: observations and the time go in; state changes come out, each exactly once. A balance drop is a
//! charge; its transaction, if it appears within a few polls, is the receipt.

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

/// How many times the history is polled for the transaction behind a drop.
const POLLS: u32 = 3;

/// The maximum interval between these polls.
const MAX_POLL_INTERVAL: Duration = Duration::from_secs(10);

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Charge {
    /// The account's name.
    pub account: Text,
    /// How much the balance dropped.
    pub amount: Amount,
    pub unit: Unit,
    /// The remaining balance.
    pub balance_after: Amount,
    /// The place, according to the transaction.
    pub location: Option<Text>,
    pub transaction_id: Option<Text>,
    /// Whether the transaction was found.
    pub confirmed: bool,
    /// The time from the charge until it was noticed; without a transaction, the longest it can have been.
    #[serde(skip)]
    pub lag: Duration,
}

impl Charge {
    /// Describes the payment and the remaining balance, sanitized for a terminal.
    #[must_use]
    pub fn summary(&self) -> String {
        let place = self.location.as_ref().map_or_else(String::new, |place| format!(" at {place}"));
        let (amount, left) = (self.amount.display(self.unit), self.balance_after.display(self.unit));
        clean(&format!("Paid {amount}{place} · {left} left on {}", self.account)).into_owned()
    }
}

/// Why no charge can be noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing was charged in time.
    Expired,
    /// The credentials no longer work.
    CredentialsRevoked,
    /// Neither code nor balance is available right now.
    UpstreamUnavailable,
}

/// A state change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A code is shown and the balances are known: from now on, a charge is noticed.
    Active,
    /// The card was charged.
    Completed(Charge),
    /// No charge will be noticed, for good or until it is active again.
    Unavailable(Reason),
}

/// A query for an account's newest transactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptQuery {
    /// The service's account id, if it has one.
    pub account_id: Option<Text>,
}

/// Which charges count; the default is all.
#[derive(Debug, Clone, Default)]
pub struct ChargeFilter {
    /// The minimum amount, in the account's unit.
    pub min_amount: Option<Amount>,
    /// Part of the place's name (case-insensitive), according to the transaction.
    pub place: Option<String>,
}

/// A source that is polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Code,
    Balances,
}

/// Watches the balances of some accounts for a charge.
#[derive(Debug)]
pub struct PaymentWatch {
    opened: Moment,
    expires: Option<Duration>,
    pause: Duration,
    filter: ChargeFilter,
    baselines: Option<BalanceTracker>,
    shown: bool,
    failing: Failing,
    /// Whether [`Reason::UpstreamUnavailable`] was reported last.
    unreachable: bool,
    state: State,
}

/// Whether the last poll of each source failed.
#[derive(Debug, Default)]
struct Failing {
    code: bool,
    balances: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// No code was shown yet, or no balances are known.
    Opening,
    Active,
    /// A balance dropped; its transaction is awaited.
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

    /// The charge as known now, with its transaction if that was found.
    fn completed(&self, at: Moment, receipt: Option<&Transaction>) -> Charge {
        // It was made after the old balance was last seen.
        let longest = at.since(self.drop.before);
        let reported = receipt.and_then(|found| at.wall.duration_since(found.occurred_at).try_into().ok());
        Charge {
            location: receipt.and_then(|found| found.location.clone()),
            transaction_id: receipt.and_then(|found| found.id.clone()),
            confirmed: receipt.is_some(),
            // A transaction outside that time comes from a wrong clock.
            lag: reported.map_or(longest, |reported: Duration| reported.min(longest)),
            ..self.charge.clone()
        }
    }
}

impl PaymentWatch {
    /// Creates a watch that polls about every `interval` and expires after `expires`.
    #[must_use]
    pub fn new(opened: Moment, interval: Duration, expires: Option<Duration>) -> Self {
        Self {
            opened,
            expires,
            pause: interval.min(MAX_POLL_INTERVAL),
            filter: ChargeFilter::default(),
            baselines: None,
            shown: false,
            failing: Failing::default(),
            unreachable: false,
            state: State::Opening,
        }
    }

    /// Restricts the watch to the charges that the filter accepts.
    #[must_use]
    pub fn only(self, filter: ChargeFilter) -> Self {
        Self { filter, ..self }
    }

    /// When the watch expires.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires.map(|expires| self.opened.ahead(expires))
    }

    /// Records that a code is shown.
    pub fn shown(&mut self) -> Option<Change> {
        self.shown = true;
        self.failing.code = false;
        self.activate()
    }

    /// Handles the balances of the watched accounts, in the service's order.
    pub fn accounts(&mut self, at: Moment, accounts: &[Account]) -> Option<Change> {
        self.failing.balances = false;
        match self.state {
            // The balance when the first code is shown counts, so until then each reply resets the baselines.
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

    /// Records a transient failure of a source.
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

    /// Returns the history query that is due, if any; pass the reply to [`PaymentWatch::transactions`].
    pub fn query(&mut self, at: Moment) -> Option<ReceiptQuery> {
        let State::Dropped(dropped) = &mut self.state else { return None };
        let elapsed = dropped.asked.is_none_or(|asked| at.since(asked) >= self.pause);
        if dropped.in_flight || !elapsed {
            return None;
        }
        dropped.in_flight = true;
        dropped.asked = Some(at);
        Some(ReceiptQuery { account_id: dropped.drop.account.id.clone() })
    }

    /// Handles the history's reply, newest first; empty if the request failed.
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
        // Without its transaction, it may still be the charge in question: look at the drop again.
        if explaining.is_empty()
            && let Some(baselines) = &mut self.baselines
        {
            baselines.undo(&dropped.drop);
        }
        self.state = State::Active;
        None
    }

    /// Gives up on the history query in flight; it is due again.
    pub fn abandon(&mut self) {
        if let State::Dropped(dropped) = &mut self.state {
            dropped.in_flight = false;
            dropped.asked = None;
        }
    }

    /// Records that the service no longer accepts the credentials.
    pub fn revoked(&mut self, at: Moment) -> Option<Change> {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Ended => None,
            // The charge was noticed; its place does not matter without a filter.
            State::Dropped(dropped) if self.filter.place.is_none() => {
                Some(Change::Completed(dropped.completed(at, None)))
            }
            State::Opening | State::Active | State::Dropped(_) => {
                Some(Change::Unavailable(Reason::CredentialsRevoked))
            }
        }
    }

    /// Advances the time.
    pub fn tick(&mut self, at: Moment) -> Option<Change> {
        let expired = self.expires.is_some_and(|expires| at.since(self.opened) >= expires);
        if expired && matches!(self.state, State::Opening | State::Active) {
            self.state = State::Ended;
            return Some(Change::Unavailable(Reason::Expired));
        }
        None
    }

    /// The time until [`PaymentWatch::tick`] or [`PaymentWatch::query`] has something to do.
    #[must_use]
    pub fn wait(&self, at: Moment) -> Option<Duration> {
        match &self.state {
            State::Ended => None,
            State::Opening | State::Active => {
                self.expires.map(|expires| expires.saturating_sub(at.since(self.opened)))
            }
            State::Dropped(dropped) if dropped.in_flight => None,
            State::Dropped(dropped) => {
                let elapsed = dropped.asked.map_or(self.pause, |asked| at.since(asked));
                Some(self.pause.saturating_sub(elapsed))
            }
        }
    }

    /// The pending charge whose transaction is awaited.
    #[must_use]
    pub fn dropped(&self) -> Option<&Charge> {
        match &self.state {
            State::Dropped(dropped) => Some(&dropped.charge),
            _ => None,
        }
    }

    /// Continues watching after a charge, from the current baselines.
    pub fn resume(&mut self) {
        if self.state == State::Ended {
            self.state = State::Active;
        }
    }

    /// Becomes active if everything is available; returns the change once.
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
