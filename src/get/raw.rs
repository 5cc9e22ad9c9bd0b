//! Raw calls: any method, any parameters, and the reply unchanged, even if it is an exception.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::time::{Duration, Instant};

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::client::{CallResult, Client};
use super::envelope;
use super::method::Method;
use super::phases::Phases;
use crate::secret::SessionId;

/// The raw result of a call that got a reply.
pub struct Raw {
    /// The HTTP status of the last reply.
    pub http_status: u16,
    /// The duration of the call, including its retries.
    pub duration: Duration,
    /// The durations of the phases of the last attempt.
    pub phases: Option<Phases>,
    /// The number of HTTP attempts of the method in this run.
    pub attempts: u32,
    /// The call's id in the log.
    pub correlation_id: Uuid,
    /// The headers of the last reply.
    pub headers: Vec<(String, String)>,
    /// The body of the last reply; it may contain secrets.
    pub body: Zeroizing<Vec<u8>>,
}

/// The number of bytes shown of a body that is not UTF-8.
const SHOWN_BYTES: usize = 1 << 20;

impl Raw {
    /// The body as text. Invalid UTF-8 takes three times its size, so only the first MiB of it is kept.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        str::from_utf8(&self.body).map_or_else(
            |_| String::from_utf8_lossy(&self.body[..self.body.len().min(SHOWN_BYTES)]),
            Cow::Borrowed,
        )
    }

    /// Returns whether [`text`](Self::text) is only the start of the body.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.body.len() > SHOWN_BYTES && str::from_utf8(&self.body).is_err()
    }
}

impl Client {
    /// Calls a method. Returns the last reply, if there was one, and the result.
    pub async fn raw<P: Serialize>(&self, method: &Method, params: &P) -> (Option<Raw>, CallResult<()>) {
        let correlation_id = Uuid::new_v4();
        let start = Instant::now();
        let last = RefCell::new(None);
        let read = |reply| {
            let outcome = envelope::response(&reply).map(drop);
            last.replace(Some((reply.status, reply.headers, reply.body)));
            outcome
        };
        let outcome = self.exchange(method, params, correlation_id, read).await;
        let duration = start.elapsed();
        let attempts = self.attempts_of(method);
        let raw = last.into_inner().map(|(http_status, headers, body)| Raw {
            http_status,
            duration,
            phases: self.last_phases(),
            attempts,
            correlation_id,
            headers,
            body,
        });
        (raw, outcome)
    }
}

/// Parameters as the user wrote them: same order, same digits.
#[derive(Clone, Default)]
pub struct Params(Vec<(String, Box<RawValue>)>);

/// The key of the session in the parameters.
const SESSION: &str = "sessionId";

impl Params {
    /// Returns whether the parameters contain a session.
    #[must_use]
    pub fn have_session(&self) -> bool {
        self.0.iter().any(|(key, _)| key == SESSION)
    }

    /// Adds a session to the parameters.
    #[must_use]
    pub fn with_session(&self, session: &SessionId) -> Self {
        let mut params = self.clone();
        // Serializing a string cannot fail.
        if let Ok(id) = serde_json::value::to_raw_value(session.expose()) {
            params.0.insert(0, (SESSION.to_owned(), id));
        }
        params
    }
}

impl Serialize for Params {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de> Deserialize<'de> for Params {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Params;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Params, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Params(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_sent_as_written() {
        let text = r#"{"z":1.10,"a":{"k":12345678901234567890.25},"z":null}"#;
        let params: Params = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&params).unwrap(), text);
        assert!(!params.have_session());
        let session = SessionId::new(Zeroizing::new("a\"b".to_owned()));
        let sent = serde_json::to_string(&params.with_session(&session)).unwrap();
        assert!(sent.starts_with(r#"{"sessionId":"a\"b","z":1.10,"#), "{sent}");
        assert!(params.with_session(&session).have_session());
    }

    #[test]
    fn parameters_must_be_an_object() {
        for text in ["[]", "null", "1", "\"x\"", "{", ""] {
            assert!(serde_json::from_str::<Params>(text).is_err(), "{text}");
        }
    }
}
