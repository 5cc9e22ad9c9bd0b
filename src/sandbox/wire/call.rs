//! A call, as the methods see it.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::sandbox::wire::exception::Exception;
use crate::sandbox::wire::params::Params;

/// A call of `service.method`.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    pub service: &'a str,
    pub method: &'a str,
    pub params: &'a Map<String, Value>,
    pub now: Timestamp,
    /// Whether the `outside-range` fault applies.
    pub strays: bool,
}

impl<'a> Call<'a> {
    pub fn params(&self) -> Params<'a> {
        Params(self.params)
    }

    /// The exception for a service without this method.
    pub fn unknown_method(&self) -> Exception {
        Exception::unknown_method(self.service, self.method)
    }
}
