//! What goes over the wire: envelopes, parameters, exceptions, the forms of dates and amounts, HTTP responses.

pub mod amount;
pub mod call;
pub mod date;
pub mod envelope;
pub mod exception;
pub mod names;
pub mod params;
pub mod response;
