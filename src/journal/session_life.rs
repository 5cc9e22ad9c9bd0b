//! Session lifetimes derived from the journal: from a sign-in to the first call whose session was refused.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::record::{AuditKind, Event, Outcome, Record};
use crate::error::Category;
use crate::get::method::CREATE_PIN;

/// The lifetimes of the sessions that ended, in milliseconds. A lifetime reaches only to the last successful
/// call, because the actual end is unknown.
pub(super) fn of(records: &[&Record]) -> Vec<u64> {
    let mut sessions: HashMap<&str, Session> = HashMap::new();
    let mut lives = Vec::new();
    for record in records {
        match (record.event, record.outcome) {
            (Event::SignIn, Outcome::Done) => {
                let new = Session { began: record.at, last_used: record.at };
                sessions.insert(&record.profile, new);
            }
            (Event::Call, Outcome::Done) => {
                if let Some(session) = sessions.get_mut(record.profile.as_str()) {
                    session.last_used = record.at;
                }
            }
            (Event::Call, Outcome::Failed(Category::Authentication)) if !has_a_web_session(record) => {
                let profile = record.profile.as_str();
                // A call that began before this session was refused for its predecessor.
                if sessions.get(profile).is_some_and(|session| session.began <= start(record)) {
                    lives.extend(sessions.remove(profile).and_then(Session::life));
                }
            }
            (Event::Audit(AuditKind::Unlink), Outcome::Done) => {
                sessions.remove(record.profile.as_str());
            }
            _ => {}
        }
    }
    lives
}

struct Session {
    began: Timestamp,
    last_used: Timestamp,
}

impl Session {
    /// The lifetime in milliseconds; `None` if the clock was set back in between.
    fn life(self) -> Option<u64> {
        u64::try_from(self.last_used.duration_since(self.began).as_millis()).ok()
    }
}

/// Returns whether the call used a web session instead of the device's.
fn has_a_web_session(record: &Record) -> bool {
    record.method == Some(CREATE_PIN.to_string())
}

fn start(record: &Record) -> Timestamp {
    let took =
        SignedDuration::from_millis(record.duration_ms.and_then(|ms| i64::try_from(ms).ok()).unwrap_or(0));
    record.at.checked_sub(took).unwrap_or(record.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(second: i64, event: Event, outcome: Outcome) -> Record {
        let at = Timestamp::from_second(second).unwrap();
        let method = Some("commerce.retrieveAccounts".to_owned());
        Record { method, duration_ms: Some(500), ..Record::new(at, event, outcome, "default", "https://x") }
    }

    fn lives(records: &[Record]) -> Vec<u64> {
        of(&records.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_session_ends_when_it_is_refused() {
        let records = [
            record(100, Event::SignIn, Outcome::Done),
            record(100, Event::Audit(AuditKind::Link), Outcome::Done),
            record(160, Event::Call, Outcome::Done),
            record(170, Event::Call, Outcome::Failed(Category::TransientUpstream)),
            record(400, Event::Call, Outcome::Failed(Category::Authentication)),
            record(401, Event::SignIn, Outcome::Done),
            // A call that was in flight when the first session ended.
            record(401, Event::Call, Outcome::Failed(Category::Authentication)),
            record(411, Event::Call, Outcome::Done),
        ];
        assert_eq!(lives(&records), [60_000]);
    }

    #[test]
    fn records_unrelated_to_the_device_are_ignored() {
        let web = Record {
            method: Some(CREATE_PIN.to_string()),
            ..record(3, Event::Call, Outcome::Failed(Category::Authentication))
        };
        let other = Record {
            profile: "other".to_owned(),
            ..record(4, Event::Call, Outcome::Failed(Category::Authentication))
        };
        let records = [
            record(1, Event::SignIn, Outcome::Done),
            web,
            other,
            record(5, Event::Audit(AuditKind::Unlink), Outcome::Done),
            record(9, Event::Call, Outcome::Failed(Category::Authentication)),
        ];
        assert_eq!(lives(&records), [0_u64; 0]);
    }
}
