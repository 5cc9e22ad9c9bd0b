//! Accepts connections without spinning when the process is out of file descriptors.

use std::io::{self, ErrorKind};
use std::time::Duration;

use tokio::time::sleep;

/// The pause after a failed accept: a descriptor may become free in the meantime.
const PAUSE: Duration = Duration::from_millis(100);

/// Returns the next accepted connection, retrying failures.
pub async fn next<S, F: Future<Output = io::Result<S>>>(mut accept: impl FnMut() -> F) -> S {
    loop {
        match accept().await {
            Ok(stream) => return stream,
            // The peer has already disconnected; nothing to wait for.
            Err(error) if is_disconnect(&error) => {}
            Err(error) => {
                tracing::warn!(target: "getcard::sandbox", %error, "cannot accept a connection");
                sleep(PAUSE).await;
            }
        }
    }
}

fn is_disconnect(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::Interrupted)
}

#[cfg(test)]
mod tests {
    use super::next;
    use std::cell::Cell;
    use std::io::{Error, ErrorKind, Result};
    use std::time::Duration;
    use tokio::time::timeout;

    #[tokio::test(start_paused = true)]
    async fn a_persistent_failure_is_retried_ten_times_a_second() {
        let attempts = Cell::new(0);
        let accept = || {
            attempts.set(attempts.get() + 1);
            std::future::ready(Err::<(), _>(Error::other("too many open files")))
        };
        assert!(timeout(Duration::from_secs(10), next(accept)).await.is_err());
        assert!((90..=101).contains(&attempts.get()), "{}", attempts.get());
    }

    #[tokio::test(start_paused = true)]
    async fn a_disconnected_peer_causes_no_pause() {
        let mut results = vec![Ok(7), Err(Error::from(ErrorKind::ConnectionAborted))];
        let start = tokio::time::Instant::now();
        let accept = || std::future::ready::<Result<i32>>(results.pop().unwrap());
        assert_eq!(next(accept).await, 7);
        assert!(start.elapsed().is_zero());
    }
}
