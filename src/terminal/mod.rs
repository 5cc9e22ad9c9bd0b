//! The user's terminal: what it can do, what is written to it, and what is asked on it.

pub mod clap_error;
pub mod color;
pub mod log;
pub mod passphrase;
pub mod pictures;
pub mod progress;
pub mod prompt;
pub mod query;
pub mod screen;
pub mod ui;
