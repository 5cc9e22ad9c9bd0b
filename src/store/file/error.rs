//! The errors of the file store, each with its remedy.

use std::borrow::Cow;

use crate::error::Cause;
use crate::platform::trust::Untrusted;

/// Why the file store failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The file was encrypted with another passphrase.
    #[error("the passphrase does not open {0}")]
    WrongPassphrase(String),
    /// A passphrase is needed, and none was given.
    #[error("no passphrase was given for {0}")]
    NoPassphrase(String),
    /// Others could have read or changed the file.
    #[error(transparent)]
    Unsafe(#[from] Untrusted),
    /// The file is not a valid store.
    #[error("{path} cannot be used: {why}")]
    Damaged { path: String, why: &'static str },
    /// The file was written by a later version of getcard.
    #[error("{path} has version {version}, from a newer getcard")]
    Newer { path: String, version: u32 },
    /// Decrypting the file needs more work than getcard is willing to do.
    #[error("{path} needs scrypt work of 2^{asked}, more than the limit of 2^{most}")]
    TooMuchWork {
        path: String,
        /// log2 of the scrypt work that the file needs.
        asked: u8,
        /// log2 of the limit.
        most: u8,
    },
    /// Another process holds the lock.
    #[error("another getcard is using {0}")]
    Busy(String),
    /// Another program has it open, which is an error only on Windows.
    #[error("another program has {0} open")]
    OpenElsewhere(String),
    /// An I/O error.
    #[error("cannot {what} {path}: {why}")]
    Io {
        /// What was tried.
        what: &'static str,
        path: String,
        /// The system's error.
        why: String,
    },
}

impl FileError {
    #[must_use]
    pub fn cause(&self) -> Cause {
        match self {
            Self::WrongPassphrase(_) | Self::NoPassphrase(_) => Cause::StorePassphrase,
            Self::Unsafe(_) => Cause::StoreUnsafe,
            Self::Damaged { .. } | Self::Newer { .. } | Self::TooMuchWork { .. } => Cause::StoreBroken,
            Self::Busy(_) | Self::OpenElsewhere(_) => Cause::StoreBusy,
            Self::Io { .. } => Cause::StoreFailed,
        }
    }

    /// What the user can do.
    #[must_use]
    pub fn hint(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::WrongPassphrase(_) => {
                "use the passphrase that the file was made with; without it, getcard cannot revoke the devices in the file"
            }
            Self::NoPassphrase(_) => {
                "set GETCARD_PASSPHRASE_FILE, or passphrase_command in the configuration file"
            }
            Self::Unsafe(untrusted) => return Cow::Owned(untrusted.remedy.clone()),
            Self::Damaged { .. } => {
                "restore it from a backup; getcard cannot revoke the devices in a file that it cannot read"
            }
            Self::Newer { .. } => "update getcard, or name another store with --store",
            Self::TooMuchWork { .. } => "encrypt it with less work: age -d, then age -p",
            Self::Busy(_) => "let it finish, then try again",
            Self::OpenElsewhere(_) => "close it there, then try again",
            Self::Io { .. } => {
                "make the file and its directory writable for this user, on a disk with free space"
            }
        })
    }
}
