//! Times the phases of an HTTP attempt: name lookup, connection, TLS, wait and read.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::NamedGroup;
use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, Resumption, Tls12ClientSessionValue,
    Tls13ClientSessionValue,
};
use rustls::pki_types::ServerName;
use tower::{Layer, Service};

/// The number of TLS sessions kept for resumption; rustls's default.
const TLS_SESSIONS: usize = 256;

/// The durations of the phases of one HTTP attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phases {
    /// The name lookup; `None` for an IP address, for `localhost`, and on a reused connection.
    pub dns: Option<Duration>,
    /// The TCP connection, including a proxy's tunnel; `None` on a reused connection.
    pub connect: Option<Duration>,
    /// The TLS handshake; `None` without TLS, and on a reused connection.
    pub tls: Option<Duration>,
    /// From the request to the head of the reply.
    pub wait: Duration,
    /// The body of the reply.
    pub read: Duration,
}

/// Times the phases of one client's attempts, by acting as its resolver, connector layer and TLS session
/// store. Overlapping attempts cannot be told apart.
#[derive(Clone, Default)]
pub struct PhaseClock(Arc<Mutex<Marks>>);

#[derive(Default)]
struct Marks {
    dns: Option<Duration>,
    connecting: Option<Instant>,
    handshake: Option<Instant>,
    connected: Option<Instant>,
    last: Option<Phases>,
}

impl PhaseClock {
    /// Starts timing an attempt.
    #[must_use]
    pub fn begin(&self) -> Instant {
        *self.marks() = Marks::default();
        Instant::now()
    }

    /// Ends the attempt that began at `start` and received the head of its reply at `head`.
    pub fn end(&self, start: Instant, head: Instant) {
        let mut marks = self.marks();
        marks.last = Some(marks.phases(start, head, Instant::now()));
    }

    /// The phases of the attempt that ended last.
    #[must_use]
    pub fn last(&self) -> Option<Phases> {
        self.marks().last
    }

    /// The TLS session store. A lookup in it marks the start of a handshake, because rustls begins one by
    /// asking for the last key exchange.
    #[must_use]
    pub fn resumption(&self) -> Resumption {
        let sessions = ClientSessionMemoryCache::new(TLS_SESSIONS);
        Resumption::store(Arc::new(Sessions { sessions, clock: self.clone() }))
    }

    fn marks(&self) -> MutexGuard<'_, Marks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Marks {
    fn phases(&self, start: Instant, head: Instant, end: Instant) -> Phases {
        let (connect, tls) = match (self.connecting, self.connected) {
            (Some(connecting), Some(connected)) => {
                let handshake = self.handshake.filter(|handshake| *handshake >= connecting);
                let opened = handshake.unwrap_or(connected) - connecting;
                let connect = opened.saturating_sub(self.dns.unwrap_or_default());
                (Some(connect), handshake.map(|handshake| connected - handshake))
            }
            _ => (None, None),
        };
        let sent = self.connected.map_or(start, |connected| connected.max(start));
        Phases {
            dns: self.dns.filter(|_| connect.is_some()),
            connect,
            tls,
            wait: head.saturating_duration_since(sent),
            read: end - head,
        }
    }
}

impl Resolve for PhaseClock {
    fn resolve(&self, name: Name) -> Resolving {
        let clock = self.clone();
        Box::pin(async move {
            let start = Instant::now();
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            clock.marks().dns = Some(start.elapsed());
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

impl<S> Layer<S> for PhaseClock {
    type Service = TimedConnector<S>;

    fn layer(&self, inner: S) -> TimedConnector<S> {
        TimedConnector { inner, clock: self.clone() }
    }
}

/// A connector that times its connections.
#[derive(Clone)]
pub struct TimedConnector<S> {
    inner: S,
    clock: PhaseClock,
}

impl<S, R> Service<R> for TimedConnector<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let (clock, connecting) = (self.clock.clone(), self.inner.call(target));
        Box::pin(async move {
            clock.marks().connecting = Some(Instant::now());
            let connection = connecting.await?;
            clock.marks().connected = Some(Instant::now());
            Ok(connection)
        })
    }
}

/// A TLS session store that marks the start of each handshake.
struct Sessions {
    sessions: ClientSessionMemoryCache,
    clock: PhaseClock,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sessions.fmt(f)
    }
}

impl ClientSessionStore for Sessions {
    fn kx_hint(&self, server: &ServerName<'_>) -> Option<NamedGroup> {
        self.clock.marks().handshake = Some(Instant::now());
        self.sessions.kx_hint(server)
    }

    fn set_kx_hint(&self, server: ServerName<'static>, group: NamedGroup) {
        self.sessions.set_kx_hint(server, group);
    }

    fn set_tls12_session(&self, server: ServerName<'static>, session: Tls12ClientSessionValue) {
        self.sessions.set_tls12_session(server, session);
    }

    fn tls12_session(&self, server: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.sessions.tls12_session(server)
    }

    fn remove_tls12_session(&self, server: &ServerName<'static>) {
        self.sessions.remove_tls12_session(server);
    }

    fn insert_tls13_ticket(&self, server: ServerName<'static>, ticket: Tls13ClientSessionValue) {
        self.sessions.insert_tls13_ticket(server, ticket);
    }

    fn take_tls13_ticket(&self, server: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.sessions.take_tls13_ticket(server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_new_connection_has_every_phase() {
        let start = Instant::now();
        let marks = Marks {
            dns: Some(3 * MS),
            connecting: Some(start + MS),
            handshake: Some(start + 11 * MS),
            connected: Some(start + 31 * MS),
            last: None,
        };
        let expected = Phases {
            dns: Some(3 * MS),
            connect: Some(7 * MS),
            tls: Some(20 * MS),
            wait: 69 * MS,
            read: 5 * MS,
        };
        assert_eq!(marks.phases(start, start + 100 * MS, start + 105 * MS), expected);
    }

    #[test]
    fn an_open_connection_has_only_wait_and_read() {
        let start = Instant::now();
        let phases = Marks::default().phases(start, start + 9 * MS, start + 10 * MS);
        assert_eq!(phases, Phases { dns: None, connect: None, tls: None, wait: 9 * MS, read: MS });
    }
}
