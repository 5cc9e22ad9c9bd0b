//! The audit trail: what was done with the card and its credentials, without the individual calls.

use jiff::Timestamp;
use serde::Serialize;

use super::record::{AuditKind, Event, Outcome, Record};
use crate::error::Category;

/// An entry of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEvent {
    #[serde(serialize_with = "crate::model::time::serialize")]
    pub at: Timestamp,
    pub event: AuditKind,
    pub outcome: Outcome,
    pub profile: String,
    /// The device, by its first and last two characters.
    pub device: Option<String>,
    /// Whether the device was revoked at the service.
    pub remote_revoked: Option<bool>,
    /// More details, or why it failed.
    pub detail: Option<String>,
}

/// Whether the service refused, and would refuse again.
fn is_refusal(outcome: Outcome) -> bool {
    outcome.is_failure() && outcome != Outcome::Failed(Category::TransientUpstream)
}

/// The audit entries of these records since a timestamp, oldest first.
#[must_use]
pub fn trail(records: Vec<Record>, since: Option<Timestamp>) -> Vec<AuditEvent> {
    let recent = records.into_iter().filter(|record| since.is_none_or(|since| record.at >= since));
    recent.filter_map(|record| kind(&record).map(|kind| event(kind, record))).collect()
}

fn kind(record: &Record) -> Option<AuditKind> {
    match record.event {
        Event::Audit(kind) => Some(kind),
        Event::SignIn => is_refusal(record.outcome).then_some(AuditKind::Refusal),
        Event::Call => None,
    }
}

fn event(event: AuditKind, record: Record) -> AuditEvent {
    let state = record.state.map(|state| state.name().to_owned());
    let code = record.code.map(|code| format!("code {code}"));
    AuditEvent {
        at: record.at,
        event,
        outcome: record.outcome,
        profile: record.profile,
        device: record.device,
        remote_revoked: record.remote_revoked,
        detail: record.detail.or(state).or(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::record::WatchState;

    fn record(second: i64, event: Event, outcome: Outcome) -> Record {
        let at = Timestamp::from_second(second).unwrap();
        Record::new(at, event, outcome, "default", "https://x")
    }

    #[test]
    fn calls_are_omitted_and_refusals_are_marked() {
        let refused = Record {
            code: Some("9510".to_owned()),
            ..record(3, Event::SignIn, Outcome::Failed(Category::Authentication))
        };
        let records = vec![
            record(1, Event::Audit(AuditKind::Link), Outcome::Done),
            record(2, Event::SignIn, Outcome::Done),
            record(2, Event::SignIn, Outcome::Failed(Category::TransientUpstream)),
            record(2, Event::SignIn, Outcome::Interrupted),
            record(2, Event::Call, Outcome::Failed(Category::Authentication)),
            refused,
            record(4, Event::Audit(AuditKind::Watch), Outcome::Done).of_watch(WatchState::Expired),
        ];
        let entries: Vec<_> =
            trail(records.clone(), None).into_iter().map(|event| (event.event, event.detail)).collect();
        let expected = [
            (AuditKind::Link, None),
            (AuditKind::Refusal, Some("code 9510".to_owned())),
            (AuditKind::Watch, Some("expired".to_owned())),
        ];
        assert_eq!(entries, expected);
        assert_eq!(trail(records, Some(Timestamp::from_second(4).unwrap())).len(), 1);
    }

    #[test]
    fn names_in_json_and_tables_are_the_same() {
        for kind in [
            AuditKind::Link,
            AuditKind::Unlink,
            AuditKind::Rekey,
            AuditKind::Migrate,
            AuditKind::Watch,
            AuditKind::Code,
            AuditKind::Lost,
            AuditKind::Found,
            AuditKind::Refusal,
        ] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }
}
