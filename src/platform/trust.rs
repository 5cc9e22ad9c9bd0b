//! Checks that files and directories are private: files that others may change are not used, and files that
//! they may read are not secret.

#[cfg(windows)]
mod access_list;
mod error;
#[cfg(unix)]
mod modes;
#[cfg(any(windows, test))]
mod sddl;

use std::fs::{self, Metadata};
use std::path::Path;

#[cfg(windows)]
pub(super) use self::access_list::make_private;
#[cfg(windows)]
use self::access_list::{limited, owned, owned_or_systems};
use self::error::OthersMay;
pub use self::error::{TrustError, Untrusted};
#[cfg(unix)]
use self::modes::{limited, owned, owned_or_systems};

/// Checks a directory in which only its user may create and replace files.
///
/// # Errors
/// If others may write there, or it belongs to another user.
pub fn private_dir(dir: &Path) -> Result<(), TrustError> {
    let metadata = fs::metadata(dir)?;
    owned(dir, &metadata)?;
    limited(dir, &metadata, OthersMay::Read)
}

/// Checks a file that only its user may read and change.
///
/// # Errors
/// If others may, or it belongs to another user.
pub fn private_file(path: &Path, metadata: &Metadata) -> Result<(), TrustError> {
    owned(path, metadata)?;
    limited(path, metadata, OthersMay::DoNothing)
}

/// Checks a file whose content getcard acts on, such as the configuration: only its user or the system may change
/// or replace it.
///
/// # Errors
/// If others may.
pub fn writable_only_by_owner(path: &Path, metadata: &Metadata) -> Result<(), TrustError> {
    owned_or_systems(path, metadata)?;
    limited(path, metadata, OthersMay::Read)?;
    // The path may be a link: check the directories of both.
    for path in [path, &path.canonicalize()?] {
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let metadata = fs::metadata(dir)?;
        owned_or_systems(dir, &metadata)?;
        limited(dir, &metadata, OthersMay::Add)?;
    }
    Ok(())
}
