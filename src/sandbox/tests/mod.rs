//! Tests of the sandbox over real sockets.

mod client;
mod faults;
mod http;
mod origins;
mod recorded;
mod secure;
