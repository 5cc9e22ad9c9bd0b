//! Data cached between runs for completion and lists; none of it is secret.

pub mod account_names;
pub mod profiles;
pub mod schools;
