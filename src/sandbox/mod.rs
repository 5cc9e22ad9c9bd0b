//! A simulated GET service on loopback: the other side of the wire, for tests, demos and people who
//! build on getcard without an account.
//!
//! It keeps one patron with a card's accounts and fourteen months of transactions, and answers every
//! method of the protocol as the real service does, to the letter in what it requires. It shares no
//! code with the client, so that one misunderstanding cannot hide in both.
//!
//! - [`Sandbox`] is a running service with live control: charges, stolen sessions, revoked devices.
//! - [`Options`] says what it starts with.
//! - [`Fault`] makes things go wrong; its syntax stands there.
//! - [`Recording`] has recorded replies served in the place of simulated ones.
//! - The service `sandbox` beside the real five gives the same control over the wire. **The real
//!   service has no such thing.** Its methods are listed in `control/methods.rs`.

mod application;
mod auth;
mod control;
mod fault;
mod handle;
mod methods;
mod options;
mod patron;
mod replay;
mod request_log;
mod school;
mod server;
#[cfg(test)]
mod tests;
mod wire;
mod world;

pub use auth::devices::DeviceState;
pub use control::error::ControlError;
pub use fault::{Calls, Fault, FaultKind, ParseFaultError};
pub use handle::Sandbox;
pub use options::{Options, TlsIdentity};
pub use replay::{Recording, ReplayError};
pub use request_log::{Outcome, Recorded};
