//! Requests and replies in the wire format, and their conversion to the model.

pub mod accounts;
pub mod fields;
pub mod params;
pub mod people;
pub mod transactions;
