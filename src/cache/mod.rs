//! What completion and lists remember between runs; none of it is secret.

pub mod account_names;
pub mod profiles;
pub mod schools;
