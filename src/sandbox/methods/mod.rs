//! The methods of the real service, one file for each of its services.

pub mod authentication;
pub mod commerce;
pub mod configuration;
pub mod institution;
pub mod user;
