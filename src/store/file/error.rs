//! The errors of the file store, each with its remedy.

use std::borrow::Cow;

use crate::error::Cause;
use crate::platform::trust::Distrust;

/// Why the file store does not do what it is asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It was sealed with another passphrase.
    #[error("the passphrase does not open {0}")]
    WrongPassphrase(String),
    /// It needs one, and none was given.
    #[error("no passphrase was given for {0}")]
    NoPassphrase(String),
    /// Others could have read or changed it.
    #[error(transparent)]
    Unsafe(#[from] Distrust),
    /// It is not a store of getcard's, or no longer.
    #[error("{path} cannot be used: {why}")]
    Damaged {
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A later version of getcard wrote it.
    #[error("{path} has version {version}, from a newer getcard")]
    Newer { path: String, version: u32 },
    /// It was sealed with more work than getcard spends on opening one.
    #[error("{path} needs scrypt work of 2^{asked}, more than the limit of 2^{most}")]
    TooMuchWork {
        path: String,
        /// The logarithm of what it asks for.
        asked: u8,
        /// The logarithm of what is spent.
        most: u8,
    },
    /// Another process keeps its lock.
    #[error("another getcard is using {0}")]
    Busy(String),
    /// Another program keeps it open, as only Windows lets it.
    #[error("another program has {0} open")]
    OpenElsewhere(String),
    /// The system refuses.
    #[error("cannot {what} {path}: {why}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// With which file.
        path: String,
        /// The system's reason.
        why: String,
    },
}

impl FileError {
    /// Why it failed, as callers see it.
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

    /// What to do now.
    #[must_use]
    pub fn hint(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::WrongPassphrase(_) => {
                "use the passphrase that the file was made with; without it, getcard cannot revoke the devices in the file"
            }
            Self::NoPassphrase(_) => {
                "set GETCARD_PASSPHRASE_FILE, or passphrase_command in the configuration file"
            }
            Self::Unsafe(distrust) => return Cow::Owned(distrust.remedy.clone()),
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
