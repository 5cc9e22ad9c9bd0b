//! What a sandbox starts with.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::sandbox::fault::Fault;
use crate::sandbox::replay::Recording;

/// How a sandbox behaves. `Options::default()` is a well-behaved service with a natural history.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 for any free one.
    pub port: u16,
    /// How long each call takes at least.
    pub latency: Duration,
    /// How many transactions the history has; None for fourteen months at about three a day (1278).
    /// More than that are packed into the same fourteen months.
    pub transactions: Option<usize>,
    /// So many transactions in the middle of the history share one instant, however small a page is.
    pub shared_instant: usize,
    /// The history ends here; None for the moment of starting.
    pub history_until: Option<Timestamp>,
    /// The same seed makes the same ids, amounts and places.
    pub seed: u64,
    /// The fault.
    pub faults: Vec<Fault>,
    /// Replies that are served in the place of simulated ones.
    pub replay: Option<Recording>,
    /// How long a device's or a system session lives after signing in; None for ever. The real one is unknown.
    pub session_lifetime: Option<Duration>,
    /// The same for sessions of the web sign-in.
    pub web_session_lifetime: Option<Duration>,
    /// How long after a live charge its transaction is listed; the balance falls at once.
    /// `Duration::MAX` waits for [`Sandbox::post_pending`](crate::sandbox::Sandbox::post_pending).
    pub posting_delay: Duration,
    /// Someone uses the card this often; None for never.
    pub charge_every: Option<Duration>,
    /// The school in the validated URL, a short name of the lookup list.
    pub school: String,
    /// Serve TLS with this certificate, under the name `localhost`; None for plain HTTP.
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

/// A certificate for `localhost` and its key, both PEM.
#[derive(Clone)]
pub struct TlsIdentity {
    /// The certificate, and after it those that sign it.
    pub certificate: String,
    /// The private key.
    pub key: String,
}

/// Never shows the key.
impl fmt::Debug for TlsIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TlsIdentity").finish_non_exhaustive()
    }
}
