//! Whether a file or directory is private to its user: files that others may change are not used, and files that they
//! may read are not secret.

#[cfg(windows)]
mod access_list;
#[cfg(unix)]
mod modes;
#[cfg(any(windows, test))]
mod sddl;

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

#[cfg(windows)]
pub(super) use self::access_list::make_private;
#[cfg(windows)]
use self::access_list::{limited, owned, owned_or_systems};
#[cfg(unix)]
use self::modes::{limited, owned, owned_or_systems};

/// Why a path is not trusted, and what helps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} {why}")]
pub struct Distrust {
    /// The file or directory.
    pub path: String,
    /// What is wrong with it.
    pub why: &'static str,
    /// What to do about it.
    pub remedy: String,
}

/// Why a path does not pass.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// Others could have read or changed it.
    #[error(transparent)]
    Distrust(#[from] Distrust),
    /// It cannot be looked at.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<TrustError> for io::Error {
    fn from(error: TrustError) -> Self {
        match error {
            TrustError::Io(error) => error,
            TrustError::Distrust(distrust) => {
                Self::new(io::ErrorKind::PermissionDenied, format!("{distrust}; {}", distrust.remedy))
            }
        }
    }
}

/// The most that other users may do with a file or directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OthersMay {
    DoNothing,
    Read,
    /// Read, and add files to a directory, but not replace or remove those of its user.
    Add,
}

/// Checks a directory in which only its user may make and replace files.
///
/// # Errors
/// When others may write there, or it belongs to someone else.
pub fn private_dir(dir: &Path) -> Result<(), TrustError> {
    let metadata = fs::metadata(dir)?;
    owned(dir, &metadata)?;
    limited(dir, &metadata, OthersMay::Read)
}

/// Checks a file that only its user may read and change.
///
/// # Errors
/// When others may, or it belongs to someone else.
pub fn private_file(path: &Path, metadata: &Metadata) -> Result<(), TrustError> {
    owned(path, metadata)?;
    limited(path, metadata, OthersMay::DoNothing)
}

/// Checks a file whose content getcard acts on: only its user or the system may change or replace it.
///
/// # Errors
/// When others may.
pub fn obeyed_file(path: &Path, metadata: &Metadata) -> Result<(), TrustError> {
    owned_or_systems(path, metadata)?;
    limited(path, metadata, OthersMay::Read)?;
    // The file itself may lie elsewhere, behind a link.
    for path in [path, &path.canonicalize()?] {
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let metadata = fs::metadata(dir)?;
        owned_or_systems(dir, &metadata)?;
        limited(dir, &metadata, OthersMay::Add)?;
    }
    Ok(())
}
