//! The real transport: HTTP via reqwest, with limits, without redirects, with the platform's certificates.

use std::error::Error as _;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::dns::Resolve;
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use rustls::ClientConfig;
use zeroize::Zeroizing;

use super::phases::{PhaseClock, Phases};
use super::preconnect::Preconnect;
use super::tls;
use super::transport::{HttpReply, Sending, Transport, TransportError};

/// The maximum size of a reply after decompression, in bytes.
const BODY_LIMIT: usize = 8 << 20;
/// The connect timeout, including the TLS handshake.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// HTTP to one base URL.
pub struct Http {
    client: Mutex<Client>,
    base: Url,
    connections: Connections,
}

/// How connections are made.
struct Connections {
    tls: ClientConfig,
    timeout: Duration,
    local: bool,
    clock: PhaseClock,
    preconnect: Preconnect,
}

impl Http {
    /// Creates a transport to `base` with a total timeout per attempt. A `local` service, on this machine, is
    /// reached without a proxy, so that plain text never leaves the machine.
    ///
    /// # Errors
    /// If the platform's certificates or the proxy settings are unusable.
    pub fn new(base: Url, timeout: Duration, local: bool) -> Result<Self, TransportError> {
        let clock = PhaseClock::default();
        let mut tls = tls::config(base.scheme() == "https")
            .map_err(|error| TransportError::Local(error.to_string()))?;
        tls.resumption = clock.resumption();
        let connections = Connections { tls, timeout, local, clock, preconnect: Preconnect::default() };
        Ok(Self { client: Mutex::new(connections.client()?), base, connections })
    }

    fn client(&self) -> MutexGuard<'_, Client> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn send(&self, url: Url, body: Zeroizing<Vec<u8>>) -> Result<HttpReply, TransportError> {
        let request = self.client().post(url);
        let request = request.header(CONTENT_TYPE, "application/json").header(ACCEPT, "application/json");
        let request = request.body(bytes_of(body));
        let start = self.connections.clock.begin();
        let mut response = request.send().await.map_err(|error| self.classify(&error))?;
        let head = Instant::now();
        // Growing the buffer would leave unwiped copies behind.
        let length = response.content_length().and_then(|length| usize::try_from(length).ok());
        let mut body = Zeroizing::new(Vec::with_capacity(length.unwrap_or_default().min(BODY_LIMIT)));
        while let Some(chunk) = response.chunk().await.map_err(|error| self.classify(&error))? {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(TransportError::TooLarge(BODY_LIMIT));
            }
            body.extend_from_slice(&chunk);
        }
        self.connections.clock.end(start, head);
        let headers = response.headers();
        let date = header(headers, &DATE).and_then(http_date);
        Ok(HttpReply {
            status: response.status().as_u16(),
            media_type: header(headers, &CONTENT_TYPE).map(media_type),
            retry_after: header(headers, &RETRY_AFTER).and_then(|value| retry_after(value, date)),
            date,
            headers: text_headers(headers),
            body,
        })
    }

    /// Classifies an error by its innermost informative cause.
    fn classify(&self, error: &reqwest::Error) -> TransportError {
        let mut cause = error.source();
        while let Some(inner) = cause {
            match inner.downcast_ref::<rustls::Error>() {
                Some(rustls::Error::InvalidCertificate(why)) => {
                    return TransportError::Certificate(why.to_string());
                }
                Some(rustls::Error::NoCertificatesPresented) => {
                    return TransportError::Certificate("it has none".to_owned());
                }
                _ => cause = below(inner),
            }
        }
        if error.is_timeout() {
            // Connecting has a shorter timeout of its own.
            let limit = self.connections.timeout;
            let limit = if error.is_connect() { limit.min(CONNECT_TIMEOUT) } else { limit };
            TransportError::Timeout(limit)
        } else if error.is_connect() {
            TransportError::Connect(root_cause(error))
        } else if error.is_builder() {
            TransportError::Local(root_cause(error))
        } else if error.is_decode() && !is_broken_connection(error) {
            TransportError::Encoding(root_cause(error))
        } else {
            TransportError::CutShort(root_cause(error))
        }
    }
}

impl Connections {
    fn client(&self) -> Result<Client, TransportError> {
        self.client_with(Arc::new(self.clock.clone()))
    }

