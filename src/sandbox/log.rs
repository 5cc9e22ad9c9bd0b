//! What the sandbox has seen: every call that reached the application, counted, and the latest in full.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;
use serde_json::Value;

/// So many requests are kept; older ones are counted only.
const KEPT: usize = 4096;

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The last part of the path: `authentication`, `user`, `commerce`, `institution`.
    pub service: String,
    /// The envelope's method; empty where the body was no envelope.
    pub method: String,
    /// The whole body; null where it was no JSON.
    pub body: Value,
    /// Header names in lower case, and their values.
    pub headers: Vec<(String, String)>,
    /// When it came.
    pub at: Timestamp,
}

impl Recorded {
    /// The value of the header `name`, which is in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(known, _)| known == name);
        header.map(|(_, value)| value.as_str())
    }
}

/// Counts and records of one sandbox's life.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    hits: HashMap<String, usize>,
    latest: VecDeque<Recorded>,
    pub(super) sign_ins: usize,
}

impl Log {
    pub(super) fn record(&mut self, request: Recorded) {
        *self.hits.entry(request.method.clone()).or_default() += 1;
        if self.latest.len() == KEPT {
            self.latest.pop_front();
        }
        self.latest.push_back(request);
    }

    /// How often `method` was called, however the call ended.
    pub(super) fn hits(&self, method: &str) -> usize {
        self.hits.get(method).copied().unwrap_or_default()
    }

    /// The calls of each method, for the wire.
    pub(super) fn all_hits(&self) -> &HashMap<String, usize> {
        &self.hits
    }

    /// The latest requests, oldest first.
    pub(super) fn requests(&self) -> Vec<Recorded> {
        self.latest.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT, Log, Recorded};
    use jiff::Timestamp;
    use serde_json::Value;

    fn recorded(method: &str) -> Recorded {
        Recorded {
            service: "user".into(),
            method: method.into(),
            body: Value::Null,
            headers: vec![("accept".into(), "application/json".into())],
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn counts_all_and_keeps_the_latest() {
        let mut log = Log::default();
        log.record(recorded("first"));
        for _ in 0..KEPT {
            log.record(recorded("retrieve"));
        }
        assert_eq!((log.hits("first"), log.hits("retrieve")), (1, KEPT));
        assert_eq!(log.hits("never"), 0);
        let requests = log.requests();
        assert_eq!((requests.len(), requests[0].method.as_str()), (KEPT, "retrieve"));
        assert_eq!(requests[0].header("accept"), Some("application/json"));
        assert_eq!(requests[0].header("cookie"), None);
    }
}
