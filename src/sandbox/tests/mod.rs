//! The sandbox over real sockets: what reaches a client, byte by byte.

mod client;
mod faults;
mod http;
mod origins;
mod recorded;
mod secure;