    fn client_with(&self, resolver: Arc<impl Resolve + 'static>) -> Result<Client, TransportError> {
        let builder = Client::builder()
            .user_agent(concat!("getcard/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(self.timeout)
            .http1_only()
            .tls_backend_preconfigured(self.tls.clone())
            .dns_resolver(resolver)
            .connector_layer(self.preconnect.clone())
            .connector_layer(self.clock.clone());
        let client = if self.local {
            // Whatever a resolver says, `localhost` is this machine. Port 0 means the URL's port.
            let this_machine = [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
            builder.no_proxy().resolve_to_addrs("localhost", &this_machine).build()
        } else {
            builder.build()
        };
        client.map_err(|error| TransportError::Local(root_cause(&error)))
    }
}

impl Transport for Http {
    fn preconnect(&self) {
        // reqwest connects for requests only.
        let request = self.client().get(self.base.clone());
        self.connections.preconnect.open(request.send());
    }

    fn reconnect(&self) {
        // If no new client can be built, the old connections may still work.
        if let Ok(client) = self.connections.client() {
            *self.client() = client;
        }
    }

    fn post(&self, service: &str, body: Zeroizing<Vec<u8>>) -> Sending<'_> {
        let mut url = self.base.clone();
        match url.path_segments_mut() {
            Ok(mut segments) => drop(segments.pop_if_empty().push(service)),
            Err(()) => return Box::pin(async { Err(TransportError::Local("not an http url".to_owned())) }),
        }
        Box::pin(self.send(url, body))
    }

    fn last_phases(&self) -> Option<Phases> {
        self.connections.clock.last()
    }
}

/// A request body that wipes its bytes when dropped.
fn bytes_of(body: Zeroizing<Vec<u8>>) -> reqwest::Body {
    struct ZeroizedBody(Zeroizing<Vec<u8>>);
    impl AsRef<[u8]> for ZeroizedBody {
        fn as_ref(&self) -> &[u8] {
            &self.0
        }
    }
    hyper::body::Bytes::from_owner(ZeroizedBody(body)).into()
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn text_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = headers.iter().filter_map(|(name, value)| Some((name, value.to_str().ok()?)));
    text.map(|(name, value)| (name.as_str().to_owned(), value.to_owned())).collect()
}

fn media_type(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn http_date(value: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()
}

/// Parses Retry-After: a number of seconds, or a date on the server's clock.
fn retry_after(value: &str, server_now: Option<Timestamp>) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let wait = http_date(value)?.duration_since(server_now?);
    Some(wait.try_into().unwrap_or_default())
}

/// The next error in the chain; `io::Error::source` would skip the error that it wraps.
fn below<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a (dyn std::error::Error + 'static)> {
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// Returns whether a body ended early because the connection broke, rather than being malformed.
fn is_broken_connection(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.is::<hyper::Error>() {
            return true;
        }
        if let Some(io) = inner.downcast_ref::<std::io::Error>()
            && matches!(
                io.kind(),
                std::io::ErrorKind::UnexpectedEof
                    | std::io::ErrorKind::ConnectionReset
                    | std::io::ErrorKind::ConnectionAborted
            )
        {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// The innermost message of an error, without the number of a system error, which repeats its text.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let mut message = cause.to_string();
    message.truncate(message.find(" (os error ").unwrap_or(message.len()));
    message
}

#[cfg(test)]
mod tests {
    use reqwest::dns::{Addrs, Name, Resolving};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// A listener on this machine, and a transport to it.
    async fn listener() -> (TcpListener, Http) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base = format!("http://localhost:{}/", listener.local_addr().unwrap().port());
        (listener, Http::new(base.parse().unwrap(), Duration::from_secs(60), true).unwrap())
    }

    #[tokio::test]
    async fn the_first_request_uses_the_connection_opened_in_advance() {
        let (listener, http) = listener().await;
        http.preconnect();
        let (mut connection, _) = listener.accept().await.unwrap();
        let reply = async {
            let mut request = vec![0; 1024];
            let length = connection.read(&mut request).await.unwrap();
            assert!(request[..length].starts_with(b"POST /commerce "));
            connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.unwrap();
        };
        let (answer, ()) = tokio::join!(http.post("commerce", Zeroizing::default()), reply);
        assert_eq!(answer.ok().map(|answer| answer.status), Some(200));
    }

    /// Resolves every name to an unreachable address.
    #[derive(Default)]
    struct LyingResolver(Mutex<Vec<String>>);

    impl Resolve for LyingResolver {
        fn resolve(&self, name: Name) -> Resolving {
            self.0.lock().unwrap().push(name.as_str().to_owned());
            let elsewhere: Addrs = Box::new(std::iter::once((Ipv4Addr::new(192, 0, 2, 1), 0).into()));
            Box::pin(std::future::ready(Ok(elsewhere)))
        }
    }

    #[tokio::test]
    async fn localhost_is_this_machine_whatever_the_resolver_says() {
        let (listener, http) = listener().await;
        let resolver = Arc::new(LyingResolver::default());
        let client = http.connections.client_with(Arc::clone(&resolver)).unwrap();
        let sending = tokio::spawn(client.post(http.base.clone()).send());
        let asked = async {
            while resolver.0.lock().unwrap().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            accepted = listener.accept() => drop(accepted.unwrap()),
            () = asked => panic!("the resolver is asked"),
        }
        sending.abort();
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_by_the_servers_clock() {
        let now = http_date("Fri, 20 Nov 2026 19:00:00 GMT");
        assert_eq!(retry_after("7", None), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Fri, 20 Nov 2026 19:00:05 GMT", now), Some(Duration::from_secs(5)));
        assert_eq!(retry_after("Fri, 20 Nov 2026 18:59:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }

    #[test]
    fn media_types_have_no_parameters() {
        assert_eq!(media_type("Application/JSON; charset=utf-8"), "application/json");
    }
}
