//! The context of a command: its parts are created on first use.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::auth::link::Linking;
use crate::auth::payload_limiter::PayloadLimiter;
use crate::auth::session::Session;
use crate::auth::validated_url;
use crate::cache::account_names::AccountNames;
use crate::error::{Cause, Error, Result};
use crate::get::client::Client;
use crate::get::http::Http;
use crate::get::method::Method;
use crate::get::observer::{CallRecord, Observer};
use crate::journal::Journal;
use crate::model::text::clean;
use crate::platform::clock::{Clock, SystemClock};
use crate::platform::notification;
use crate::platform::paths::Paths;
use crate::secret::{Device, DeviceId, Pin};
use crate::settings::{Settings, proxy};
use crate::store::entry::{CachedSession, Entry, Link};
use crate::store::entry_store::EntryStore;
use crate::store::file::FileStore;
use crate::store::keychain::Keychain;
use crate::store::lock::{self, LockGuard};
use crate::store::memory::Memory;
use crate::store::{Backend, EntryKey, StoreError, StoreKind};
use crate::terminal::passphrase;
use crate::terminal::ui::Ui;
use crate::terminal::wait_line;

/// One run of getcard.
pub struct App {
    pub ui: Ui,
    pub settings: Settings,
    /// Why the configuration file was ignored, for `doctor`.
    pub broken_config: Option<Error>,
    pub clock: Box<dyn Clock>,
    client: OnceCell<Client>,
    journal: OnceCell<Journal>,
    entry_store: OnceCell<EntryStore>,
    file_store: OnceCell<Arc<FileStore>>,
    warned_of_notifications: Cell<bool>,
}

impl App {
    /// Creates the context for these settings.
    #[must_use]
    pub fn new(ui: Ui, settings: Settings) -> Self {
        Self {
            ui,
            settings,
            broken_config: None,
            clock: Box::new(SystemClock),
            client: OnceCell::new(),
            journal: OnceCell::new(),
            entry_store: OnceCell::new(),
            file_store: OnceCell::new(),
            warned_of_notifications: Cell::new(false),
        }
    }

    /// The client of the service.
    ///
    /// # Errors
    /// If the platform's certificates or the proxy settings cannot be used.
    pub fn client(&self) -> Result<&Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = self.command_client(self.settings.retries)?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Creates a client that shows what it waits for.
    ///
    /// # Errors
    /// Like [`App::client`].
    pub fn command_client(&self, retries: usize) -> Result<Client> {
        let observer = Box::new(CommandObserver { journal: self.journal().clone() });
        Ok(self.new_client(retries)?.observed_by(observer))
    }

    /// Creates a client with up to `retries` retries, for a caller that retries in its own way.
    ///
    /// # Errors
    /// Like [`App::client`].
    pub fn new_client(&self, retries: usize) -> Result<Client> {
        let endpoint = &self.settings.endpoint;
        if !endpoint.is_sandbox() {
            proxy::check()?;
        }
        let http = Http::new(endpoint.url().clone(), self.settings.timeout, endpoint.is_sandbox())
            .map_err(|error| Error::new(Cause::NetworkSetup, error.to_string()))?;
        Ok(Client::new(Box::new(http), retries).observed_by(Box::new(self.journal().clone())))
    }

    /// Caches names for completion, as best effort; never in ephemeral mode.
    pub fn remember(&self, see: impl FnOnce(&mut AccountNames, &str)) {
        let Ok(paths) = Paths::of_user() else { return };
        if self.settings.ephemeral {
            return;
        }
        // Sandboxes differ in their ports, but all have the same names.
        let label = match &self.settings.endpoint {
            endpoint if endpoint.is_sandbox() => "sandbox".to_owned(),
            endpoint => format!("{}@{}", self.settings.profile, endpoint.origin()),
        };
        let before = AccountNames::load(paths.cache_dir());
        let mut known = before.clone();
        see(&mut known, &label);
        if known != before
            && let Err(error) = known.save(paths.cache_dir())
        {
            tracing::debug!(target: "getcard::cache::account_names", %error, "names for completion are not kept");
        }
    }

    /// Shows a desktop notification; failing to show any is only a warning, once.
    pub async fn notify(&self, title: &str, body: &str) {
        if let Err(why) = notification::show(&clean(title), &clean(body)).await
            && !self.warned_of_notifications.replace(true)
        {
            self.ui.warn(&format!("cannot show a desktop notification: {why}"));
        }
    }

