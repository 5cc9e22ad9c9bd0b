//! Why a path is not trusted: what other users may do with it, and how to fix that.

use std::io;

/// Why a path is not trusted, and how to fix it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} {why}")]
pub struct Untrusted {
    pub path: String,
    pub why: &'static str,
    /// How to fix it.
    pub remedy: String,
}

/// Why a check failed.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// Others could have read or changed it.
    #[error(transparent)]
    Untrusted(#[from] Untrusted),
    /// The check itself failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<TrustError> for io::Error {
    fn from(error: TrustError) -> Self {
        match error {
            TrustError::Io(error) => error,
            TrustError::Untrusted(untrusted) => {
                Self::new(io::ErrorKind::PermissionDenied, format!("{untrusted}; {}", untrusted.remedy))
            }
        }
    }
}

/// The most that other users may do with a file or directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OthersMay {
    DoNothing,
    Read,
    /// Read, and add files to a directory, but not replace or remove those of its user.
    Add,
}
