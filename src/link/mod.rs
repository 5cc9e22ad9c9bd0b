//! Linking: from a web sign-in to a device that signs in for good, whatever happens on the way.

pub mod qr;
pub mod validated;
pub mod workflow;
