//! The signals that end a run in good order.

use crate::error::Exit;

/// Waits for Ctrl-C, SIGTERM, SIGHUP or SIGQUIT and gives the exit that follows.
#[cfg(unix)]
pub async fn ended() -> Exit {
    use tokio::signal::unix::{SignalKind, signal};

    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hang_up), Ok(mut quit)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
        signal(SignalKind::hangup()),
        signal(SignalKind::quit()),
    ) else {
        // Without handlers the signals end the process themselves.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => Exit::Interrupted,
        _ = terminate.recv() => Exit::Terminated,
        _ = hang_up.recv() => Exit::Terminated,
        _ = quit.recv() => Exit::Terminated,
    }
}

/// Waits for Ctrl-C and gives the exit that follows.
#[cfg(not(unix))]
pub async fn ended() -> Exit {
    match tokio::signal::ctrl_c().await {
        Ok(()) => Exit::Interrupted,
        Err(_) => std::future::pending().await,
    }
}
