//! The operating system: paths, files, locks, time, signals and process setup.

pub(crate) mod atomic_file;
pub mod clock;
pub(crate) mod console;
pub(crate) mod hardening;
pub(crate) mod lock;
pub(crate) mod notification;
mod open_elsewhere;
pub(crate) mod paths;
pub(crate) mod signals;
pub mod system;
pub(crate) mod trust;
