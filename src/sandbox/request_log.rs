//! The request log: counts of all calls, and the most recent requests in full.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use hyper::body::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox::wire::envelope::Reply;
use crate::sandbox::wire::names::means;

/// How many requests are kept; older ones are only counted.
const MAX_REQUESTS: usize = 4096;
/// The memory limit for kept requests; the newest one is kept whatever its size.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// This many methods are counted individually; any others are counted together under an empty name.
const MAX_METHODS: usize = 256;
const MAX_METHOD_LEN: usize = 64;

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was sent, or not yet: the call hangs, or the connection was reset.
    Unanswered,
    Response,
    /// The exception's string, or its JSON if it is not a string.
    Exception(String),
    /// Not a valid reply: a gateway's page or a damaged body.
    Spoiled,
}

impl Outcome {
    /// The outcome of a call with this reply.
    pub(super) fn of(reply: &Reply) -> Self {
        let Some(exception) = &reply.exception else { return Self::Response };
        let text = serde_json::from_str(exception.get());
        Self::Exception(text.unwrap_or_else(|_| exception.get().to_owned()))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unanswered => formatter.write_str("unanswered"),
            Self::Response => formatter.write_str("response"),
            Self::Exception(text) => formatter.write_str(text),
            Self::Spoiled => formatter.write_str("spoiled"),
        }
    }
}

/// A request as received, and its outcome.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The last path segment: `authentication`, `user`, `commerce`, `institution`, `configuration`.
    pub service: String,
    /// The envelope's method; empty if the body was not an envelope.
    pub method: String,
    /// The whole body; null if it was not JSON.
    pub body: Value,
    /// Lowercase header names with their values.
    pub headers: Vec<(String, String)>,
    /// When it arrived.
    pub at: Timestamp,
    /// The HTTP status of the reply; `None` if nothing was sent.
    pub status: Option<u16>,
    pub outcome: Outcome,
}

impl Recorded {
    /// The value of the header `name`, which must be lowercase.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(known, _)| known == name);
        header.map(|(_, value)| value.as_str())
    }
}

/// A request as stored: unparsed, because that takes a tenth of the memory.
#[derive(Clone, Debug)]
pub struct Request {
    pub service: String,
    pub method: String,
    pub body: Bytes,
    pub headers: Vec<(String, String)>,
    pub at: Timestamp,
    pub status: Option<u16>,
    pub outcome: Outcome,
}

impl Request {
    fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.len() + value.len());
        self.service.len() + self.method.len() + self.body.len() + headers.sum::<usize>()
    }

    fn read(&self) -> Recorded {
        Recorded {
            service: self.service.clone(),
            method: self.method.clone(),
            body: serde_json::from_slice(&self.body).unwrap_or_default(),
            headers: self.headers.clone(),
            at: self.at,
            status: self.status,
            outcome: self.outcome.clone(),
        }
    }
}

/// A request's sequence number, needed to record its outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(usize);

/// The counts and the most recent requests of one sandbox.
#[derive(Clone, Debug, Default)]
pub struct RequestLog {
    hits: BTreeMap<(String, String), usize>,
    latest: VecDeque<Request>,
    bytes: usize,
    /// How many have been dropped, which is also the number of the oldest one kept.
    dropped: usize,
    pub sign_ins: usize,
}

impl RequestLog {
    /// Counts and stores a request that has just arrived.
    pub fn begin(&mut self, request: Request) -> Number {
        let mut name = (request.service.clone(), request.method.clone());
        let known = self.hits.contains_key(&name);
        if !known && (self.hits.len() >= MAX_METHODS || request.method.len() > MAX_METHOD_LEN) {
            name.1.clear();
        }
        *self.hits.entry(name).or_default() += 1;
        self.bytes += request.size();
        self.latest.push_back(request);
        while self.latest.len() > 1 && (self.latest.len() > MAX_REQUESTS || self.bytes > MAX_BYTES) {
            let size = self.latest.pop_front().map_or(0, |oldest| oldest.size());
            self.bytes -= size;
            self.dropped += 1;
        }
        Number(self.dropped + self.latest.len() - 1)
    }

