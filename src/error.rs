//! The error that ends a command: its cause, the message, a hint, and the chain of errors behind it.

mod category;
mod cause;

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

pub use self::category::{Category, Exit};
pub use self::cause::Cause;

/// Why a command failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The reader closed the output pipe; nobody is left to report to.
    #[error("the output was closed")]
    ClosedPipe,
    /// The user ended a prompt with Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// A failure to report.
    #[error("{}", .0.message)]
    Failed(Box<Report>),
}

/// The result of a command or of one of its steps.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The details of a failure.
///
/// It serializes as the error object of `--json`: the properties of the cause, the texts and the failed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub cause: Cause,
    /// What happened, in lower case and without a full stop.
    pub message: String,
    /// What to do next.
    pub hint: Option<Cow<'static, str>>,
    /// The call that failed, if any.
    pub call: Option<FailedCall>,
    /// The underlying errors.
    pub chain: Option<Chain>,
}

/// A call to the service that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedCall {
    /// `service.method`.
    pub method: String,
    /// The number of HTTP attempts of the method in this run.
    pub attempts: u32,
    /// The call's id in the journal and the log.
    pub correlation_id: String,
}

/// An error with its sources.
#[derive(Clone)]
pub struct Chain(Arc<anyhow::Error>);

impl Error {
    /// A failure with this cause and message.
    pub fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self::Failed(Box::new(Report { cause, message: message.into(), hint: None, call: None, chain: None }))
    }

    /// Nothing is linked for this profile and origin.
    #[must_use]
    pub fn not_linked() -> Self {
        Self::new(Cause::NotLinked, "this profile is not linked to a card").hint("run: getcard login")
    }

    /// A file named by the user cannot be written.
    #[must_use]
    pub fn unwritable(path: &Path, error: &io::Error) -> Self {
        Self::new(Cause::Output, format!("cannot write {}: {error}", path.display()))
            .hint("name a file in a directory that you can write to")
    }

    /// Replaces the hint.
    #[must_use]
    pub fn hint(self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.edit(|report| report.hint = Some(hint.into()))
    }

    /// Names the call that failed.
    #[must_use]
    pub fn of_call(self, call: FailedCall) -> Self {
        self.edit(|report| report.call = Some(call))
    }

    /// Records the underlying error, which `-v` shows.
    #[must_use]
    pub fn caused_by(self, source: impl Into<anyhow::Error>) -> Self {
        self.edit(|report| report.chain = Some(Chain(Arc::new(source.into()))))
    }

    /// Changes the report, if there is one.
    #[must_use]
    pub fn edit(mut self, change: impl FnOnce(&mut Report)) -> Self {
        if let Self::Failed(report) = &mut self {
            change(report);
        }
        self
    }

    /// The report; `None` if there is nothing to report.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Failed(report) => Some(report),
            Self::ClosedPipe | Self::Interrupted => None,
        }
    }

    /// The cause; `None` if there is nothing to report.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.report().map(|report| &report.cause)
    }

    /// The category; `None` if there is nothing to report.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.cause().map(Cause::category)
    }

    /// How long to wait before the next call, if known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.cause().and_then(Cause::retry_after)
    }

    /// The exit status for this error.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::ClosedPipe => Exit::Done,
            Self::Interrupted => Exit::Interrupted,
            Self::Failed(report) => Exit::Failed(report.cause.category()),
        }
    }
}

impl Report {
    /// The message and the failed call in parentheses, on one line.
    #[must_use]
    pub fn line(&self) -> String {
        let method = self.call.as_ref().map(|call| call.method.clone());
        let code = self.cause.exception_code().map(|code| format!("code {code}"));
        let details: Vec<String> = method.into_iter().chain(code).collect();
        if details.is_empty() {
            self.message.clone()
        } else {
            format!("{} ({})", self.message, details.join(", "))
        }
    }
}

impl Chain {
    /// The messages, outermost first.
    pub fn messages(&self) -> impl Iterator<Item = String> {
        self.0.chain().map(ToString::to_string)
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl PartialEq for Chain {
    fn eq(&self, other: &Self) -> bool {
        self.messages().eq(other.messages())
    }
}

impl Eq for Chain {}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let call = self.call.as_ref();
        let mut error = serializer.serialize_struct("error", 9)?;
        error.serialize_field("category", &self.cause.category())?;
        error.serialize_field("code", &self.cause.code())?;
        error.serialize_field("message", &self.message)?;
        error.serialize_field("hint", &self.hint)?;
        error.serialize_field("method", &call.map(|call| &call.method))?;
        error.serialize_field("attempts", &call.map(|call| call.attempts))?;
        error.serialize_field("retryable", &self.cause.is_retryable())?;
        error.serialize_field("retry_after", &self.cause.retry_after().map(|wait| wait.as_secs()))?;
        error.serialize_field("correlation_id", &call.map(|call| &call.correlation_id))?;
        error.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn exit_codes_follow_the_contract() {
        let codes = [
            (Exit::Done, 0),
            (Exit::Failed(Category::Internal), 1),
            (Exit::Failed(Category::Validation), 2),
            (Exit::Failed(Category::Authentication), 3),
            (Exit::Failed(Category::Authorization), 4),
            (Exit::Failed(Category::TransientUpstream), 5),
            (Exit::Unmet, 6),
            (Exit::Interrupted, 130),
            (Exit::Terminated, 143),
        ];
        for (exit, code) in codes {
            assert_eq!(exit.code(), code, "{exit:?}");
        }
    }

    #[test]
    fn a_closed_pipe_is_not_a_failure() {
        assert_eq!(Error::ClosedPipe.exit(), Exit::Done);
        assert_eq!(Error::ClosedPipe.hint("x"), Error::ClosedPipe);
    }

    #[test]
    fn json_is_derived_from_the_cause() {
        let cause = Cause::HttpStatus { status: 429, retry_after: Some(Duration::from_secs(90)) };
        let call = FailedCall {
            method: "commerce.retrieveAccounts".to_owned(),
            attempts: 2,
            correlation_id: "c".to_owned(),
        };
        let error = Error::new(cause, "the service returned HTTP 429").of_call(call);
        assert_eq!(
            error.report().unwrap().line(),
            "the service returned HTTP 429 (commerce.retrieveAccounts)"
        );
        assert_eq!(
            serde_json::to_value(error.report().unwrap()).unwrap(),
            json!({
                "category": "transient_upstream_error",
                "code": "http_429",
                "message": "the service returned HTTP 429",
                "hint": null,
                "method": "commerce.retrieveAccounts",
                "attempts": 2,
                "retryable": true,
                "retry_after": 90,
                "correlation_id": "c",
            })
        );
    }

    #[test]
    fn the_chain_contains_all_underlying_errors() {
        let source = anyhow::Error::msg("connection refused").context("cannot open the socket");
        let error = Error::new(Cause::CannotConnect, "cannot reach the service").caused_by(source);
        let messages: Vec<_> = error.report().unwrap().chain.as_ref().unwrap().messages().collect();
        assert_eq!(messages, ["cannot open the socket", "connection refused"]);
        assert_eq!(error.to_string(), "cannot reach the service");
    }
}
