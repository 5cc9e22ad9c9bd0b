//! Opens a connection before the first request needs it, so that it opens while the credentials are being read.

use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tower::util::BoxCloneSyncService;
use tower::{Layer, Service};

/// How long a connection is kept for its request: servers close idle connections, and whoever is asked for a
/// passphrase may be slow.
const LIFETIME: Duration = Duration::from_secs(2);

/// A connector layer that can open one connection in advance.
#[derive(Clone, Default)]
pub struct Preconnect(Arc<AtomicBool>);

impl Preconnect {
    /// Opens the connection that `request` needs. The request itself is dropped and never sent.
    pub fn open(&self, request: impl Future) {
        self.0.store(true, Ordering::Relaxed);
        // A request asks for its connection when it is first polled.
        let _ = request.now_or_never();
        self.0.store(false, Ordering::Relaxed);
    }
}

impl<T, C, E> Layer<BoxCloneSyncService<T, C, E>> for Preconnect {
    type Service = Connector<T, C, E>;

    fn layer(&self, inner: BoxCloneSyncService<T, C, E>) -> Connector<T, C, E> {
        Connector { inner, asked: Arc::clone(&self.0), opened: Arc::default() }
    }
}

/// A connector to one target that can open one connection in advance.
pub struct Connector<T, C, E> {
    inner: BoxCloneSyncService<T, C, E>,
    asked: Arc<AtomicBool>,
    opened: Arc<Mutex<Option<Opened<C, E>>>>,
}

/// A connection that has no request yet.
struct Opened<C, E> {
    start: Instant,
    connection: JoinHandle<Result<C, E>>,
}

impl<T, C, E> Connector<T, C, E> {
    fn opened(&self) -> MutexGuard<'_, Option<Opened<C, E>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T, C, E> Clone for Connector<T, C, E> {
    fn clone(&self) -> Self {
        let (asked, opened) = (Arc::clone(&self.asked), Arc::clone(&self.opened));
        Self { inner: self.inner.clone(), asked, opened }
    }
}

impl<T, C, E> Service<T> for Connector<T, C, E>
where
    T: Send + 'static,
    C: Send + 'static,
    E: Send + 'static,
{
    type Response = C;
    type Error = E;
    type Future = BoxFuture<'static, Result<C, E>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), E>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: T) -> Self::Future {
        if self.asked.load(Ordering::Relaxed) {
            let connection = tokio::spawn(self.inner.call(target));
            self.opened().replace(Opened { start: Instant::now(), connection });
            return Box::pin(pending());
        }
        let opened = self.opened().take().filter(|opened| opened.start.elapsed() < LIFETIME);
        let Some(Opened { connection, .. }) = opened else { return self.inner.call(target) };
        let mut inner = self.inner.clone();
        Box::pin(async move {
            match connection.await {
                Ok(result) => result,
                // It panicked.
                Err(_) => inner.call(target).await,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use tower::{ServiceExt, service_fn};

    use super::*;

    /// A connector whose connections are numbered from 1, and are failures from `failing` on.
    fn connector(preconnect: &Preconnect, failing: usize) -> Connector<(), usize, usize> {
        let count = AtomicUsize::new(0);
        let count = Arc::new(count);
        let connect = move |()| {
            let number = count.fetch_add(1, Ordering::Relaxed) + 1;
            async move { if number < failing { Ok(number) } else { Err(number) } }
        };
        preconnect.layer(BoxCloneSyncService::new(service_fn(connect)))
    }

    #[tokio::test]
    async fn a_connection_opened_in_advance_is_used_once() {
        let preconnect = Preconnect::default();
        let connector = connector(&preconnect, 9);
        preconnect.open(connector.clone().oneshot(()));
        preconnect.open(std::future::ready(()));
        assert_eq!(connector.clone().oneshot(()).await, Ok(1));
        assert_eq!(connector.clone().oneshot(()).await, Ok(2));
    }

    #[tokio::test]
    async fn its_failure_is_reported_once() {
        let preconnect = Preconnect::default();
        let connector = connector(&preconnect, 1);
        preconnect.open(connector.clone().oneshot(()));
        assert_eq!(connector.clone().oneshot(()).await, Err(1));
        assert_eq!(connector.clone().oneshot(()).await, Err(2));
    }

    #[tokio::test(start_paused = true)]
    async fn an_old_one_is_not_used() {
        let preconnect = Preconnect::default();
        let connector = connector(&preconnect, 9);
        preconnect.open(connector.clone().oneshot(()));
        tokio::time::advance(LIFETIME).await;
        assert_eq!(connector.clone().oneshot(()).await, Ok(2));
    }
}
