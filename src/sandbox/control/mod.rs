//! Control of what happens on the other side: from the same process, or over the wire.

pub mod error;
pub mod methods;
pub mod operations;
