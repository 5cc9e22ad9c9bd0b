//! A running sandbox, controlled from the same process.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::sandbox::auth::devices::DeviceState;
use crate::sandbox::control::error::ControlError;
use crate::sandbox::fault::Fault;
use crate::sandbox::options::Options;
use crate::sandbox::patron::transaction::Kind;
use crate::sandbox::request_log::Recorded;
use crate::sandbox::server::call::BASE;
use crate::sandbox::server::listener::serve;
use crate::sandbox::server::pages::VALIDATOR;
use crate::sandbox::server::shared::Shared;
use crate::sandbox::server::tls::acceptor;
use crate::sandbox::world::World;

/// A simulated GET service on 127.0.0.1, stopped on drop.
#[derive(Debug)]
pub struct Sandbox {
    shared: Arc<Shared>,
    address: SocketAddr,
    secure: bool,
    school: String,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Starts a sandbox on the current tokio runtime (any flavor, with I/O and time enabled).
    ///
    /// # Errors
    /// If the port is taken, or the certificate or its key cannot be read.
    pub async fn start(options: Options) -> io::Result<Self> {
        let tls = options.tls.as_ref().map(acceptor).transpose()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(World::new(&options, Timestamp::now())));
        let server = tokio::spawn(serve(listener, tls, Arc::clone(&shared), options.charge_every));
        Ok(Self { shared, address, secure: options.tls.is_some(), school: options.school, server })
    }

    /// Stops the sandbox and waits until its port is free and its connections are closed.
    pub async fn shutdown(mut self) {
        self.server.abort();
        // The only possible error is the abort itself.
        let _ = (&mut self.server).await;
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The `--api-url` for a client: `http://127.0.0.1:PORT/GETServices/services/json`, or with TLS
    /// `https://localhost:PORT/…`, because a certificate names a host.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("{}{BASE}", self.origin())
    }

    /// The browser sign-in page as a URL template with the placeholder `{school}` for the short name.
    #[must_use]
    pub fn login_url(&self) -> String {
        format!("{}/{{school}}/full/login.php?mobileapp=1", self.origin())
    }

    /// The URL on which a browser sign-in ends, with a new web session per call.
    #[must_use]
    pub fn validated_url(&self) -> String {
        let (origin, school, session) = (self.origin(), &self.school, self.new_web_session());
        format!("{origin}/{school}/{VALIDATOR}?sessionId={session}")
    }

    /// Charges the first account whose name contains `account` (case-insensitive, spendable accounts first;
    /// empty selects the first spendable one). The balance falls at once; the transaction, whose id is
    /// returned, is listed after [`Options::posting_delay`].
    ///
    /// # Errors
    /// If there is no such account, or it cannot be charged this amount.
    pub fn charge(&self, account: &str, amount: Decimal, location: &str) -> Result<String, ControlError> {
        let mut world = self.shared.world();
        world.transact(Kind::Debit, account, amount, location, Timestamp::now())
    }

    /// Deposits into the account that [`Self::charge`] would find.
    ///
    /// # Errors
    /// If there is no such account, or it cannot take this amount.
    pub fn deposit(&self, account: &str, amount: Decimal, location: &str) -> Result<String, ControlError> {
        let mut world = self.shared.world();
        world.transact(Kind::Deposit, account, amount, location, Timestamp::now())
    }

    /// Lists every transaction that still waits for its posting delay.
    pub fn post_pending(&self) {
        self.shared.world().ledger.post_all();
    }

    /// Changes [`Options::posting_delay`] for future charges.
    pub fn set_posting_delay(&self, delay: Duration) {
        self.shared.world().posting_delay = delay;
    }

    /// Changes [`Options::latency`] for future calls.
    pub fn set_latency(&self, latency: Duration) {
        self.shared.world().latency = latency;
    }

    /// The balance of the account that [`Self::charge`] would find; `None` if there is none.
    #[must_use]
    pub fn balance(&self, account: &str) -> Option<Decimal> {
        self.shared.world().balance(account)
    }

    /// Makes one transaction of an account report a resulting balance that is off by `difference`, and
    /// returns its id. Only the steps to and from this transaction no longer add up.
    ///
    /// # Errors
    /// If there is no such account, or it has too few transactions.
    pub fn tamper_balance(&self, account: &str, difference: Decimal) -> Result<String, ControlError> {
        self.shared.world().tamper(account, difference)
    }

    /// Ends all sessions of all kinds, including web sessions.
    pub fn end_sessions(&self) {
        self.shared.world().sessions.end_all();
    }

    /// Simulates a sign-in of the phone app, which ends the sessions of every device.
    pub fn steal_session(&self) {
        self.shared.world().steal_session(Timestamp::now());
    }

    /// Deletes all devices and ends their sessions.
    pub fn revoke_devices(&self) {
        self.shared.world().revoke_devices();
    }

    /// The ids of the devices that can sign in, sorted.
    #[must_use]
    pub fn live_devices(&self) -> Vec<String> {
        self.shared.world().devices.live()
    }

    /// Opens a web session, as a browser sign-in does, and returns its id.
    #[must_use]
    pub fn new_web_session(&self) -> String {
        self.shared.world().new_web_session(Timestamp::now())
    }

    /// Every device, including lost ones, sorted by id.
    #[must_use]
    pub fn devices(&self) -> Vec<DeviceState> {
        self.shared.world().devices.list()
    }

    /// Marks a device lost: it can no longer sign in.
    ///
    /// # Errors
    /// If there is no such device.
    pub fn mark_device_lost(&self, device: &str) -> Result<(), ControlError> {
        self.shared.world().mark_device_lost(device)
    }

    #[must_use]
    pub fn card_is_lost(&self) -> bool {
        self.shared.world().card.lost
    }

    /// Sets a school setting such as `get.feature.enable_lost_card`; `None` removes it.
    ///
    /// # Errors
    /// If the name is not `DOMAIN.CATEGORY.NAME`.
    pub fn set_setting(&self, name: &str, value: Option<&str>) -> Result<(), ControlError> {
        self.shared.world().set_setting(name, value)
    }

    /// Makes the phone app sign in at this interval, each time ending the sessions of every device.
    pub fn set_phone(&self, every: Option<Duration>) {
        self.shared.world().set_phone(every, Timestamp::now());
    }

    /// How often a method (`method` or `service.method`) was called, whatever the outcome.
    #[must_use]
    pub fn hits(&self, method: &str) -> usize {
        self.shared.world().log.hits(method)
    }

    /// The number of successful device sign-ins.
    #[must_use]
    pub fn sign_ins(&self) -> usize {
        self.shared.world().log.sign_ins
    }

    /// The most recent requests (at most 4096 and 8 MiB), oldest first, with their outcomes.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.world().log.requests()
    }

    /// Replaces all faults and restarts their call counts.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.shared.world().set_faults(faults);
    }

    /// Scripts the barcode payload (empty, null, an object, too long, …); `None` restores the generated one.
    pub fn set_payload(&self, payload: Option<Value>) {
        self.override_response("retrievePatronBarcodePayload", payload);
    }

    /// Scripts the response of a method; `None` restores the simulated one. The call is still processed, and
    /// one that fails (such as on an expired session) still fails.
    pub fn override_response(&self, method: &str, response: Option<Value>) {
        self.shared.world().script(method, response);
    }

    fn origin(&self) -> String {
        if self.secure {
            format!("https://localhost:{}", self.address.port())
        } else {
            format!("http://{}", self.address)
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}
