//! A running sandbox, and its control from the same process.

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

/// A simulated GET service, on 127.0.0.1 only. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    shared: Arc<Shared>,
    address: SocketAddr,
    secure: bool,
    school: String,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Starts a sandbox on the current tokio runtime, of whatever flavour, with I/O and time enabled.
    ///
    /// # Errors
    /// When the port is taken, or the certificate or its key cannot be read.
    pub async fn start(options: Options) -> io::Result<Self> {
        let tls = options.tls.as_ref().map(acceptor).transpose()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(World::new(&options, Timestamp::now())));
        let server = tokio::spawn(serve(listener, tls, Arc::clone(&shared), options.charge_every));
        Ok(Self { shared, address, secure: options.tls.is_some(), school: options.school, server })
    }

    /// Stops the sandbox; when this returns, its port is free and its connections are closed.
    pub async fn shutdown(mut self) {
        self.server.abort();
        // The only news here is that it was aborted.
        let _ = (&mut self.server).await;
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a client takes as its `--api-url`: `http://127.0.0.1:PORT/GETServices/services/json`, or
    /// with TLS `https://localhost:PORT/…`, for a certificate names hosts.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("{}{BASE}", self.origin())
    }

    /// Where a browser signs in, as a template: `{school}` stands for the short name.
    #[must_use]
    pub fn login_url(&self) -> String {
        format!("{}/{{school}}/full/login.php?mobileapp=1", self.origin())
    }

    /// Where a sign-in has landed, with a new live web session in it. Each call makes another one.
    #[must_use]
    pub fn validated_url(&self) -> String {
        let (origin, school, session) = (self.origin(), &self.school, self.new_web_session());
        format!("{origin}/{school}/{VALIDATOR}?sessionId={session}")
    }

    /// Charges the first account whose name holds `account`, in any case, usable ones first; an empty
    /// text is the first usable one. The balance falls at once; the transaction, whose id this gives,
    /// is listed at once or after [`Options::posting_delay`].
    ///
    /// # Errors
    /// When there is no such account, or it cannot be charged with that.
    pub fn charge(&self, account: &str, amount: Decimal, location: &str) -> Result<String, ControlError> {
        let mut world = self.shared.world();
        world.transact(Kind::Debit, account, amount, location, Timestamp::now())
    }

    /// Fills an account up, in the same way.
    ///
    /// # Errors
    /// When there is no such account, or it takes no such amount.
    pub fn deposit(&self, account: &str, amount: Decimal, location: &str) -> Result<String, ControlError> {
        let mut world = self.shared.world();
        world.transact(Kind::Deposit, account, amount, location, Timestamp::now())
    }

    /// Lists every transaction that waits for its posting delay.
    pub fn post_pending(&self) {
        self.shared.world().ledger.post_all();
    }

    /// Changes [`Options::posting_delay`] for charges from now on.
    pub fn set_posting_delay(&self, delay: Duration) {
        self.shared.world().posting_delay = delay;
    }

    /// Changes [`Options::latency`] for calls from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.shared.world().latency = latency;
    }

    /// The balance of the account that [`Self::charge`] would find; None for none.
    #[must_use]
    pub fn balance(&self, account: &str) -> Option<Decimal> {
        self.shared.world().balance(account)
    }

    /// Makes one transaction of an account claim a resulting balance that is off by `difference`, and
    /// gives its id. The step to it and the step from it no longer add up; every other one does.
    ///
    /// # Errors
    /// When there is no such account, or it has too few transactions.
    pub fn tamper_balance(&self, account: &str, difference: Decimal) -> Result<String, ControlError> {
        self.shared.world().tamper(account, difference)
    }

    /// Ends every session of every kind, those of the web sign-in included.
    pub fn end_sessions(&self) {
        self.shared.world().sessions.end_all();
    }

    /// The phone app signs in: the sessions of every device end.
    pub fn steal_session(&self) {
        self.shared.world().steal_session(Timestamp::now());
    }

    /// Deletes every device and its sessions.
    pub fn revoke_devices(&self) {
        self.shared.world().revoke_devices();
    }

    /// The ids of the devices that can sign in, in order.
    #[must_use]
    pub fn live_devices(&self) -> Vec<String> {
        self.shared.world().devices.live()
    }

    /// The id of a new web session, as a sign-in in a browser makes it.
    #[must_use]
    pub fn new_web_session(&self) -> String {
        self.shared.world().new_web_session(Timestamp::now())
    }

    /// Every device, lost ones too, in the order of the ids.
    #[must_use]
    pub fn devices(&self) -> Vec<DeviceState> {
        self.shared.world().devices.list()
    }

    /// Marks a device as lost, as the service does: it cannot sign in any more.
    ///
    /// # Errors
    /// When there is no such device.
    pub fn mark_device_lost(&self, device: &str) -> Result<(), ControlError> {
        self.shared.world().mark_device_lost(device)
    }

    /// Whether the card is reported lost.
    #[must_use]
    pub fn card_is_lost(&self) -> bool {
        self.shared.world().card.lost
    }

    /// Sets a setting of the school, such as `get.feature.enable_lost_card`; None removes it.
    ///
    /// # Errors
    /// When the name is not `DOMAIN.CATEGORY.NAME`.
    pub fn set_setting(&self, name: &str, value: Option<&str>) -> Result<(), ControlError> {
        self.shared.world().set_setting(name, value)
    }

    /// Lets the phone app sign in every so often, which ends the sessions of every device each time.
    pub fn set_phone(&self, every: Option<Duration>) {
        self.shared.world().set_phone(every, Timestamp::now());
    }

    /// How often a method was called, with its service before a dot or without, however the calls ended.
    #[must_use]
    pub fn hits(&self, method: &str) -> usize {
        self.shared.world().log.hits(method)
    }

    /// How many sign-ins of devices succeeded.
    #[must_use]
    pub fn sign_ins(&self) -> usize {
        self.shared.world().log.sign_ins
    }

    /// The latest requests (4096 and 8 MiB at most), oldest first, each with how it ended.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.world().log.requests()
    }

    /// Replaces all faults; calls are counted from now.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.shared.world().set_faults(faults);
    }

    /// Scripts the barcode payload: empty, null, an object, too long; None for the true one.
    pub fn set_payload(&self, payload: Option<Value>) {
        self.override_response("retrievePatronBarcodePayload", payload);
    }

    /// Scripts the response of a method; None lets it answer the truth again. The call is still
    /// processed, and one that fails (a dead session) fails as ever.
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
