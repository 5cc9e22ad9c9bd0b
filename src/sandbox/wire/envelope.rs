//! The envelope: `{method, params}` in, `{response, exception}` out.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

use crate::sandbox::wire::exception::Exception;

/// A method's result, as raw JSON so that numbers keep their digits.
pub type Outcome = Result<Box<RawValue>, Exception>;

/// A well-formed request envelope.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub params: Map<String, Value>,
}

impl Request {
    /// Parses an envelope. `params` may be absent or null; the method then reports what is missing.
    pub fn read(body: &Value) -> Option<Self> {
        let method = body.get("method")?.as_str()?.to_owned();
        let params = match body.get("params") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(params)) => params.clone(),
            Some(_) => return None,
        };
        Some(Self { method, params })
    }
}

/// A reply in the wire format: both keys are always present.
#[derive(Clone, Debug, Serialize)]
pub struct Reply {
    pub response: Option<Box<RawValue>>,
    pub exception: Option<Box<RawValue>>,
}

impl Reply {
    pub fn of(outcome: Outcome) -> Self {
        match outcome {
            Ok(response) => Self { response: Some(response), exception: None },
            Err(exception) => Self { response: None, exception: to_raw_value(&exception.to_string()).ok() },
        }
    }

    /// Serializes the reply.
    pub fn text(&self) -> String {
        // Serializing raw JSON cannot fail; if it did, an empty body would be an obvious error.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Serializes a response.
pub fn respond<T: Serialize + ?Sized>(value: &T) -> Outcome {
    to_raw_value(value).map_err(Exception::internal)
}

#[cfg(test)]
mod tests {
    use super::{Reply, Request, respond};
    use crate::sandbox::wire::exception::Exception;
    use serde_json::json;

    #[test]
    fn reads_an_envelope() {
        let request = Request::read(&json!({"method": "m", "params": {"a": 1}})).unwrap();
        assert_eq!(request.method, "m");
        assert_eq!(request.params["a"], 1);
        let bare = Request::read(&json!({"method": "m"})).unwrap();
        assert!(bare.params.is_empty());
    }

    #[test]
    fn rejects_invalid_envelopes() {
        for body in [json!([]), json!({}), json!({"method": 1}), json!({"method": "m", "params": []})] {
            assert!(Request::read(&body).is_none(), "{body}");
        }
    }

    #[test]
    fn a_reply_always_has_both_keys() {
        let good = Reply::of(respond(&true)).text();
        assert_eq!(good, r#"{"response":true,"exception":null}"#);
        let bad = Reply::of(Err(Exception::session_not_found())).text();
        assert_eq!(bad, r#"{"response":null,"exception":"4001|Session not found"}"#);
    }
}