    /// The journal of this profile; off in ephemeral mode or if the user turned it off.
    pub fn journal(&self) -> &Journal {
        self.journal.get_or_init(|| match Paths::of_user() {
            Ok(paths) if self.settings.journal => {
                let origin = self.settings.endpoint.origin();
                Journal::within(paths.state_dir(), &self.settings.profile, &origin)
            }
            _ => Journal::off(),
        })
    }

    /// The profile's entry, in the store of this run.
    ///
    /// # Errors
    /// If there is no home directory, or there are no usable credentials in ephemeral mode.
    pub async fn entry_store(&self) -> Result<&EntryStore> {
        if let Some(entry_store) = self.entry_store.get() {
            return Ok(entry_store);
        }
        let key =
            EntryKey { profile: self.settings.profile.clone(), origin: self.settings.endpoint.origin() };
        let entry_store = if self.settings.ephemeral {
            let entry_store = EntryStore::new(Arc::new(Memory::default()), key, None, Duration::ZERO);
            entry_store.save(&LockGuard::alone(), &self.ephemeral_entry()?).await?;
            entry_store
        } else {
            self.find_store(key).await?
        };
        Ok(self.entry_store.get_or_init(|| entry_store))
    }

    /// Loads the profile's entry from the store of this run.
    ///
    /// # Errors
    /// Like [`App::entry_store`], or if the store does not respond.
    pub async fn entry(&self) -> Result<Entry> {
        Ok(self.entry_store().await?.load().await?)
    }

    /// The store that has, or will have, the profile's entry.
    #[must_use]
    pub fn store_kind(&self) -> StoreKind {
        let found = self.entry_store.get().map(EntryStore::kind);
        found.or(self.settings.store).unwrap_or(StoreKind::Keychain)
    }

    /// The entry in the store that the user names, else in the keychain, unless that has no entry for the
    /// profile and a file store exists. A profile that was moved to the file store must not be linked a
    /// second time.
    async fn find_store(&self, key: EntryKey) -> Result<EntryStore> {
        let kind = self.settings.store.unwrap_or(StoreKind::Keychain);
        let chosen = self.entry_store_in(self.backend(kind).await?, key.clone())?;
        if self.settings.store.is_some() || !FileStore::new(Paths::of_user()?.data_dir()).exists() {
            return Ok(chosen);
        }
        match chosen.peek().await {
            Ok(entry) if entry.is_empty() => {}
            Err(StoreError::Absent(_)) => {}
            _ => return Ok(chosen),
        }
        self.entry_store_in(self.backend(StoreKind::File).await?, key)
    }

    /// Creates the backend of a store.
    ///
    /// # Errors
    /// If there is no home directory, or no passphrase for the file store.
    pub async fn backend(&self, kind: StoreKind) -> Result<Arc<dyn Backend>> {
        Ok(match kind {
            StoreKind::Keychain => Arc::new(self.keychain()),
            StoreKind::File => self.file_store().await?,
            StoreKind::Memory => Arc::new(Memory::default()),
        })
    }

    /// The keychain; it may show its password dialog only if a user is present.
    fn keychain(&self) -> Keychain {
        if !self.ui.can_ask() {
            return Keychain::default();
        }
        let ui = self.ui.clone();
        Keychain::with_person(move || ui.note("waiting for the keychain's password dialog…"))
    }

    /// The entry under `key` in a store, with the lock file that serializes changes to it.
    ///
    /// # Errors
    /// If there is no home directory.
    pub fn entry_store_in(&self, backend: Arc<dyn Backend>, key: EntryKey) -> Result<EntryStore> {
        let lock_file = match backend.kind() {
            StoreKind::Memory => None,
            // One lock for both stores, because an entry can move between them.
            StoreKind::Keychain | StoreKind::File => {
                Some(Paths::of_user()?.state_dir().join(lock::file_name(&key.label())))
            }
        };
        // The holder of the lock may make two calls with all their attempts.
        let attempts = u32::try_from(self.settings.retries + 1).unwrap_or(u32::MAX);
        let patience = self.settings.timeout.saturating_mul(attempts.saturating_mul(2));
        Ok(EntryStore::new(backend, key, lock_file, patience))
    }

    /// The file store; if its file exists, with the passphrase to open it.
    ///
    /// # Errors
    /// Like [`App::backend`].
    pub async fn file_store(&self) -> Result<Arc<FileStore>> {
        if let Some(store) = self.file_store.get() {
            return Ok(Arc::clone(store));
        }
        let store = Arc::new(FileStore::new(Paths::of_user()?.data_dir()));
        if store.exists() {
            let command = self.settings.file.passphrase_command.as_deref();
            store.give(passphrase::obtain(&self.ui, command, false).await?);
        }
        Ok(Arc::clone(self.file_store.get_or_init(|| store)))
    }

