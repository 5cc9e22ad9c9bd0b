//! The server loop: one task per connection, and random purchases at an interval.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::select;
use tokio::task::JoinSet;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tokio_rustls::TlsAcceptor;

use crate::sandbox::server::accept;
use crate::sandbox::server::connection::connection;
use crate::sandbox::server::shared::Shared;

/// Serves until dropped, which also drops every connection.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    charges: Option<Duration>,
) {
    let mut connections = JoinSet::new();
    let mut charges = charges.filter(|every| !every.is_zero()).map(ticks);
    loop {
        select! {
            (stream, _) = accept::next(|| listener.accept()) => {
                connections.spawn(connection(stream, tls.clone(), Arc::clone(&shared)));
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            () = tick(&mut charges) => shared.world().advance(Timestamp::now()),
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
