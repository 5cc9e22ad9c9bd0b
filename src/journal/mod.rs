//! The journal: an append-only file of JSON Lines. Failing to write it never fails a command.

pub mod audit;
pub mod figures;
pub mod file;
pub mod openmetrics;
pub mod record;
pub mod service_levels;
mod session_life;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::error::{Category, Cause, Error, Result};
use crate::get::observer::{CallRecord, Observer};
use crate::output::json;
use crate::platform::clock::{Clock, SystemClock};
use file::JournalFile;
use record::{AuditKind, Event, Outcome, Record, WatchState, milliseconds};

/// A handle to the journal, for one profile and origin; clones share it.
#[derive(Clone)]
pub struct Journal(Option<Arc<Open>>);

struct Open {
    file: JournalFile,
    clock: Box<dyn Clock>,
    profile: String,
    origin: String,
    /// Set after a failed write: the journal is off for the rest of the run.
    broken: AtomicBool,
}

impl Journal {
    /// Opens the journal in the state directory; its files are created on the first write.
    #[must_use]
    pub fn within(state_dir: &Path, profile: &str, origin: &str) -> Self {
        Self(Some(Arc::new(Open {
            file: JournalFile::within(state_dir),
            clock: Box::new(SystemClock),
            profile: profile.to_owned(),
            origin: origin.to_owned(),
            broken: AtomicBool::new(false),
        })))
    }

    /// A journal that records nothing.
    #[must_use]
    pub fn off() -> Self {
        Self(None)
    }

    /// The path of the current file; `None` if the journal is off.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.0.as_ref().map(|open| open.file.path())
    }

    /// Checks that the journal can be written, without writing a line.
    ///
    /// # Errors
    /// If it cannot.
    pub fn probe(&self) -> std::io::Result<()> {
        self.0.as_ref().map_or(Ok(()), |open| open.file.probe())
    }

    /// Records the link of a card to a device (its id masked), or the failure.
    pub fn linked(&self, outcome: Result<&str, &Error>) {
        if outcome.is_err_and(is_before_anything) {
            return;
        }
        self.write(AuditKind::Link, |record| match outcome {
            Ok(device) => Record { device: Some(device.to_owned()), ..record },
            Err(error) => record.of_error(error),
        });
    }

    /// Records the unlink of a device (its id masked) and whether the service revoked it, or the failure.
    pub fn unlinked(&self, device: Option<&str>, remote_revoked: Result<bool, &Error>) {
        if remote_revoked.is_err_and(is_before_anything) {
            return;
        }
        self.write(AuditKind::Unlink, |record| {
            let record = Record { device: device.map(ToOwned::to_owned), ..record };
            match remote_revoked {
                Ok(revoked) => Record { remote_revoked: Some(revoked), ..record },
                Err(error) => record.of_error(error),
            }
        });
    }

    /// Records an event without further details, such as a rekey or a lost card report, or its failure.
    pub fn done(&self, kind: AuditKind, outcome: Result<(), &Error>) {
        if outcome.is_err_and(is_before_anything) {
            return;
        }
        self.write(kind, |record| match outcome {
            Ok(()) => record,
            Err(error) => record.of_error(error),
        });
    }

    /// Records the move of a profile to the store `to`.
    pub fn migrated(&self, profile: &str, origin: &str, to: &str) {
        self.write(AuditKind::Migrate, |record| Record {
            profile: profile.to_owned(),
            origin: origin.to_owned(),
            detail: Some(format!("to the {to} store")),
            ..record
        });
    }

    /// Records that a code was shown, and where: in the view, on standard output or in a file.
    pub fn code_shown(&self, place: &str) {
        self.write(AuditKind::Code, |record| Record { detail: Some(place.to_owned()), ..record });
    }

    /// Records a state change of a charge watch, other than completion.
    pub fn watch(&self, state: WatchState) {
        self.write(AuditKind::Watch, |record| record.of_watch(state));
    }

    /// Records that a charge was noticed, with the time since it was made.
    pub fn completed(&self, lag: Duration) {
        self.write(AuditKind::Watch, |record| Record {
            duration_ms: Some(milliseconds(lag)),
            ..record.of_watch(WatchState::Completed)
        });
    }

    fn write(&self, event: impl Into<Event>, fill: impl FnOnce(Record) -> Record) {
        let Some(open) = &self.0 else { return };
        if open.broken.load(Ordering::Relaxed) {
            return;
        }
        let record = Record::new(open.clock.now(), event.into(), Outcome::Done, &open.profile, &open.origin);
        let written = json::line(&fill(record)).map(|line| open.file.append(&line));
        if let Ok(Err(error)) = written {
            tracing::debug!(target: "getcard::journal", %error, "cannot write the journal");
            open.broken.store(true, Ordering::Relaxed);
        }
    }

    /// The records of this origin for all profiles, oldest first.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        let Some(open) = &self.0 else { return Vec::new() };
        let text = open.file.read();
        text.lines().filter_map(Record::parse).filter(|record| record.origin == open.origin).collect()
    }
}

