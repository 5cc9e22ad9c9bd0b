//! The operating system: paths, files, locks, time, signals, and what a process asks of it at its start.

pub mod atomic_file;
pub mod clock;
pub mod hardening;
pub mod lock;
pub mod paths;
pub mod signals;
pub mod trust;
