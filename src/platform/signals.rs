//! The signals that end a run cleanly.

use crate::error::Exit;

/// Waits for Ctrl-C, SIGTERM, SIGHUP, or SIGQUIT, and returns the exit status.
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

/// Waits for Ctrl-C, Ctrl-Break, the end of the window or of the session, and returns the exit status.
#[cfg(windows)]
pub async fn ended() -> Exit {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};

    let (Ok(mut interrupt), Ok(mut stop), Ok(mut close), Ok(mut log_off), Ok(mut shut_down)) =
        (ctrl_c(), ctrl_break(), ctrl_close(), ctrl_logoff(), ctrl_shutdown())
    else {
        // Without handlers the events end the process themselves.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => Exit::Interrupted,
        _ = stop.recv() => Exit::Interrupted,
        _ = close.recv() => Exit::Terminated,
        _ = log_off.recv() => Exit::Terminated,
        _ = shut_down.recv() => Exit::Terminated,
    }
}
