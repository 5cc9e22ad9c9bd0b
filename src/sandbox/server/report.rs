//! Log lines for requests (`sandbox -v`), without parameters, which may contain secrets.

use std::fmt::Display;
use std::time::Instant;

use hyper::{Method, StatusCode, Uri};

use crate::sandbox::request_log::Outcome;

/// Logs a call and its outcome.
pub fn call(name: impl Display, status: Option<u16>, outcome: &Outcome, start: Instant) {
    let elapsed_ms = (start.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
    tracing::info!(target: "getcard::sandbox", call = %name, status, %outcome, elapsed_ms);
}

/// Logs a request that was not a call.
pub fn request(method: &Method, uri: &Uri, status: StatusCode) {
    let status = status.as_u16();
    tracing::info!(target: "getcard::sandbox", request = %format_args!("{method} {}", uri.path()), status);
}
