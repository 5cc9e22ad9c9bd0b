//! What completion and lists remember between runs; nothing in it is secret.

pub mod account_names;
pub mod profiles;
pub mod schools;