    /// Makes sure that a store can take a new entry: creating the file store needs a passphrase.
    ///
    /// # Errors
    /// Like [`App::backend`].
    pub async fn prepare_store(&self, kind: StoreKind) -> Result<()> {
        if kind == StoreKind::File {
            let store = self.file_store().await?;
            if !store.has_passphrase() {
                let command = self.settings.file.passphrase_command.as_deref();
                store.give(passphrase::obtain(&self.ui, command, !store.exists()).await?);
            }
        }
        Ok(())
    }

    /// A session of the linked device.
    ///
    /// # Errors
    /// Like [`App::client`] and [`App::entry_store`].
    pub async fn session(&self) -> Result<Session<'_>> {
        let entry_store = self.entry_store().await?;
        // Overlaps the keychain's response time with loading the platform's certificates.
        entry_store.read_ahead();
        Ok(Session::new(self.client()?, entry_store, &*self.clock))
    }

    /// A session of the linked device and the client for its calls, which connects while the store is being read.
    ///
    /// # Errors
    /// Like [`App::session`].
    pub async fn connect(&self) -> Result<(Session<'_>, &Client)> {
        let session = self.session().await?;
        let client = self.client()?;
        client.preconnect();
        Ok((session, client))
    }

    /// The rate limiter for this profile's payloads, shared by all processes of this user.
    #[must_use]
    pub fn payload_limiter(&self) -> PayloadLimiter<'_> {
        let lasting = !self.settings.ephemeral && self.settings.store != Some(StoreKind::Memory);
        let paths = lasting.then(Paths::of_user).and_then(Result::ok);
        let label = format!("{}@{} payload", self.settings.profile, self.settings.endpoint.origin());
        let lock_file = paths.map(|paths| paths.state_dir().join(lock::file_name(&label)));
        PayloadLimiter::new(lock_file, &*self.clock)
    }

    /// The steps of linking.
    ///
    /// # Errors
    /// Like [`App::client`] and [`App::entry_store`].
    pub async fn linking(&self) -> Result<Linking<'_>> {
        Ok(Linking {
            client: self.client()?,
            entry_store: self.entry_store().await?,
            clock: &*self.clock,
            time_limit: self.settings.timeout,
        })
    }

    /// The credentials of ephemeral mode, from the environment.
    fn ephemeral_entry(&self) -> Result<Entry> {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty()).map(Zeroizing::new);
        let now = self.clock.now();
        let wrong = |name: &str, why: &str| Error::new(Cause::Credentials, format!("{name}: {why}"));
        match (variable("GETCARD_VALIDATED_URL"), variable("GETCARD_DEVICE_ID"), variable("GETCARD_PIN")) {
            (Some(url), None, None) => {
                let session = validated_url::parse(&url)?.session;
                Ok(Entry {
                    session: Some(CachedSession { id: session, obtained_at: now }),
                    ..Entry::default()
                })
            }
            (None, Some(id), Some(pin)) => {
                let id = DeviceId::new(id.as_str())
                    .map_err(|error| wrong("GETCARD_DEVICE_ID", &error.to_string()))?;
                let pin = Pin::new(pin.as_str()).map_err(|error| wrong("GETCARD_PIN", &error.to_string()))?;
                Ok(Entry { link: Some(ephemeral_link(Device { id, pin }, now)), ..Entry::default() })
            }
            (None, None, None) => {
                Err(Error::new(Cause::NotLinked, "no credentials given for ephemeral mode")
                    .hint("set GETCARD_VALIDATED_URL, or GETCARD_DEVICE_ID and GETCARD_PIN"))
            }
            _ => Err(Error::new(
                Cause::Credentials,
                "ephemeral mode needs either a validated URL or a device id with its PIN",
            )
            .hint("set GETCARD_VALIDATED_URL, or GETCARD_DEVICE_ID and GETCARD_PIN")),
        }
    }
}

fn ephemeral_link(device: Device, now: Timestamp) -> Link {
    Link { device, school: None, linked_at: now, last_validated_at: now }
}

/// Writes the journal, and shows what a command is waiting for.
struct CommandObserver {
    journal: Journal,
}

impl Observer for CommandObserver {
    fn attempt_begins(&self, method: &Method, attempt: u32) {
        let attempt = if attempt > 1 { format!(", attempt {attempt}") } else { String::new() };
        wait_line::begin(format!("waiting for the service ({method}{attempt})…"));
    }

    fn call_ended(&self, call: &CallRecord) {
        wait_line::end();
        self.journal.call_ended(call);
    }
}
