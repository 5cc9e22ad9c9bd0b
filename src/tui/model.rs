//! Everything the view knows: what it was set up with, what the service answered, what the user pressed.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::freshness::Freshness;
use super::keys::Action;
use super::layout::{Stage, Wishes};
use crate::barcode::shape::ShapeOptions;
use crate::error::{Error, Result};
use crate::live::payment_watch::{Change, Charge, ChargeFilter, PaymentWatch, ReceiptQuery};
use crate::live::polled::Polled;
use crate::model::account::Account;
use crate::model::transaction::Transaction;
use crate::platform::clock::Moment;
use crate::secret::Payload;
use crate::terminal::screen::{Look, Screen};

/// What the view is started with.
pub struct Setup {
    /// The profile's name.
    pub profile: String,
    /// The school, where it is known.
    pub school: Option<String>,
    /// How often the code is refreshed.
    pub interval: Duration,
    /// What the user asked for of the barcode's shape.
    pub shape: ShapeOptions,
    /// End when the card was charged, or after this long without.
    pub until_charged: Option<Duration>,
    /// Which charges count.
    pub charge_filter: ChargeFilter,
    /// The time zone of the user.
    pub zone: TimeZone,
    /// How the terminal is drawn on.
    pub look: Look,
    /// Where chance begins.
    pub seed: u32,
}

/// Why the view ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// By `q`.
    Quit,
    /// By Ctrl-C.
    Interrupted,
    /// The card was charged, and that was waited for.
    Charged(Charge),
    /// It was not charged in time.
    Expired,
    /// No code will come any more.
    Failed(Error),
    /// The terminal is gone.
    HungUp,
}

/// Something that happened, and when.
pub struct Msg {
    /// When.
    pub at: Moment,
    /// What.
    pub event: Event,
}

/// What can happen.
pub enum Event {
    /// Time has passed.
    Tick,
    /// A key was pressed.
    Key(Action),
    /// The terminal has another size.
    Resized(Screen),
    /// The terminal was given to the shell and came back.
    Resumed(Screen),
    /// The service answered with a code.
    Payload(Result<Payload>),
    /// The service answered with the accounts.
    Accounts(Result<Vec<Account>>),
    /// The service answered with the newest transactions.
    Transactions(Result<Vec<Transaction>>),
}

/// What the loop is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask for a code.
    FetchPayload,
    /// Ask for the accounts.
    FetchAccounts,
    /// Ask for the newest transactions.
    FetchTransactions(ReceiptQuery),
    /// Give up what is under way: the machine slept, and the connections with it.
    Abandon,
    /// Give the terminal to the shell until it comes back.
    Suspend,
    /// Draw every cell anew.
    Repaint,
    /// Tell whoever waits for the charge.
    Report(Change),
}

/// The view's state.
pub struct Model {
    /// The moment of the last message.
    pub now: Moment,
    /// What it was started with.
    pub setup: Setup,
    /// The terminal.
    pub screen: Screen,
    /// The code.
    pub code: Polled<Payload>,
    /// The accounts in scope.
    pub accounts: Polled<Vec<Account>>,
    /// Whether nothing is refreshed by itself.
    pub paused: bool,
    /// Whether the keys are listed in place of the barcode.
    pub help: bool,
    /// The barcode's shape and size.
    pub wishes: Wishes,
    /// Whether the card is charged.
    pub watch: PaymentWatch,
    /// The last charge seen, and when.
    pub paid: Option<(Charge, Moment)>,
    /// Where everything goes.
    pub stage: Stage,
    /// Set when it is over.
    pub end: Option<End>,
    chance: u32,
}

impl Model {
    /// The state at the start, before anything is asked for.
    #[must_use]
    pub fn new(setup: Setup, screen: Screen, now: Moment) -> Self {
        let pixels = setup.look.graphics.is_some();
        let wishes = Wishes { shape: setup.shape, pixels, ..Wishes::default() };
        Self {
            now,
            screen,
            code: Polled::new(setup.interval),
            accounts: Polled::new(setup.interval),
            paused: false,
            help: false,
            wishes,
            watch: PaymentWatch::new(now, setup.interval, setup.until_charged)
                .only(setup.charge_filter.clone()),
            paid: None,
            stage: Stage::plan(None, screen, wishes),
            end: None,
            chance: setup.seed | 1,
            setup,
        }
    }

    /// What the code is worth now.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        Freshness::of(self.code.age(self.now), self.code.failure.is_some())
    }

    /// Divides the screen anew.
    pub fn restage(&mut self) {
        let payload = self.code.latest.as_ref().map(|(payload, _)| payload.expose());
        self.stage = Stage::plan(payload, self.screen, self.wishes);
    }

    /// How long until something changes by itself.
    #[must_use]
    pub fn wait(&self) -> Duration {
        let now = self.now;
        let age = self.code.age(now).unwrap_or(now.steady);
        // The next whole second of the age, for the counters.
        let second = Duration::from_nanos((1_000_000_000 - age.subsec_nanos()).into());
        let due = |wait: Option<Duration>| wait.filter(|_| !self.paused);
        let waits = [due(self.code.pace.wait(now)), due(self.accounts.pace.wait(now)), self.watch.wait(now)];
        waits.into_iter().flatten().fold(second, Duration::min).max(Duration::from_millis(1))
    }

    /// A number from 0 to 1, by the method of Marsaglia (xorshift).
    pub fn jitter(&mut self) -> f32 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 17;
        self.chance ^= self.chance << 5;
        f32::from(u16::try_from(self.chance >> 16).unwrap_or_default()) / f32::from(u16::MAX)
    }
}
