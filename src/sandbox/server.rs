//! The HTTP server: connections in, requests to the pages or the calls, and resets on demand.

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tokio_rustls::TlsAcceptor;

use super::answer::Body;
use super::world::World;
use super::{pages, rpc};

/// The world, as every connection and the one who controls it share it.
#[derive(Debug)]
pub(super) struct Shared(Mutex<World>);

impl Shared {
    pub(super) fn new(world: World) -> Self {
        Self(Mutex::new(world))
    }

    /// The world, for a moment: never held while anything waits.
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        // A panic of another task leaves a world that is good enough to look at.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves until it is dropped, and with it every connection.
pub(super) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    charges: Option<Duration>,
) {
    let mut connections = JoinSet::new();
    let mut charges = charges.filter(|every| !every.is_zero()).map(ticks);
    loop {
        select! {
            accepted = listener.accept() => {
                // A failed accept is the peer's end of a handshake; the next one may do better.
                if let Ok((stream, _)) = accepted {
                    connections.spawn(connection(stream, tls.clone(), Arc::clone(&shared)));
                }
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            () = tick(&mut charges) => shared.world().pass_by(Timestamp::now()),
        }
    }
}

fn ticks(every: Duration) -> Interval {
    let mut ticks = interval_at(Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn tick(ticks: &mut Option<Interval>) {
    match ticks {
        Some(ticks) => {
            ticks.tick().await;
        }
        None => std::future::pending().await,
    }
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, shared: Arc<Shared>) -> io::Result<()> {
    // Without it the last part of a reply waits for the client's delayed acknowledgement.
    stream.set_nodelay(true)?;
    match tls {
        None => converse(stream, |stream| stream, shared).await,
        Some(tls) => converse(tls.accept(stream).await?, |tls| tls.get_ref().0, shared).await,
    }
}

/// Serves one connection until either side closes it, or a fault resets the socket under it.
async fn converse<S>(stream: S, socket: impl Fn(&S) -> &TcpStream, shared: Arc<Shared>) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let cut = Arc::new(Notify::new());
    let service = service_fn(|request| answer(Arc::clone(&shared), Arc::clone(&cut), request));
    let mut serving =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    select! {
        // A client that goes away in the middle of a request is no concern of the service.
        _ = &mut serving => {}
        () = cut.notified() => {
            let stream = serving.into_parts().io.into_inner();
            // Closing without lingering is what sends RST.
            socket(&stream).set_zero_linger()?;
        }
    }
    Ok(())
}

async fn answer(
    shared: Arc<Shared>,
    cut: Arc<Notify>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    Ok(match rpc::service(request.uri()) {
        Some(service) => rpc::answer(&shared, &cut, &service, request).await,
        None => pages::answer(&shared, request.method(), request.uri()),
    })
}
