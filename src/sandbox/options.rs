//! The configuration of a sandbox.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::sandbox::fault::Fault;
use crate::sandbox::replay::Recording;

/// How a sandbox behaves. `Options::default()` is a healthy service with a plausible history.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 picks a free one.
    pub port: u16,
    /// The minimum duration of a call.
    pub latency: Duration,
    /// The length of the history; `None` for fourteen months at about three a day (1278 transactions). A
    /// longer history is packed into the same fourteen months.
    pub transactions: Option<usize>,
    /// How many transactions in the middle of the history share one instant, whatever the page size.
    pub shared_instant: usize,
    /// The end of the history; `None` for the start of the sandbox.
    pub history_until: Option<Timestamp>,
    /// The same seed gives the same ids, amounts and places.
    pub seed: u64,
    /// The initial faults.
    pub faults: Vec<Fault>,
    /// Recorded replies, served instead of simulated ones.
    pub replay: Option<Recording>,
    /// The lifetime of device, phone app and system sessions; `None`: forever. The real one is unknown.
    pub session_lifetime: Option<Duration>,
    /// The lifetime of web sessions; `None`: forever.
    pub web_session_lifetime: Option<Duration>,
    /// The delay between a live charge and its listing; the balance falls at once. `Duration::MAX` waits for
    /// [`Sandbox::post_pending`](crate::sandbox::Sandbox::post_pending).
    pub posting_delay: Duration,
    /// The interval of random purchases; `None`: never.
    pub charge_every: Option<Duration>,
    /// The school in the validated URL: a short name from the lookup list.
    pub school: String,
    /// Serve TLS with this certificate, under the name `localhost`; `None` for plain HTTP.
    pub tls: Option<TlsIdentity>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            latency: Duration::ZERO,
            transactions: None,
            shared_instant: 4,
            history_until: None,
            seed: 417,
            faults: Vec::new(),
            replay: None,
            session_lifetime: Some(Duration::from_secs(30 * 60)),
            web_session_lifetime: Some(Duration::from_secs(2 * 60 * 60)),
            posting_delay: Duration::ZERO,
            charge_every: None,
            school: "ucsc".to_owned(),
            tls: None,
        }
    }
}

/// A certificate for `localhost` and its key, both as PEM.
#[derive(Clone)]
pub struct TlsIdentity {
    /// The certificate, followed by its chain.
    pub certificate: String,
    pub key: String,
}

/// Never shows the key.
impl fmt::Debug for TlsIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TlsIdentity").finish_non_exhaustive()
    }
}
