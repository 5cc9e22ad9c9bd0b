//! The HTTP server, including resets on demand.

pub mod accept;
pub mod call;
pub mod connection;
pub mod listener;
pub mod origin;
pub mod pages;
pub mod report;
pub mod shared;
pub mod tls;
