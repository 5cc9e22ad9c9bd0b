//! Checks who may read and change a file, by its owner and mode.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::error::{OthersMay, TrustError, Untrusted};

pub fn owned(path: &Path, metadata: &Metadata) -> Result<(), TrustError> {
    if metadata.uid() == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    let remedy = "run getcard as the user that it belongs to, with HOME set to that user's".to_owned();
    Err(Untrusted { path: path.display().to_string(), why: "belongs to another user", remedy }.into())
}

pub fn owned_or_systems(path: &Path, metadata: &Metadata) -> Result<(), TrustError> {
    if metadata.uid() == 0 { Ok(()) } else { owned(path, metadata) }
}

pub fn limited(path: &Path, metadata: &Metadata, others: OthersMay) -> Result<(), TrustError> {
    // In a sticky directory, such as `/tmp`, only the owner of a file may replace it.
    let is_sticky = metadata.mode() & 0o1000 != 0;
    let (refused, why, mode) = match others {
        OthersMay::DoNothing => (0o077, "may be read or changed by other users", "600"),
        OthersMay::Add if is_sticky => return Ok(()),
        OthersMay::Read | OthersMay::Add => (0o022, "may be changed by other users", "go-w"),
    };
    if metadata.mode() & refused == 0 {
        return Ok(());
    }
    let path = path.display().to_string();
    let remedy = format!("run: chmod {mode} {}", quoted(&path));
    Err(Untrusted { path, why, remedy }.into())
}

/// Quotes a path for the shell.
fn quoted(path: &str) -> String {
    format!("'{}'", path.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::super::{TrustError, private_dir, private_file, writable_only_by_owner};
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn set_mode(path: &Path, mode: u32) -> Metadata {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        fs::metadata(path).unwrap()
    }

    #[test]
    fn files_that_others_may_change_are_distrusted() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("it's");
        fs::write(&file, "").unwrap();
        for (mode, private, obeyed) in
            [(0o600, true, true), (0o644, false, true), (0o620, false, false), (0o602, false, false)]
        {
            let metadata = set_mode(&file, mode);
            assert_eq!(private_file(&file, &metadata).is_ok(), private, "{mode:o}");
            assert_eq!(writable_only_by_owner(&file, &metadata).is_ok(), obeyed, "{mode:o}");
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
        for (mode, private, obeyed) in [(0o755, true, true), (0o770, false, false), (0o1777, false, true)] {
            set_mode(dir.path(), mode);
            assert_eq!(private_dir(dir.path()).is_ok(), private, "{mode:o}");
            assert_eq!(writable_only_by_owner(&file, &metadata).is_ok(), obeyed, "{mode:o}");
        }
    }
}