/// Returns whether a command failed before it had any effect: wrong usage, a canceled prompt, or nothing
/// linked.
fn is_before_anything(error: &Error) -> bool {
    match error {
        Error::Failed(report) => {
            let is_wrong = report.cause.category() == Category::Validation && report.call.is_none();
            is_wrong || report.cause == Cause::NotLinked
        }
        Error::Interrupted => true,
        Error::ClosedPipe => false,
    }
}

impl Observer for Journal {
    fn call_ended(&self, call: &CallRecord) {
        self.write(Event::Call, |record| record.of_call(call));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::FailedCall;
    use crate::get::method::AUTHENTICATE_PIN;
    use crate::get::observer::CallOutcome;
    use uuid::Uuid;

    #[test]
    fn records_are_read_by_origin() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::within(dir.path(), "default", "https://x");
        let other = Journal::within(dir.path(), "default", "http://127.0.0.1:1");
        journal.linked(Ok("ab…9f"));
        journal.linked(Err(&Error::new(Cause::Timeout, "x")));
        journal.unlinked(Some("ab…9f"), Ok(true));
        journal.completed(Duration::from_millis(1500));
        let failed = CallOutcome::Failed { category: Category::Authentication, code: Some("4001".into()) };
        journal.call_ended(&CallRecord {
            method: AUTHENTICATE_PIN,
            correlation_id: Uuid::nil(),
            outcome: failed,
            attempts: 2,
            duration: Duration::from_millis(70),
        });
        other.linked(Ok("cd…01"));

        let records = journal.records();
        let seen: Vec<_> = records.iter().map(|it| (it.event, it.outcome, it.code.as_deref())).collect();
        let expected = [
            (Event::Audit(AuditKind::Link), Outcome::Done, None),
            (Event::Audit(AuditKind::Link), Outcome::Failed(Category::TransientUpstream), Some("timeout")),
            (Event::Audit(AuditKind::Unlink), Outcome::Done, None),
            (Event::Audit(AuditKind::Watch), Outcome::Done, None),
            (Event::SignIn, Outcome::Failed(Category::Authentication), Some("4001")),
        ];
        assert_eq!(seen, expected);
        assert_eq!(records[0].device.as_deref(), Some("ab…9f"));
        assert_eq!((records[2].device.as_deref(), records[2].remote_revoked), (Some("ab…9f"), Some(true)));
        assert!(records[3].is_completion());
        assert_eq!((records[4].attempts, records[4].duration_ms), (Some(2), Some(70)));
        assert_eq!(other.records().len(), 1);
    }

    #[test]
    fn a_command_without_effect_is_not_recorded() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::within(dir.path(), "default", "https://x");
        for error in [Error::not_linked(), Error::new(Cause::NoSession, "x"), Error::Interrupted] {
            journal.linked(Err(&error));
            journal.unlinked(None, Err(&error));
            journal.done(AuditKind::Lost, Err(&error));
        }
        assert_eq!(journal.records(), []);
        let call = FailedCall { method: "x.y".to_owned(), attempts: 1, correlation_id: "1".to_owned() };
        journal.linked(Err(&Error::new(
            Cause::Exception { code: None, category: Category::Validation },
            "x",
        )
        .of_call(call)));
        assert_eq!(journal.records().len(), 1, "the service was asked");
    }

    #[test]
    fn a_journal_that_is_off_or_broken_is_silent() {
        Journal::off().linked(Ok("ab…9f"));
        assert_eq!(Journal::off().records(), []);
        let dir = tempfile::tempdir().unwrap();
        let already_linked = dir.path().join("state");
        std::fs::write(&already_linked, "").unwrap();
        let journal = Journal::within(&already_linked, "default", "https://x");
        journal.linked(Ok("ab…9f"));
        std::fs::remove_file(&already_linked).unwrap();
        journal.linked(Ok("ab…9f"));
        assert!(!already_linked.exists(), "a broken journal is not retried");
    }
}
