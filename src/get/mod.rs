//! The GET service: one typed function per method, a single transport, a single failure type.
#![doc = include_str!("PROTOCOL.md")]

pub mod calls;
pub mod client;
mod envelope;
pub mod exception;
pub mod failure;
pub mod http;
pub mod method;
pub mod observer;
pub mod page;
pub mod phases;
mod preconnect;
pub mod raw;
mod tls;
pub mod transport;
mod wire;

pub use self::wire::accounts::Accounts;
