//! Faults: what can go wrong between a client and the service, caused on purpose.

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
