//! All that the sandbox knows, and the one door for calls to it. No I/O: time comes with each call.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::value::to_raw_value;
use serde_json::{Map, Value};

use super::account::Owner;
use super::control::ControlError;
use super::devices::Devices;
use super::envelope::{Outcome, Reply};
use super::exception::Exception;
use super::fault::Faults;
use super::history::{self, Shape};
use super::ledger::{Entry, Ledger};
use super::log::Log;
use super::methods;
use super::options::Options;
use super::params::Params;
use super::patron::patron;
use super::random::Random;
use super::sessions::Sessions;

/// One call, as the methods see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) service: &'a str,
    pub(super) method: &'a str,
    pub(super) params: &'a Map<String, Value>,
    pub(super) now: Timestamp,
    /// The fault `outside-range` is in force.
    pub(super) strays: bool,
}

impl<'a> Call<'a> {
    pub(super) fn params(&self) -> Params<'a> {
        Params(self.params)
    }
}

/// The state behind the service.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) owner: Owner,
    pub(super) ledger: Ledger,
    pub(super) sessions: Sessions,
    pub(super) devices: Devices,
    pub(super) log: Log,
    pub(super) faults: Faults,
    /// Scripted responses, which take the place of the true ones.
    pub(super) overrides: HashMap<String, Value>,
    pub(super) latency: Duration,
    pub(super) posting_delay: Duration,
    pub(super) random: Random,
    pub(super) seed: u64,
}

impl World {
    pub(super) fn new(options: &Options, now: Timestamp) -> Self {
        let until = options.history_until.unwrap_or(now);
        let mut random = Random::new(options.seed);
        let year = now.to_zoned(TimeZone::UTC).year();
        let (owner, accounts) = patron(&mut random, year);
        let mut ledger = Ledger::new(accounts);
        let shape =
            Shape { transactions: options.transactions, shared_instant: options.shared_instant, until };
        history::write(&mut ledger, &mut random, &shape);
        Self {
            owner,
            ledger,
            sessions: Sessions::new(options.session_lifetime, options.web_session_lifetime),
            devices: Devices::default(),
            log: Log::default(),
            faults: Faults::new(options.faults.clone()),
            overrides: HashMap::new(),
            latency: options.latency,
            posting_delay: options.posting_delay,
            random,
            seed: options.seed,
        }
    }

    /// Processes a call.
    pub(super) fn call(&mut self, call: &Call<'_>) -> Reply {
        self.ledger.post_due(call.now);
        Reply::of(self.outcome(call))
    }

    fn outcome(&mut self, call: &Call<'_>) -> Outcome {
        let response = methods::call(self, call)?;
        match self.overrides.get(call.method) {
            Some(scripted) => to_raw_value(scripted).map_err(Exception::internal),
            None => Ok(response),
        }
    }

    /// Books something and lists its transaction after the posting delay. Gives the transaction's id.
    pub(super) fn book(&mut self, mut entry: Entry) -> Result<String, ControlError> {
        entry.at = super::date::to_millisecond(entry.at);
        let at = entry.at;
        let row = self.ledger.book(entry).ok_or(ControlError::NoBalance)?;
        let id = row.id();
        if self.posting_delay.is_zero() {
            self.ledger.list(row);
        } else {
            // A delay beyond all time means "until it is asked for".
            let due = at.checked_add(self.posting_delay).unwrap_or(Timestamp::MAX);
            self.ledger.list_later(row, due);
        }
        Ok(id)
    }

    /// The first account whose name holds `part` in any case, those with something to spend first.
    pub(super) fn account(&self, part: &str) -> Result<usize, ControlError> {
        let part = part.to_lowercase();
        let named = |place: &usize| self.ledger.accounts[*place].name.to_lowercase().contains(&part);
        let mut found: Vec<usize> = (0..self.ledger.accounts.len()).filter(named).collect();
        found.sort_by_key(|place| !self.ledger.accounts[*place].spendable());
        found.first().copied().ok_or(ControlError::UnknownAccount(part))
    }

    /// The balance of the account that [`Self::account`] finds.
    pub(super) fn balance(&self, part: &str) -> Option<Decimal> {
        let place = self.account(part).ok()?;
        self.ledger.accounts[place].balance
    }
}
