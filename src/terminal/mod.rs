//! The user's terminal: its capabilities, output and prompts.

pub mod capabilities;
pub(crate) mod clap_error;
pub(crate) mod color;
mod environment;
pub(crate) mod log;
pub(crate) mod passphrase;
pub mod pictures;
pub(crate) mod progress;
pub(crate) mod prompt;
pub(crate) mod query;
pub(crate) mod repeated_options;
pub mod screen;
pub(crate) mod ui;
pub(crate) mod wait_line;
