//! The full-screen view: a barcode that says how fresh it is, and what was paid with it.
//!
//! [`update`](update::update) turns messages into a new [`Model`](model::Model) and effects, [`view`](view::view)
//! draws it, both without I/O; [`run`](run::run) is the loop that brings keys, time and answers of the service to
//! them, [`terminal`] the one place where the terminal is entered and left.

pub mod freshness;
mod gallery;
pub mod graphics;
mod job_control;
pub mod keys;
pub mod model;
pub mod pace;
mod paint;
pub mod probe;
mod run;
pub mod screen;
pub mod source;
pub mod stage;
mod still;
pub mod terminal;
pub mod update;
pub mod view;
mod words;

#[cfg(test)]
mod tests;

pub use run::run;
pub use still::still;
