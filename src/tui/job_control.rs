//! Ctrl-Z and fg: stops as the shell expects, and notices when it resumes.

use std::time::Duration;

/// How long a stop may take to set in; without a shell to return to, it never does.
const GRACE: Duration = Duration::from_millis(200);

/// Notices that the process resumes after a stop.
pub struct Continued {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Continued {
    /// Starts to listen.
    #[cfg(unix)]
    #[must_use]
    pub fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};

        let kind = SignalKind::from_raw(rustix::process::Signal::CONT.as_raw());
        Self { signal: signal(kind).ok() }
    }

    /// Without job control there is nothing to notice.
    #[cfg(not(unix))]
    #[must_use]
    pub fn listen() -> Self {
        Self {}
    }

    /// Waits until the process goes on.
    #[cfg(unix)]
    pub async fn wait(&mut self) {
        match &mut self.signal {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        }
    }

    /// Waits for ever.
    #[cfg(not(unix))]
    pub async fn wait(&mut self) {
        std::future::pending::<()>().await;
    }
}

/// Stops this process and the others of its job, as Ctrl-Z does outside raw mode, until the shell resumes it.
pub async fn stop(continued: &mut Continued) {
    // A parent that waits for getcard, such as cargo run, stops with it; without a job nothing happens.
    #[cfg(unix)]
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
    let _ = tokio::time::timeout(GRACE, continued.wait()).await;
}
