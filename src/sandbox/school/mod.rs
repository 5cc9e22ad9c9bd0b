//! The schools on the service, and their settings.

pub mod institutions;
pub mod settings;
