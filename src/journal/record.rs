//! A journal record: what happened, when, to which profile, and the outcome. No secrets, payloads or amounts.

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{Category, Error};
use crate::get::method::AUTHENTICATE_PIN;
use crate::get::observer::{CallOutcome, CallRecord};
use crate::secret::redact;

/// The start of every line; after a line cut short by a full disk, it marks where the next one begins.
const START: &str = "{\"at\":";
/// The maximum length of a text from the service or the user, in characters.
const MAX_TEXT: usize = 100;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A call to the service, other than a sign-in.
    Call,
    /// The call that signs a device in.
    SignIn,
    #[serde(untagged)]
    Audit(AuditKind),
}

/// What was done with the card or its credentials, or failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    Link,
    Unlink,
    /// The passphrase of the file store was changed.
    Rekey,
    /// A profile was moved to another store.
    Migrate,
    /// The state of a charge watch changed.
    Watch,
    /// A code was shown.
    Code,
    /// The card was reported lost.
    Lost,
    /// The card was reported found.
    Found,
    /// The service refused to sign the device in. Derived from a sign-in, never written.
    Refusal,
}

impl AuditKind {
    /// The name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Unlink => "unlink",
            Self::Rekey => "rekey",
            Self::Migrate => "migrate",
            Self::Watch => "watch",
            Self::Code => "code",
            Self::Lost => "lost",
            Self::Found => "found",
            Self::Refusal => "refusal",
        }
    }
}

impl From<AuditKind> for Event {
    fn from(kind: AuditKind) -> Self {
        Self::Audit(kind)
    }
}

/// The state of a charge watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WatchState {
    /// A code is shown and the balances are known.
    Active,
    /// A charge was noticed.
    Completed,
    /// Nothing was charged in time.
    Expired,
    /// The service no longer accepts the credentials.
    Revoked,
    /// Neither code nor balance is available.
    Unavailable,
}

impl WatchState {
    /// The name in the journal.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Completed => "completed",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Unavailable => "unavailable",
        }
    }

    fn outcome(self) -> Outcome {
        match self {
            Self::Active | Self::Completed | Self::Expired => Outcome::Done,
            Self::Revoked => Outcome::Failed(Category::Authentication),
            Self::Unavailable => Outcome::Failed(Category::TransientUpstream),
        }
    }
}

/// How an event ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    #[serde(rename = "ok")]
    Done,
    /// The command was interrupted before the reply came.
    #[serde(rename = "interrupted")]
    Interrupted,
    #[serde(untagged)]
    Failed(Category),
}

impl Outcome {
    /// The name in the journal and in metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "ok",
            Self::Interrupted => "interrupted",
            Self::Failed(category) => category.name(),
        }
    }

    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

/// A journal record; fields that do not apply are omitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// When the event ended.
    pub at: Timestamp,
    pub event: Event,
    pub outcome: Outcome,
    /// The cause of a failure: the service's code, or getcard's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The method called, as `service.method`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The call's id, also found in errors and the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// The number of HTTP attempts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// The duration, including pauses; for a completed watch, the time from the charge until it was noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// The device, by its first and last two characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Whether the device was revoked at the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_revoked: Option<bool>,
    /// The state of a charge watch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<WatchState>,
    /// More details.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    pub profile: String,
    /// Scheme, host and port of the service.
    pub origin: String,
}

impl Record {
    /// A record without details.
    #[must_use]
    pub fn new(at: Timestamp, event: Event, outcome: Outcome, profile: &str, origin: &str) -> Self {
        Self {
            at,
            event,
            outcome,
            code: None,
            method: None,
            correlation_id: None,
            attempts: None,
            duration_ms: None,
            device: None,
            remote_revoked: None,
            state: None,
            detail: None,
            profile: profile.to_owned(),
            origin: origin.to_owned(),
        }
    }

