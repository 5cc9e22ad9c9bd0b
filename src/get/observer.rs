//! Observation of calls: the outcome of each call, without its content.

use std::borrow::Cow;
use std::cell::Cell;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::failure::CallError;
use super::method::Method;
use crate::error::Category;

/// The outcome of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallOutcome {
    /// The service replied.
    Done,
    /// The service does not know the device, and the call only asked whether it does.
    NoDevice,
    /// It failed after its retries.
    Failed {
        category: Category,
        /// The service's code, or getcard's own.
        code: Option<Cow<'static, str>>,
    },
    /// Interrupted, by Ctrl-C for example: the service may or may not have processed it.
    Interrupted,
}

/// A completed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    pub method: Method,
    /// The call's id in the log.
    pub correlation_id: Uuid,
    pub outcome: CallOutcome,
    /// The number of HTTP attempts.
    pub attempts: u32,
    /// From the first attempt to the end, including back-off.
    pub duration: Duration,
}

/// Observes calls. Its methods run in the middle of a command and must be fast.
pub trait Observer {
    /// An HTTP attempt begins; attempts are counted from 1.
    fn attempt_begins(&self, _method: &Method, _attempt: u32) {}

    /// A call has ended.
    fn call_ended(&self, call: &CallRecord);
}

/// A call in progress; notifies the observer when it ends or is dropped.
pub(super) struct Watch<'a> {
    observer: Option<&'a dyn Observer>,
    pub(super) method: Method,
    pub(super) correlation_id: Uuid,
    start: Instant,
    /// The time until the reply, once there is one.
    duration: Option<Duration>,
    attempts: Cell<u32>,
}

impl<'a> Watch<'a> {
    pub(super) fn start(observer: Option<&'a dyn Observer>, method: &Method, correlation_id: Uuid) -> Self {
        Self {
            observer,
            method: method.clone(),
            correlation_id,
            start: Instant::now(),
            duration: None,
            attempts: Cell::new(0),
        }
    }

    /// Counts an HTTP attempt.
    pub(super) fn attempt(&self) {
        self.attempts.set(self.attempts.get() + 1);
        if let Some(observer) = self.observer {
            observer.attempt_begins(&self.method, self.attempts.get());
        }
    }

    /// The number of HTTP attempts so far.
    pub(super) fn attempts(&self) -> u32 {
        self.attempts.get()
    }

    /// The service has replied; the rest does not count toward the call's duration.
    pub(super) fn answered(&mut self) {
        self.duration = Some(self.start.elapsed());
    }

    pub(super) fn ended<T>(mut self, result: &Result<T, CallError>) {
        self.notify(match result {
            Ok(_) => CallOutcome::Done,
            Err(error) => CallOutcome::Failed { category: error.category(), code: error.cause().code() },
        });
    }

    pub(super) fn ended_without_device(mut self) {
        self.notify(CallOutcome::NoDevice);
    }

    fn notify(&mut self, outcome: CallOutcome) {
        if let Some(observer) = self.observer.take() {
            observer.call_ended(&CallRecord {
                method: self.method.clone(),
                correlation_id: self.correlation_id,
                outcome,
                attempts: self.attempts(),
                duration: self.duration.unwrap_or_else(|| self.start.elapsed()),
            });
        }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.notify(CallOutcome::Interrupted);
    }
}
