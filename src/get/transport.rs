//! The transport trait: sends a request body, returns a status and a body.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::phases::Phases;

/// The future of a transport, boxed so that a client can hold any transport.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<HttpReply, TransportError>> + 'a>>;

/// Sends requests to the service, without retries.
pub trait Transport {
    /// Posts a JSON body to `{base}/{service}`.
    fn post(&self, service: &str, body: Zeroizing<Vec<u8>>) -> Sending<'_>;

    /// Opens a connection for the first request in advance; if that fails, the request does.
    fn preconnect(&self) {}

    /// Makes later requests use new connections.
    fn reconnect(&self) {}

    /// The durations of the phases of the last attempt, if the transport measures them.
    fn last_phases(&self) -> Option<Phases> {
        None
    }
}

/// A complete HTTP reply.
pub struct HttpReply {
    pub status: u16,
    /// The media type, lowercase and without parameters.
    pub media_type: Option<String>,
    /// The value of Retry-After.
    pub retry_after: Option<Duration>,
    /// The server's clock, from the Date header.
    pub date: Option<Timestamp>,
    /// All headers with text values, names in lowercase.
    pub headers: Vec<(String, String)>,
    /// The decompressed body; it may contain secrets.
    pub body: Zeroizing<Vec<u8>>,
}

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportError {
    /// The attempt timed out.
    Timeout(Duration),
    /// No connection: DNS lookup, refused, unreachable, proxy, or an aborted TLS handshake.
    Connect(String),
    /// The connection broke before the reply was complete.
    CutShort(String),
    /// The server's certificate is not trusted.
    Certificate(String),
    /// The reply exceeds this limit, in bytes.
    TooLarge(usize),
    /// The body cannot be decompressed.
    Encoding(String),
    /// The request could not be created on this machine.
    Local(String),
}

impl TransportError {
    /// Returns whether another attempt may succeed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Timeout(_) | Self::Connect(_) | Self::CutShort(_))
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout(limit) => write!(f, "the service did not respond within {} s", limit.as_secs_f32()),
            Self::Connect(why) => write!(f, "cannot reach the service: {why}"),
            Self::CutShort(why) => write!(f, "the reply was cut short: {why}"),
            Self::Certificate(why) => write!(f, "the server's certificate is not trusted: {why}"),
            Self::TooLarge(limit) => write!(f, "the reply is larger than {} MiB", limit >> 20),
            Self::Encoding(why) => write!(f, "cannot decompress the reply: {why}"),
            Self::Local(why) => write!(f, "cannot make the request: {why}"),
        }
    }
}
