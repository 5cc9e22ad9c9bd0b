//! Control of the simulated service, from the same process or over the wire.

pub mod error;
pub mod methods;
pub mod operations;
