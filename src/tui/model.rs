//! Everything the view knows: its setup, the service's replies, and the user's keys.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::freshness::Freshness;
use super::keys::Action;
use super::layout::{ScreenLayout, TextNeeds};
use super::subject::BarcodeOptions;
use crate::barcode::shape::ShapeOptions;
use crate::error::{Error, Result};
use crate::live::feed::CardBalances;
use crate::live::payment_watch::{Change, Charge, ChargeFilter, PaymentWatch, ReceiptQuery};
use crate::live::polled::Polled;
use crate::model::account::Account;
use crate::model::transaction::Transaction;
use crate::platform::clock::Moment;
use crate::secret::Payload;
use crate::terminal::capabilities::Capabilities;
use crate::terminal::pictures::PicturePreference;
use crate::terminal::query::Answers;
use crate::terminal::repeated_options::RepeatedOptions;
use crate::terminal::screen::Screen;

/// How often the panel's data is fetched, if nothing happens.
const PANEL_INTERVAL: Duration = Duration::from_secs(120);

/// What the view is started with.
pub struct Setup {
    /// The profile's name.
    pub profile: String,
    /// The school's short name, if known.
    pub school: Option<String>,
    /// The school's name, if known.
    pub school_name: Option<String>,
    /// What suggested commands must repeat.
    pub repeated: RepeatedOptions,
    /// How often the code is refreshed.
    pub interval: Duration,
    /// What the user asked for of the barcode's shape.
    pub shape: ShapeOptions,
    /// End when the card was charged, or after this long without a charge.
    pub until_charged: Option<Duration>,
    /// Which charges count.
    pub charge_filter: ChargeFilter,
    /// The time zone of the user.
    pub zone: TimeZone,
    /// What the terminal can do.
    pub terminal: Capabilities,
    /// What the user wants of pictures.
    pub pictures: PicturePreference,
    /// When the service last refused the link before the view started, if it did.
    pub refused_at: Option<Timestamp>,
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
    /// The terminal replied to the query for its capabilities, or did not.
    Answered(Answers),
    /// The service returned a code.
    Payload(Result<Payload>),
    /// The service returned the accounts.
    Accounts(Result<CardBalances>),
    /// The service returned the transactions that may be the receipt.
    Transactions(Result<Vec<Transaction>>),
    /// The service returned the latest transactions of every account.
    Newest(Result<Vec<Transaction>>),
    /// The service returned whose card it is.
    Patron(Result<Option<String>>),
}

/// What the loop is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask for a code.
    FetchPayload,
    /// Ask for the accounts.
    FetchAccounts,
    /// Ask for the transactions that may be the receipt.
    FetchTransactions(ReceiptQuery),
    /// Ask for the newest transactions of every account.
    FetchNewest,
    /// Ask whose card it is.
    FetchPatron,
    /// Give up pending requests: the machine slept, so the connections are gone.
    Abandon,
    /// Give the terminal to the shell until the view resumes.
    Suspend,
    /// Draw every cell again.
    Repaint,
    /// Report to the caller that waits for the charge.
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
    pub code: Polled<Payload>,
    /// What the card holds.
    pub accounts: Polled<CardBalances>,
    /// The newest transactions of every account, for the panel.
    pub newest: Polled<Vec<Transaction>>,
    /// Whose card it is, for the panel.
    pub patron: Polled<Option<String>>,
    /// Whether nothing is refreshed by itself.
    pub paused: bool,
    /// Whether the keys are listed in place of the barcode.
    pub help: bool,
    /// The barcode's shape and size.
    pub options: BarcodeOptions,
    /// Whether the card is charged.
    pub watch: PaymentWatch,
    /// The last charge seen, and when.
    pub paid: Option<(Charge, Moment)>,
    /// The message about a key that had no effect, and when it was shown.
    pub notice: Option<(String, Moment)>,
    /// When the service first refused the link while the view was open.
    pub refused_at: Option<Timestamp>,
    /// Where everything goes.
    pub layout: ScreenLayout,
    /// Set when it is over.
    pub end: Option<End>,
    /// The text that it was divided for.
    pub needs: TextNeeds,
    chance: u32,
}

impl Model {
    /// The initial state, before anything is requested.
    #[must_use]
    pub fn new(setup: Setup, screen: Screen, now: Moment) -> Self {
        let pixels = setup.terminal.pictures.is_some();
        let glyphs = setup.terminal.glyphs();
        let options = BarcodeOptions { shape: setup.shape, pixels, glyphs, ..BarcodeOptions::default() };
        Self {
            now,
            screen,
            code: Polled::new(setup.interval),
            accounts: Polled::new(setup.interval),
            newest: Polled::new(PANEL_INTERVAL),
            patron: Polled::new(PANEL_INTERVAL),
            paused: false,
            help: false,
            options,
            watch: PaymentWatch::new(now, setup.interval, setup.until_charged)
                .only(setup.charge_filter.clone()),
            paid: None,
            notice: None,
            refused_at: None,
            layout: ScreenLayout::plan(None, screen, options, TextNeeds::default()),
            end: None,
            needs: TextNeeds::default(),
            chance: setup.seed | 1,
            setup,
        }
    }

    /// What the code is worth now.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        Freshness::of(self.code.age(self.now), self.code.failure.is_some())
    }

    /// Whether no barcode may be seen.
    #[must_use]
    pub fn has_overlay(&self) -> bool {
        self.freshness().hides_barcode()
    }

    /// The accounts, once they are known.
    #[must_use]
    pub fn accounts(&self) -> Option<&[Account]> {
        self.accounts.latest.as_ref().map(|(holdings, _)| holdings.accounts.as_slice())
    }

    /// How long until something changes by itself.
    #[must_use]
    pub fn wait(&self) -> Duration {
        let now = self.now;
        let age = self.code.age(now).unwrap_or(now.steady);
        // The next whole second of the age, for the counters.
        let second = Duration::from_nanos((1_000_000_000 - age.subsec_nanos()).into());
        let due = |wait: Option<Duration>| wait.filter(|_| !self.paused);
        let panel = |wait: Option<Duration>| due(wait).filter(|_| self.asks_for_panel());
        let waits = [
            due(self.code.pace.wait(now)),
            due(self.accounts.pace.wait(now)),
            panel(self.newest.pace.wait(now)),
            panel(self.patron.pace.wait(now)).filter(|_| self.patron.latest.is_none()),
            self.watch.wait(now),
        ];
        waits.into_iter().flatten().fold(second, Duration::min).max(Duration::from_millis(1))
    }

    /// Whether there is a panel to fill; the code comes first.
    #[must_use]
    pub fn asks_for_panel(&self) -> bool {
        self.layout.panel.is_some() && self.code.latest.is_some()
    }

    /// A number from 0 to 1, by the method of Marsaglia (xorshift).
    pub fn jitter(&mut self) -> f32 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 17;
        self.chance ^= self.chance << 5;
        f32::from(u16::try_from(self.chance >> 16).unwrap_or_default()) / f32::from(u16::MAX)
    }
}