    /// Records the outcome of a request, if it is still stored.
    pub fn end(&mut self, number: Number, status: Option<u16>, outcome: Outcome) {
        let request = number.0.checked_sub(self.dropped).and_then(|place| self.latest.get_mut(place));
        if let Some(request) = request {
            (request.status, request.outcome) = (status, outcome);
        }
    }

    /// How often a method (`method` or `service.method`) was called, whatever the outcome.
    pub fn hits(&self, name: &str) -> usize {
        let counted = self.hits.iter().filter(|((service, method), _)| means(name, service, method));
        counted.map(|(_, count)| count).sum()
    }

    /// Call counts by method name, summed over services.
    pub fn all_hits(&self) -> BTreeMap<&str, usize> {
        let mut all = BTreeMap::new();
        for ((_, method), count) in &self.hits {
            *all.entry(method.as_str()).or_default() += count;
        }
        all
    }

    /// The stored requests with parsed bodies, oldest first.
    pub fn requests(&self) -> Vec<Recorded> {
        self.latest.iter().map(Request::read).collect()
    }

    /// The stored requests, oldest first.
    pub fn latest(&self) -> impl Iterator<Item = &Request> {
        self.latest.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, MAX_METHODS, MAX_REQUESTS, Outcome, Request, RequestLog};
    use jiff::Timestamp;
    use serde_json::json;

    fn request(method: &str, body: &str) -> Request {
        Request {
            service: "user".into(),
            method: method.into(),
            body: body.to_owned().into(),
            headers: vec![("accept".into(), "application/json".into())],
            at: Timestamp::UNIX_EPOCH,
            status: None,
            outcome: Outcome::Unanswered,
        }
    }

    #[test]
    fn all_requests_are_counted_and_the_latest_kept() {
        let mut log = RequestLog::default();
        log.begin(request("first", "{}"));
        for _ in 0..MAX_REQUESTS {
            log.begin(request("retrieve", r#"{"a":1}"#));
        }
        assert_eq!((log.hits("first"), log.hits("user.retrieve")), (1, MAX_REQUESTS));
        assert_eq!((log.hits("never"), log.hits("institution.retrieve")), (0, 0));
        let requests = log.requests();
        assert_eq!((requests.len(), requests[0].method.as_str()), (MAX_REQUESTS, "retrieve"));
        assert_eq!(requests[0].body, json!({"a": 1}));
        assert_eq!(requests[0].header("accept"), Some("application/json"));
        assert_eq!(requests[0].header("cookie"), None);
    }

    #[test]
    fn the_log_is_limited_in_bytes() {
        let mut log = RequestLog::default();
        let body = "x".repeat(MAX_BYTES / 10);
        for _ in 0..100 {
            log.begin(request("retrieve", &body));
        }
        let kept: usize = log.latest().map(Request::size).sum();
        assert!(kept <= MAX_BYTES && kept == log.bytes, "{kept}");
        assert_eq!((log.latest().count(), log.hits("retrieve")), (9, 100));
        log.begin(request("retrieve", &"x".repeat(2 * MAX_BYTES)));
        assert_eq!(log.latest().count(), 1);
    }

    #[test]
    fn unknown_method_names_are_limited() {
        let mut log = RequestLog::default();
        log.begin(request(&"x".repeat(1000), "{}"));
        for number in 0..2 * MAX_METHODS {
            log.begin(request(&format!("method{number}"), "{}"));
        }
        assert!(log.hits.len() <= MAX_METHODS + 1);
        assert_eq!(log.all_hits().values().sum::<usize>(), 2 * MAX_METHODS + 1);
    }

    #[test]
    fn an_outcome_is_recorded_for_its_own_request() {
        let mut log = RequestLog::default();
        let first = log.begin(request("first", "{}"));
        let second = log.begin(request("second", "{}"));
        log.end(first, Some(200), Outcome::Response);
        log.end(second, Some(200), Outcome::Exception("4001|x".into()));
        let outcomes: Vec<Outcome> = log.requests().into_iter().map(|request| request.outcome).collect();
        assert_eq!(outcomes, [Outcome::Response, Outcome::Exception("4001|x".into())]);
        for _ in 0..MAX_REQUESTS {
            log.begin(request("retrieve", "{}"));
        }
        log.end(first, Some(500), Outcome::Spoiled);
        assert!(log.latest().all(|request| request.outcome == Outcome::Unanswered));
    }
}
