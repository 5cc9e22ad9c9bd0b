//! Linked devices and sessions.

pub mod devices;
pub mod sessions;
