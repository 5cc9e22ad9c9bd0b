//! The wire formats: envelopes, parameters, exceptions, dates, amounts and HTTP responses.

pub mod amount;
pub mod call;
pub mod date;
pub mod envelope;
pub mod exception;
pub mod names;
pub mod params;
pub mod response;
