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
//! - The service `sandbox` beside the real four gives the same control over the wire. **The real
//!   service has no such thing.** Its methods are listed in `methods/sandbox.rs`.

mod account;
mod amount;
mod answer;
mod control;
mod date;
mod devices;
mod envelope;
mod exception;
mod fault;
mod handle;
mod history;
mod institutions;
mod ledger;
mod log;
mod methods;
mod options;
mod page;
mod pages;
mod params;
mod patron;
mod payload;
mod places;
mod purchase;
mod random;
mod rpc;
mod server;
mod sessions;
#[cfg(test)]
mod sockets;
mod tls;
mod transaction;
mod world;

pub use control::ControlError;
pub use fault::{Calls, Fault, FaultKind, ParseFaultError};
pub use handle::Sandbox;
pub use log::Recorded;
pub use options::{Options, TlsIdentity};
