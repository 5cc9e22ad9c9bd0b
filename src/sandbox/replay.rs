//! Recorded replies in place of simulated ones: JSON Lines, one exchange per line.
//!
//! `{"service", "method", "params", "http_status", "headers", "response", "exception", "at"}`; only `service`
//! and `method` are required. The replies of each method are served in order, and the last one is repeated.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use hyper::header::{
    CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING,
};
use hyper::{Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

use crate::sandbox::wire::envelope::Reply;
use crate::sandbox::wire::names::CONTROL;
use crate::sandbox::wire::response::{Body, container, json};

/// Headers that describe one transfer, not its content.
const OF_ONE_TRANSFER: [HeaderName; 4] = [CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING];

/// Why a text is not a valid recording.
#[derive(Debug, Error)]
#[error("line {line}: {reason}")]
pub struct ReplayError {
    /// The line number, from 1.
    pub line: usize,
    pub reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    service: String,
    method: String,
    #[serde(default, rename = "params")]
    _params: Value,
    #[serde(default)]
    http_status: Option<u16>,
    #[serde(default)]
    headers: Option<BTreeMap<String, String>>,
    #[serde(default)]
    response: Option<Box<RawValue>>,
    #[serde(default)]
    exception: Option<Box<RawValue>>,
    #[serde(default, rename = "at")]
    _at: Option<String>,
}

/// A recorded reply.
#[derive(Clone, Debug)]
pub struct RecordedReply {
    pub status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    pub reply: Reply,
}

impl RecordedReply {
    /// The reply as HTTP. An error status recorded without JSON gets the container's error page.
    pub fn http(&self) -> Response<Body> {
        let has_json = self.reply.response.is_some() || self.reply.exception.is_some();
        let mut answer = if has_json || self.status.is_success() {
            json(self.reply.text())
        } else {
            container(self.status)
        };
        *answer.status_mut() = self.status;
        for (name, value) in &self.headers {
            answer.headers_mut().insert(name.clone(), value.clone());
        }
        answer
    }
}

/// The recorded replies of each method, in order.
#[derive(Clone, Debug, Default)]
pub struct Recording(Arc<HashMap<(String, String), Vec<RecordedReply>>>);

impl Recording {
    /// Parses JSON Lines, skipping empty lines.
    ///
    /// # Errors
    /// If a line is not a valid exchange, or there are none.
    pub fn parse(text: &str) -> Result<Self, ReplayError> {
        let mut replies: HashMap<_, Vec<_>> = HashMap::new();
        for (index, text) in text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let (name, recorded) = read(text).map_err(|reason| ReplayError { line: index + 1, reason })?;
            replies.entry(name).or_default().push(recorded);
        }
        if replies.is_empty() {
            return Err(ReplayError { line: 1, reason: "no exchanges are recorded".to_owned() });
        }
        Ok(Self(Arc::new(replies)))
    }
}

fn read(text: &str) -> Result<((String, String), RecordedReply), String> {
    let line: Line = serde_json::from_str(text).map_err(|error| message(&error))?;
    if line.service == CONTROL {
        return Err(format!("`{CONTROL}` is the sandbox's own service"));
    }
    if line.service.is_empty() || line.method.is_empty() {
        return Err("service and method must not be empty".to_owned());
    }
    let status = line.http_status.unwrap_or(200);
    let status = StatusCode::from_u16(status).ok().filter(|status| *status >= StatusCode::OK);
    let status = status.ok_or("http_status must be from 200 to 999")?;
    let mut headers = Vec::new();
    for (name, value) in line.headers.into_iter().flatten() {
        let bad = || format!("`{name}: {value}` is not an HTTP header");
        let header = HeaderName::try_from(&name).map_err(|_| bad())?;
        let value = HeaderValue::try_from(&value).map_err(|_| bad())?;
        if !OF_ONE_TRANSFER.contains(&header) {
            headers.push((header, value));
        }
    }
    let reply = Reply { response: line.response, exception: line.exception };
    Ok(((line.service, line.method), RecordedReply { status, headers, reply }))
}

