//! The full-screen view: a barcode that says how fresh it is, and what was paid with it.
//!
//! [`update`](update::update) turns messages into a new [`Model`](model::Model) and effects, [`view`](view::view) draws
//! it, both without I/O; [`run`](run::run) is the loop that brings keys, time, and the service's replies to them,
//! [`terminal`] the one place where the terminal is entered and left.

mod footer;
mod format;
pub mod freshness;
mod header;
mod image_layer;
mod job_control;
pub mod keys;
pub mod layout;
mod message;
pub mod model;
mod overlay;
mod panel;
pub mod request;
mod run;
mod snapshot;
mod style;
pub mod subject;
pub mod terminal;
pub mod update;
mod update_layout;
pub mod view;

#[cfg(test)]
mod tests;

pub use run::run;
pub use snapshot::snapshot;
