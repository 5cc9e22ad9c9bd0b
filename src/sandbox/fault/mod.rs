//! Fault injection between the client and the service.

mod active;
mod bodies;
mod effect;
mod gzip;
mod kinds;
mod parse;
mod spec;
mod spoil;

pub use active::Faults;
pub use effect::{Effect, after, instead};
pub use kinds::FaultKind;
pub use parse::ParseFaultError;
pub use spec::{Calls, Fault};
