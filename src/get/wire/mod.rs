//! Requests and replies as they are on the wire, and what replies mean in the model.

pub mod accounts;
pub mod fields;
pub mod params;
pub mod people;
pub mod transactions;
