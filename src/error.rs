//! The one error that ends a command: what happened, what to do now, and the exit code that follows.

use std::borrow::Cow;
use std::process::ExitCode;
use std::time::Duration;

use serde::Serialize;

/// The five categories of failures of S0; scripts decide on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Category {
    /// Invalid, expired or revoked credentials, or none at all.
    #[serde(rename = "authentication_error")]
    Authentication,
    /// The credentials are good, the resource is not theirs.
    #[serde(rename = "authorization_error")]
    Authorization,
    /// The service or the way to it fails for now.
    #[serde(rename = "transient_upstream_error")]
    TransientUpstream,
    /// What was asked for is malformed or impossible.
    #[serde(rename = "validation_error")]
    Validation,
    /// Anything unexpected, on this machine or in an answer.
    #[serde(rename = "internal_error")]
    Internal,
}

impl Category {
    /// The name that scripts see, for example `authentication_error`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Authentication => "authentication_error",
            Self::Authorization => "authorization_error",
            Self::TransientUpstream => "transient_upstream_error",
            Self::Validation => "validation_error",
            Self::Internal => "internal_error",
        }
    }
}

/// How a command ended, beside its output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done as asked.
    Done,
    /// The condition that was asked for does not hold.
    Unmet,
    /// Ended by Ctrl-C.
    Interrupted,
    /// Ended by SIGTERM or SIGHUP.
    Terminated,
    /// Failed in this category; either an error line or a document has said so.
    Failed(Category),
}

impl Exit {
    /// The process's exit code, by the table of the contract.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed(Category::Internal) => 1,
            Self::Failed(Category::Validation) => 2,
            Self::Failed(Category::Authentication) => 3,
            Self::Failed(Category::Authorization) => 4,
            Self::Failed(Category::TransientUpstream) => 5,
            Self::Unmet => 6,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// What is known of a failure; the fields that do not apply are `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// One of the five categories.
    pub category: Category,
    /// The service's code (`4001`), or one of ours (`store_locked`).
    pub code: Option<Cow<'static, str>>,
    /// What happened, lower case, without a full stop.
    pub message: String,
    /// What to do now.
    pub hint: Option<Cow<'static, str>>,
    /// The call that failed, as `service.method`.
    pub method: Option<String>,
    /// HTTP attempts of that method in this run.
    pub attempts: Option<u32>,
    /// The call's id in the journal and the log.
    pub correlation_id: Option<String>,
    /// How long the service asks to wait before the next call.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

/// Why a command could not go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Whoever read our output has gone: nothing is left to say.
    #[error("the reader of the output has gone")]
    ClosedPipe,
    /// The user ended a prompt with Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// A failure to report.
    #[error("{}", .0.message)]
    Failed(Box<Report>),
}

/// What a command, or a step of it, comes to.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A failure of a category with its message.
    pub fn new(category: Category, message: impl Into<String>) -> Self {
        Self::Failed(Box::new(Report {
            category,
            code: None,
            message: message.into(),
            hint: None,
            method: None,
            attempts: None,
            correlation_id: None,
            retry_after: None,
        }))
    }

    /// A failure of what the user asked for.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new(Category::Validation, message)
    }

    /// A failure of the credentials.
    pub fn authentication(message: impl Into<String>) -> Self {
        Self::new(Category::Authentication, message)
    }

    /// A failure on this machine, or an answer of unexpected shape.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Category::Internal, message)
    }

    /// A failure that may be gone at the next try.
    pub fn transient(message: impl Into<String>) -> Self {
        Self::new(Category::TransientUpstream, message)
    }

    /// Nothing is linked under this profile and origin.
    #[must_use]
    pub fn not_linked() -> Self {
        Self::authentication("this profile is not linked to a card")
            .code("not_linked")
            .hint("run: getcard login")
    }

    /// The same failure with a code.
    #[must_use]
    pub fn code(self, code: impl Into<Cow<'static, str>>) -> Self {
        self.edit(|report| report.code = Some(code.into()))
    }

    /// The same failure with a hint, in place of any that it had.
    #[must_use]
    pub fn hint(self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.edit(|report| report.hint = Some(hint.into()))
    }

    /// The same failure after a change of its report.
    #[must_use]
    pub fn edit(mut self, change: impl FnOnce(&mut Report)) -> Self {
        if let Self::Failed(report) = &mut self {
            change(report);
        }
        self
    }

    /// The failure's category; `None` where there is nothing to report.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        match self {
            Self::Failed(report) => Some(report.category),
            Self::ClosedPipe | Self::Interrupted => None,
        }
    }

    /// How long the service asks to wait before the next call.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Failed(report) => report.retry_after,
            Self::ClosedPipe | Self::Interrupted => None,
        }
    }

    /// Whether the service itself refuses the credentials, not a gateway before it.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        let Self::Failed(report) = self else { return false };
        let gateway = report.code.as_deref().is_some_and(|code| code.starts_with("http_"));
        report.category == Category::Authentication && !gateway
    }

    /// How a process that ends with this error exits.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::ClosedPipe => Exit::Done,
            Self::Interrupted => Exit::Interrupted,
            Self::Failed(report) => Exit::Failed(report.category),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_category_is_named_alike_in_text_and_json() {
        for category in [
            Category::Authentication,
            Category::Authorization,
            Category::TransientUpstream,
            Category::Validation,
            Category::Internal,
        ] {
            assert_eq!(serde_json::to_value(category).unwrap(), category.name());
        }
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        assert_eq!(Error::ClosedPipe.exit(), Exit::Done);
        assert_eq!(Error::ClosedPipe.hint("x"), Error::ClosedPipe);
    }
}
