//! The five error categories, and the exit codes of the process.

use std::process::ExitCode;

use serde::{Deserialize, Serialize};

/// An error category; scripts branch on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Category {
    /// Invalid, expired or revoked credentials, or none at all.
    #[serde(rename = "authentication_error")]
    Authentication,
    /// The credentials are valid but may not do this.
    #[serde(rename = "authorization_error")]
    Authorization,
    /// The service or the network is failing temporarily.
    #[serde(rename = "transient_upstream_error")]
    TransientUpstream,
    /// The request is malformed or impossible.
    #[serde(rename = "validation_error")]
    Validation,
    /// Anything unexpected, on this machine or in a reply.
    #[serde(rename = "internal_error")]
    Internal,
}

impl Category {
    /// The name in JSON, such as `authentication_error`.
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

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It did what was asked.
    Done,
    /// A condition that the user asked about does not hold.
    Unmet,
    /// Ended by Ctrl-C.
    Interrupted,
    /// Ended by SIGTERM, SIGHUP or SIGQUIT, or on Windows by the end of the console or the session.
    Terminated,
    /// It failed; the error was already reported.
    Failed(Category),
}

impl Exit {
    /// The exit code of the process.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_text_use_the_same_name() {
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
}
