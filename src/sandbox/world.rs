//! The sandbox's state, without I/O: each call brings its own time.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::sandbox::auth::devices::Devices;
use crate::sandbox::auth::sessions::{Kind, Sessions};
use crate::sandbox::fault::Faults;
use crate::sandbox::options::Options;
use crate::sandbox::patron::history::{self, Shape};
use crate::sandbox::patron::ledger::{Entry, Ledger};
use crate::sandbox::patron::opening::patron;
use crate::sandbox::patron::profile::{Card, Owner};
use crate::sandbox::patron::random::Random;
use crate::sandbox::replay::Replay;
use crate::sandbox::request_log::RequestLog;
use crate::sandbox::school::settings::Settings;
use crate::sandbox::wire::call::Call;
use crate::sandbox::wire::date;
use crate::sandbox::wire::exception::Exception;
use crate::sandbox::wire::names;

/// The patron's phone app, which signs in at an interval.
#[derive(Clone, Copy, Debug)]
struct Phone {
    every: SignedDuration,
    next: Timestamp,
}

/// The simulated service's state.
#[derive(Clone, Debug)]
pub struct World {
    pub owner: Owner,
    pub card: Card,
    pub ledger: Ledger,
    pub sessions: Sessions,
    pub devices: Devices,
    pub settings: Settings,
    pub log: RequestLog,
    pub faults: Faults,
    pub replay: Replay,
    /// Scripted responses by method name.
    scripts: Vec<(String, Value)>,
    phone: Option<Phone>,
    pub latency: Duration,
    pub posting_delay: Duration,
    pub random: Random,
    pub seed: u64,
}

impl World {
    pub fn new(options: &Options, now: Timestamp) -> Self {
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
            card: Card::default(),
            ledger,
            sessions: Sessions::new(options.session_lifetime, options.web_session_lifetime),
            devices: Devices::default(),
            settings: Settings::default(),
            log: RequestLog::default(),
            faults: Faults::new(options.faults.clone()),
            replay: Replay::new(options.replay.clone().unwrap_or_default()),
            scripts: Vec::new(),
            phone: None,
            latency: options.latency,
            posting_delay: options.posting_delay,
            random,
            seed: options.seed,
        }
    }

    /// Does everything that is due at `now`: pending transactions are listed and the phone app signs in. The
    /// state is not observable between calls, so doing this before each call is enough.
    pub fn catch_up(&mut self, now: Timestamp) {
        self.ledger.post_due(now);
        let Some(phone) = &mut self.phone else { return };
        if phone.next <= now {
            phone.next = now.checked_add(phone.every).unwrap_or(Timestamp::MAX);
            self.sessions.open(Kind::Phone, now);
        }
    }

    /// Makes the phone app sign in at this interval from `now` on, or never again.
    pub fn set_phone(&mut self, every: Option<Duration>, now: Timestamp) {
        self.phone = every.filter(|every| !every.is_zero()).map(|every| {
            let every = SignedDuration::try_from(every).unwrap_or(SignedDuration::MAX);
            Phone { every, next: now.checked_add(every).unwrap_or(Timestamp::MAX) }
        });
    }

    /// Requires a live session of the patron.
    pub fn patron_session(&self, call: &Call<'_>) -> Result<(), Exception> {
        let session = call.params().text("sessionId")?;
        self.sessions.patron(session, call.now)
    }

    /// Requires any live session.
    pub fn any_session(&self, call: &Call<'_>) -> Result<(), Exception> {
        let session = call.params().text("sessionId")?;
        self.sessions.system(session, call.now).or_else(|_| self.sessions.patron(session, call.now))
    }

    pub fn scripted(&self, service: &str, method: &str) -> Option<&Value> {
        let script = self.scripts.iter().find(|(name, _)| names::means(name, service, method));
        script.map(|(_, response)| response)
    }

    /// Sets or clears the scripted response of a method.
    pub fn script(&mut self, method: &str, response: Option<Value>) {
        self.scripts.retain(|(name, _)| name != method);
        self.scripts.extend(response.map(|response| (method.to_owned(), response)));
    }

    /// Books an entry and lists its transaction after the posting delay. Returns the transaction's id; `None`
    /// if the account has no balance.
    pub fn book(&mut self, mut entry: Entry) -> Option<String> {
        entry.at = date::to_millisecond(entry.at);
        let at = entry.at;
        let row = self.ledger.book(entry)?;
        let id = row.id();
        if self.posting_delay.is_zero() {
            self.ledger.list(row);
        } else {
            // A due date out of range means "until `post_pending`".
            let due = at.checked_add(self.posting_delay).unwrap_or(Timestamp::MAX);
            self.ledger.list_later(row, due);
        }
        Some(id)
    }

    /// The index of the first account whose name contains `part` (case-insensitive), spendable accounts first.
    pub fn account(&self, part: &str) -> Option<usize> {
        let part = part.to_lowercase();
        let named = |place: &usize| self.ledger.accounts[*place].name.to_lowercase().contains(&part);
        let mut found: Vec<usize> = (0..self.ledger.accounts.len()).filter(named).collect();
        found.sort_by_key(|place| !self.ledger.accounts[*place].spendable());
        found.first().copied()
    }

    /// The balance of the account that [`Self::account`] finds.
    pub fn balance(&self, part: &str) -> Option<Decimal> {
        self.ledger.accounts[self.account(part)?].balance
    }
}
