//! The view on a clock and a service of the tests' own.

mod cuts;
mod frames;
mod states;
mod truth;
mod updates;

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use zeroize::Zeroizing;

use super::keys::Action;
use super::model::{Effect, Event, Model, Msg, Setup};
use super::update::update;
use crate::barcode::shape::ShapeOptions;
use crate::error::{Cause, Error};
use crate::live::feed::CardBalances;
use crate::live::payment_watch::ChargeFilter;
use crate::model::account::{Account, AccountType};
use crate::model::money::Unit;
use crate::model::transaction::{Transaction, TransactionKind};
use crate::platform::clock::Moment;
use crate::secret::Payload;
use crate::terminal::capabilities::Capabilities;
use crate::terminal::pictures::PicturePreference;
use crate::terminal::repeated_options::RepeatedOptions;
use crate::terminal::screen::Screen;

pub const DIGITS: &str = "1770663851140506070809";

/// 2026-02-09 19:04:11 UTC, and so many seconds and milliseconds later.
pub fn at(seconds: u64, millis: u64) -> Moment {
    let steady = Duration::from_secs(seconds) + Duration::from_millis(millis);
    let start = Timestamp::from_second(1_770_663_851).unwrap();
    Moment { wall: start + steady, steady, boot: steady }
}

/// A view that is driven by hand.
pub struct View {
    pub model: Model,
    pub effects: Vec<Effect>,
}

impl View {
    /// An 80x24 view of a card, started at second 0.
    pub fn start() -> Self {
        Self::on(Screen::new(80, 24), None)
    }

    pub fn on(screen: Screen, until_charged: Option<Duration>) -> Self {
        let setup = Setup {
            profile: "default".to_owned(),
            school: Some("ucsc".to_owned()),
            school_name: Some("University of California, Santa Cruz".to_owned()),
            repeated: RepeatedOptions::default(),
            interval: Duration::from_secs(10),
            shape: ShapeOptions::default(),
            until_charged,
            charge_filter: ChargeFilter::default(),
            zone: TimeZone::UTC,
            terminal: Capabilities::modern(screen),
            pictures: PicturePreference::Auto,
            refused_at: None,
            seed: 7,
        };
        let mut view = Self { model: Model::new(setup, screen, at(0, 0)), effects: Vec::new() };
        view.tick(0);
        view
    }

    /// A view that shows a code and balances since second 0.
    pub fn live() -> Self {
        Self::live_on(Screen::new(80, 24), None)
    }

    pub fn live_on(screen: Screen, until_charged: Option<Duration>) -> Self {
        let mut view = Self::on(screen, until_charged);
        view.send(at(0, 0), Event::Accounts(Ok(accounts("15.50"))));
        view.send(at(0, 0), Event::Payload(Ok(payload(DIGITS))));
        view
    }

    /// Sends a message and keeps what it asks for.
    pub fn send(&mut self, at: Moment, event: Event) -> &[Effect] {
        self.effects = update(&mut self.model, Msg { at, event });
        &self.effects
    }

    pub fn tick(&mut self, second: u64) -> &[Effect] {
        self.send(at(second, 0), Event::Tick)
    }

    pub fn press(&mut self, second: u64, action: Action) -> &[Effect] {
        self.send(at(second, 0), Event::Key(action))
    }

    /// Time goes on to this second, each answered at once: with a code and these balances, or a failure.
    pub fn run(&mut self, seconds: std::ops::Range<u64>, answer: Result<&str, &Error>) {
        for second in seconds {
            self.tick(second);
            self.answer(at(second, 1), answer);
        }
    }

    /// Answers what was asked for last, and what that asks for.
    pub fn answer(&mut self, at: Moment, answer: Result<&str, &Error>) {
        let mut asked = self.effects.clone();
        while let Some(effect) = asked.pop() {
            let event = match effect {
                Effect::FetchPayload => Event::Payload(answer.map(|_| payload(DIGITS)).map_err(Clone::clone)),
                Effect::FetchAccounts => Event::Accounts(answer.map(accounts).map_err(Clone::clone)),
                Effect::FetchNewest => Event::Newest(answer.map(newest).map_err(Clone::clone)),
                Effect::FetchPatron => {
                    Event::Patron(answer.map(|_| Some("Sam Slug".to_owned())).map_err(Clone::clone))
                }
                _ => continue,
            };
            asked.extend_from_slice(self.send(at, event));
        }
    }
}

pub fn payload(text: &str) -> Payload {
    Payload::new(Zeroizing::new(text.to_owned()))
}

pub fn account(name: &str, balance: &str, unit: Unit) -> Account {
    Account {
        id: Some(name.to_lowercase().into()),
        name: name.into(),
        kind: if unit == Unit::Meals { AccountType::Meals } else { AccountType::DecliningBalance },
        balance: balance.parse().ok(),
        unit,
        usable: true,
        deposit_accepted: true,
        last_four: None,
        low: None,
    }
}

/// The card's accounts with so much on the first.
pub fn accounts(flexi: &str) -> CardBalances {
    let accounts = vec![
        account("Flexi Dollars", flexi, Unit::Usd),
        account("Slug Points", "7.22", Unit::Usd),
        account("Board", "42", Unit::Meals),
    ];
    CardBalances { accounts, plan: Some("Banana 5-Day".into()) }
}

/// A coffee that left so much on the first account.
pub fn coffee(after: &str) -> Transaction {
    Transaction {
        id: Some("t1".into()),
        key: None,
        kind: TransactionKind::Debit,
        amount: "4.50".parse().unwrap(),
        signed_amount: "-4.50".parse().unwrap(),
        balance_after: after.parse().ok(),
        occurred_at: at(5, 0).wall,
        posted_at: None,
        location: Some("Oakes \u{1b}[31mCafe".into()),
        location_id: None,
        account: Some("Flexi Dollars".into()),
        account_type: AccountType::DecliningBalance,
        unit: Unit::Usd,
    }
}

/// The newest transactions when so much is left on the first account: a coffee, and a deposit of the day before.
pub fn newest(after: &str) -> Vec<Transaction> {
    let deposit = Transaction {
        kind: TransactionKind::Deposit,
        amount: "50".parse().unwrap(),
        signed_amount: "50".parse().unwrap(),
        occurred_at: at(0, 0).wall - jiff::SignedDuration::from_hours(24),
        location: Some("Web Deposit".into()),
        ..coffee(after)
    };
    vec![coffee(after), deposit]
}

/// A refresh that failed for now.
pub fn timeout() -> Error {
    Error::new(Cause::Timeout, "the service did not respond within 10 s").hint("check the network")
}

/// The service does not know the device any more.
pub fn refused() -> Error {
    let cause = Cause::SignInRefused { code: Some("9510".to_owned()), unknown_device: true };
    Error::new(cause, "device not found").hint("the device is no longer linked; run: getcard login --replace")
}
