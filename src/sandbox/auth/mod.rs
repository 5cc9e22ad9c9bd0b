//! Who may call: linked devices and the sessions that they and others open.

pub mod devices;
pub mod sessions;
