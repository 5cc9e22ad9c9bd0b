//! The operating system: paths, time, signals, and what a process asks of it at its start.

pub mod clock;
pub(crate) mod hardening;
pub(crate) mod paths;
pub(crate) mod signals;
