//! The log on standard error that `-v` turns on. Secrets are masked where events are made; see [`crate::redact`].

use std::io;

use tracing::Level;
use tracing_subscriber::filter::LevelFilter;

/// Turns the log on: the calls with `-v`, everything with `-vv`.
pub fn init(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => Level::INFO,
        _ => Level::DEBUG,
    };
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::from_level(level))
        .with_writer(io::stderr)
        .with_ansi(false)
        .finish();
    // A second call, as in a test, keeps the first log.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