    /// Adds the result of a call.
    #[must_use]
    pub fn of_call(self, call: &CallRecord) -> Self {
        let (outcome, code) = match &call.outcome {
            CallOutcome::Done | CallOutcome::NoDevice => (Outcome::Done, None),
            CallOutcome::Interrupted => (Outcome::Interrupted, None),
            CallOutcome::Failed { category, code } => (Outcome::Failed(*category), code.as_deref()),
        };
        let is_sign_in = call.method == AUTHENTICATE_PIN && call.outcome != CallOutcome::NoDevice;
        Self {
            event: if is_sign_in { Event::SignIn } else { Event::Call },
            outcome,
            code: code.map(harmless),
            method: Some(harmless(&call.method.to_string())),
            correlation_id: Some(call.correlation_id.to_string()),
            attempts: Some(call.attempts),
            duration_ms: Some(milliseconds(call.duration)),
            ..self
        }
    }

    /// Adds the error that ended the event.
    #[must_use]
    pub fn of_error(self, error: &Error) -> Self {
        let Error::Failed(report) = error else { return Self { outcome: Outcome::Interrupted, ..self } };
        let call = report.call.as_ref();
        Self {
            outcome: Outcome::Failed(report.cause.category()),
            code: report.cause.code().as_deref().map(harmless),
            correlation_id: call.map(|call| call.correlation_id.clone()),
            method: call.map(|call| harmless(&call.method)),
            ..self
        }
    }

    /// Adds the state of a charge watch.
    #[must_use]
    pub fn of_watch(self, state: WatchState) -> Self {
        Self { outcome: state.outcome(), state: Some(state), ..self }
    }

    /// Returns whether the record is a completed charge watch.
    #[must_use]
    pub fn is_completion(&self) -> bool {
        self.state == Some(WatchState::Completed)
    }

    /// Parses a line; `None` if it contains no record.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let whole = serde_json::from_str(line).ok();
        whole.or_else(|| serde_json::from_str(&line[line.rfind(START)?..]).ok())
    }
}

#[must_use]
pub fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Redacts and shortens text from outside.
fn harmless(text: &str) -> String {
    let masked: Cow<'_, str> = redact::text(text);
    masked.chars().take(MAX_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Cause;

    fn record() -> Record {
        Record::new(
            Timestamp::UNIX_EPOCH,
            Event::Audit(AuditKind::Link),
            Outcome::Done,
            "default",
            "https://x",
        )
    }

    #[test]
    fn a_line_omits_absent_fields_and_starts_with_the_time() {
        let line = serde_json::to_string(&record()).unwrap();
        assert_eq!(
            line,
            r#"{"at":"1970-01-01T00:00:00Z","event":"link","outcome":"ok","profile":"default","origin":"https://x"}"#
        );
        assert!(line.starts_with(START));
        assert_eq!(Record::parse(&line), Some(record()));
    }

    #[test]
    fn a_line_after_a_truncated_one_is_parsed() {
        let line = serde_json::to_string(&record()).unwrap();
        assert_eq!(Record::parse(&format!("{}{line}", &line[..40])), Some(record()));
        assert_eq!(Record::parse(&line[..40]), None);
        assert_eq!(Record::parse("é{\"at\":"), None);
    }

    #[test]
    fn outcome_names_in_lines_and_metrics_are_the_same() {
        for outcome in [
            Outcome::Done,
            Outcome::Interrupted,
            Outcome::Failed(Category::Authentication),
            Outcome::Failed(Category::Authorization),
            Outcome::Failed(Category::TransientUpstream),
            Outcome::Failed(Category::Validation),
            Outcome::Failed(Category::Internal),
        ] {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.name());
        }
    }

    #[test]
    fn state_names_in_lines_and_the_audit_trail_are_the_same() {
        for state in [
            WatchState::Active,
            WatchState::Completed,
            WatchState::Expired,
            WatchState::Revoked,
            WatchState::Unavailable,
        ] {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
    }

    #[test]
    fn codes_are_redacted() {
        let error = Error::new(
            Cause::SignInRefused { code: Some("1770664011112345678907".to_owned()), unknown_device: false },
            "x",
        );
        assert_eq!(record().of_error(&error).code.as_deref(), Some(redact::MASK));
    }
}
