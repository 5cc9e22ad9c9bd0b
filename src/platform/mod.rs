//! The operating system: paths, time, signals, and what a process asks of it at its start.

pub mod clock;
pub mod console;
pub mod hardening;
pub mod paths;
pub mod signals;
pub mod system;
