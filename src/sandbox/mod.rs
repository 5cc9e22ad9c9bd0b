//! A simulated GET service on loopback, for tests, demos and people who build on getcard without an account.
//!
//! It simulates one patron with a card's accounts and fourteen months of transactions, and implements every
//! method of the protocol with the real service's strictness about parameters. It shares no code with the
//! client, so that a misreading of the protocol shows up instead of cancelling out.
//!
//! - [`Sandbox`] is a running service with live control: charges, stolen sessions, revoked devices.
//! - [`Options`] configures its start.
//! - [`Fault`] injects a failure; the syntax is documented in `fault/spec.rs`.
//! - [`Recording`] serves recorded replies instead of simulated ones.
//! - The `sandbox` service, next to the real five, gives the same control over the wire. **The real
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
