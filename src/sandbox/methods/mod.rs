//! The methods of the real service, one file per service.

pub mod authentication;
pub mod commerce;
pub mod configuration;
pub mod institution;
pub mod user;
