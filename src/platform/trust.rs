//! Checks that files and directories are private: files that others may change are not used, and files that
//! they may read are not secret.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

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

/// Checks a directory in which only its user may create and replace files.
///
/// # Errors
/// If others may write there, or it belongs to another user.
pub fn private_dir(dir: &Path) -> Result<(), TrustError> {
    let metadata = fs::metadata(dir)?;
    owned(dir, &metadata)?;
    no_access(dir, &metadata, 0o022)
}

/// Checks a file that only its user may read and change.
///
/// # Errors
/// If others may, or it belongs to another user.
pub fn private_file(path: &Path, metadata: &Metadata) -> Result<(), TrustError> {
    owned(path, metadata)?;
    no_access(path, metadata, 0o077)
}

/// Checks a file whose content getcard acts on, such as the configuration: only its user or root may change
/// or replace it.
///
/// # Errors
/// If others may.
pub fn writable_only_by_owner(path: &Path, metadata: &Metadata) -> Result<(), TrustError> {
    owned_or_roots(path, metadata)?;
    no_access(path, metadata, 0o022)?;
    // The path may be a link: check the directories of both.
    for path in [path, &path.canonicalize()?] {
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let metadata = fs::metadata(dir)?;
        owned_or_roots(dir, &metadata)?;
        if !is_sticky(&metadata) {
            no_access(dir, &metadata, 0o022)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn owner(metadata: &Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::uid(metadata)
}

#[cfg(unix)]
fn owned(path: &Path, metadata: &Metadata) -> Result<(), TrustError> {
    if owner(metadata) == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    let remedy = "run getcard as the user that it belongs to, with HOME set to that user's".to_owned();
    Err(Untrusted { path: path.display().to_string(), why: "belongs to another user", remedy }.into())
}

#[cfg(unix)]
fn owned_or_roots(path: &Path, metadata: &Metadata) -> Result<(), TrustError> {
    if owner(metadata) == 0 { Ok(()) } else { owned(path, metadata) }
}

/// Whether only the owner of a file in it may replace the file, as in `/tmp`.
#[cfg(unix)]
fn is_sticky(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(metadata) & 0o1000 != 0
}

#[cfg(unix)]
fn no_access(path: &Path, metadata: &Metadata, refused: u32) -> Result<(), TrustError> {
    let granted = std::os::unix::fs::MetadataExt::mode(metadata) & refused;
    if granted == 0 {
        return Ok(());
    }
    let path = path.display().to_string();
    let (why, mode) = if refused & 0o044 == 0 {
        ("may be changed by other users", "go-w")
    } else {
        ("may be read or changed by other users", "600")
    };
    let remedy = format!("run: chmod {mode} {}", quoted(&path));
    Err(Untrusted { path, why, remedy }.into())
}

/// Quotes a path for a shell.
#[cfg(unix)]
fn quoted(path: &str) -> String {
    format!("'{}'", path.replace('\'', r"'\''"))
}

#[cfg(not(unix))]
fn owned(_: &Path, _: &Metadata) -> Result<(), TrustError> {
    Ok(())
}

#[cfg(not(unix))]
fn owned_or_roots(_: &Path, _: &Metadata) -> Result<(), TrustError> {
    Ok(())
}

#[cfg(not(unix))]
fn is_sticky(_: &Metadata) -> bool {
    false
}

#[cfg(not(unix))]
fn no_access(_: &Path, _: &Metadata, _: u32) -> Result<(), TrustError> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn set_mode(path: &Path, mode: u32) -> Metadata {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        fs::metadata(path).unwrap()
    }

    #[test]
    fn files_that_others_may_change_are_distrusted() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("it's");
        fs::write(&file, "").unwrap();
        for (mode, private, safe) in
            [(0o600, true, true), (0o644, false, true), (0o620, false, false), (0o602, false, false)]
        {
            let metadata = set_mode(&file, mode);
            assert_eq!(private_file(&file, &metadata).is_ok(), private, "{mode:o}");
            assert_eq!(writable_only_by_owner(&file, &metadata).is_ok(), safe, "{mode:o}");
        }
        let TrustError::Untrusted(error) = private_file(&file, &set_mode(&file, 0o640)).unwrap_err() else {
            panic!("an I/O error")
        };
        let path = dir.path().display();
        assert_eq!(error.to_string(), format!("{path}/it's may be read or changed by other users"));
        assert_eq!(error.remedy, format!(r"run: chmod 600 '{path}/it'\''s'"));
    }

    #[test]
    fn directories_that_others_may_write_to_are_distrusted() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        let metadata = set_mode(&file, 0o600);
        for (mode, private, safe) in [(0o755, true, true), (0o770, false, false), (0o1777, false, true)] {
            set_mode(dir.path(), mode);
            assert_eq!(private_dir(dir.path()).is_ok(), private, "{mode:o}");
            assert_eq!(writable_only_by_owner(&file, &metadata).is_ok(), safe, "{mode:o}");
        }
    }
}