/// The parser's message with the column; its own line number would always be 1.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    format!("{text} at column {}", error.column())
}

/// A recording with a position per method.
#[derive(Clone, Debug)]
pub struct Replay {
    recording: Recording,
    played: HashMap<(String, String), usize>,
}

impl Replay {
    pub fn new(recording: Recording) -> Self {
        Self { recording, played: HashMap::new() }
    }

    /// Returns whether the recording has any method of a service.
    pub fn knows(&self, service: &str) -> bool {
        self.recording.0.keys().any(|(known, _)| known == service)
    }

    /// The next reply of a method; `None` if it has no recorded reply.
    pub fn next(&mut self, service: &str, method: &str) -> Option<RecordedReply> {
        let name = (service.to_owned(), method.to_owned());
        let replies = self.recording.0.get(&name)?;
        let played = self.played.entry(name).or_default();
        let reply = replies.get(*played).or(replies.last())?;
        *played = played.saturating_add(1).min(replies.len());
        Some(reply.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::{Recording, Replay};

    fn error(text: &str) -> String {
        Recording::parse(text).unwrap_err().to_string()
    }

    fn replay(text: &str) -> Replay {
        Replay::new(Recording::parse(text).unwrap())
    }

    #[test]
    fn replies_come_in_order_and_the_last_one_repeats() {
        let mut replay = replay(concat!(
            r#"{"service":"user","method":"retrieve","response":1}"#,
            "\n\n",
            r#"{"service":"user","method":"deletePIN","exception":"4001|gone","at":"2026-02-09T20:00:00Z"}"#,
            "\n",
            r#"{"service":"user","method":"retrieve","response":2.50,"params":{"a":1}}"#,
            "\n",
        ));
        let mut next = |method: &str| replay.next("user", method).map(|recorded| recorded.reply.text());
        assert_eq!(next("retrieve").unwrap(), r#"{"response":1,"exception":null}"#);
        assert_eq!(next("deletePIN").unwrap(), r#"{"response":null,"exception":"4001|gone"}"#);
        for _ in 0..2 {
            assert_eq!(next("retrieve").unwrap(), r#"{"response":2.50,"exception":null}"#);
        }
        assert!(next("createPIN").is_none());
        assert!(replay.knows("user") && !replay.knows("commerce"));
    }

    #[test]
    fn status_and_headers_are_replayed() {
        let line = r#"{"service":"user","method":"retrieve","http_status":503,"headers":{"Retry-After":"7","Content-Length":"9"}}"#;
        let answer = replay(line).next("user", "retrieve").unwrap().http();
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()["retry-after"], "7");
        assert!(!answer.headers().contains_key("content-length"));
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        let line = r#"{"service":"user","method":"retrieve","http_status":500,"exception":"9999|x"}"#;
        let answer = replay(line).next("user", "retrieve").unwrap().http();
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/json"));
    }

    #[test]
    fn errors_name_the_line() {
        let good = r#"{"service":"user","method":"retrieve"}"#;
        assert!(error(&format!("{good}\n\n{{\n")).starts_with("line 3: EOF while parsing"));
        let unknown = error(r#"{"service":"user","method":"retrieve","respones":1}"#);
        assert!(unknown.contains("line 1: unknown field `respones`"), "{unknown}");
        assert!(error(r#"{"service":"user"}"#).contains("missing field `method`"));
        assert!(error(r#"{"service":"sandbox","method":"charge"}"#).contains("own service"));
        assert!(error(r#"{"service":"user","method":"x","http_status":99}"#).contains("http_status"));
        assert!(error(r#"{"service":"user","method":"x","headers":{"a b":"c"}}"#).contains("a b: c"));
        assert!(error("").contains("no exchange"));
    }
}
