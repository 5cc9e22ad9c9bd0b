//! Checks who may read and change a file, by its owner and access list.

use std::fs::Metadata;
use std::io;
use std::path::Path;

use windows_permissions::constants::{SeObjectType, SecurityInformation};
use windows_permissions::utilities::current_process_sid;
use windows_permissions::wrappers::{
    ConvertSecurityDescriptorToStringSecurityDescriptor, GetNamedSecurityInfo, SetNamedSecurityInfo,
};
use windows_permissions::{LocalBox, SecurityDescriptor, Sid};

use super::error::{OthersMay, TrustError, Untrusted};
use super::sddl::{self, CHANGE, READ, REPLACE};

const FILE: SeObjectType = SeObjectType::SE_FILE_OBJECT;

pub fn owned(path: &Path, _: &Metadata) -> Result<(), TrustError> {
    let (descriptor, user) = (descriptor(path)?, current_process_sid()?);
    // Files that an administrator creates belong to the Administrators group.
    if sddl::owner(&descriptor).is_some_and(|owner| sddl::is_trusted(owner) || is(owner, &user)) {
        return Ok(());
    }
    let remedy = "run getcard as the user that it belongs to".to_owned();
    Err(Untrusted { path: shown(path), why: "belongs to another user", remedy }.into())
}

pub fn owned_or_systems(path: &Path, metadata: &Metadata) -> Result<(), TrustError> {
    owned(path, metadata)
}

pub fn limited(path: &Path, _: &Metadata, others: OthersMay) -> Result<(), TrustError> {
    let (refused, why) = match others {
        OthersMay::DoNothing => (READ | CHANGE, "may be read or changed by other users"),
        OthersMay::Read => (CHANGE, "may be changed by other users"),
        OthersMay::Add => (REPLACE, "may be changed by other users"),
    };
    let (descriptor, user) = (descriptor(path)?, current_process_sid()?);
    let strangers: Vec<String> = sddl::allowed(&descriptor, refused)
        .into_iter()
        .filter(|who| !sddl::is_trusted(who) && !is(who, &user))
        .map(numeric)
        .collect();
    if strangers.is_empty() {
        return Ok(());
    }
    let path = shown(path);
    // Converts inherited entries to the file's own, then removes those of these users.
    let remedy = format!("run: icacls \"{path}\" /inheritance:d /remove {}", strangers.join(" "));
    Err(Untrusted { path, why, remedy }.into())
}

/// Gives a new file or directory an access list of its own that inherits nothing: only its user, the system, and
/// administrators have access.
pub fn make_private(path: &Path) -> io::Result<()> {
    let user = current_process_sid()?;
    // The contents of a directory inherit the list.
    let flags = if path.is_dir() { "OICI" } else { "" };
    let list = format!("D:P(A;{flags};FA;;;{user})(A;{flags};FA;;;SY)(A;{flags};FA;;;BA)");
    let descriptor: LocalBox<SecurityDescriptor> = list.parse()?;
    let parts = SecurityInformation::Dacl | SecurityInformation::ProtectedDacl;
    SetNamedSecurityInfo(path, FILE, parts, None, None, descriptor.dacl(), None)
}

fn descriptor(path: &Path) -> io::Result<String> {
    let parts = SecurityInformation::Owner | SecurityInformation::Dacl;
    let descriptor = GetNamedSecurityInfo(path, FILE, parts)?;
    let text = ConvertSecurityDescriptorToStringSecurityDescriptor(&descriptor, parts)?;
    Ok(text.to_string_lossy().into_owned())
}

/// Returns whether a SID in a descriptor, numeric or two letters, is this user's.
fn is(who: &str, user: &Sid) -> bool {
    who.parse::<LocalBox<Sid>>().is_ok_and(|sid| *sid == *user)
}

/// A user or group as a numeric SID, which `icacls` accepts in every language.
fn numeric(who: &str) -> String {
    who.parse::<LocalBox<Sid>>().map_or_else(|_| who.to_owned(), |sid| format!("*{}", *sid))
}

/// A path without the `\\?\` prefix that canonicalization adds.
fn shown(path: &Path) -> String {
    let path = path.display().to_string();
    match path.strip_prefix(r"\\?\") {
        Some(rest) if rest.get(1..2) == Some(":") => rest.to_owned(),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::{TrustError, private_dir, private_file, writable_only_by_owner};
    use super::*;

    fn set_list(path: &Path, list: &str) {
        let descriptor: LocalBox<SecurityDescriptor> = list.parse().unwrap();
        let parts = SecurityInformation::Dacl | SecurityInformation::ProtectedDacl;
        SetNamedSecurityInfo(path, FILE, parts, None, None, descriptor.dacl(), None).unwrap();
    }

    #[test]
    fn files_that_others_may_change_are_distrusted() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        let metadata = fs::metadata(&file).unwrap();
        let me = current_process_sid().unwrap();
        make_private(dir.path()).unwrap();
        let cases = [("", true, true), ("(A;;FR;;;WD)", false, true), ("(A;;FRFW;;;WD)", false, false)];
        for (entry, private, obeyed) in cases {
            set_list(&file, &format!("D:P(A;;FA;;;{me}){entry}"));
            let results = (private_file(&file, &metadata), writable_only_by_owner(&file, &metadata));
            assert_eq!((results.0.is_ok(), results.1.is_ok()), (private, obeyed), "{entry:?}: {results:?}");
        }
        let TrustError::Untrusted(error) = private_file(&file, &metadata).unwrap_err() else {
            panic!("an I/O error")
        };
        assert_eq!(error.why, "may be read or changed by other users");
        let path = file.display();
        assert_eq!(error.remedy, format!("run: icacls \"{path}\" /inheritance:d /remove *S-1-1-0"));
        make_private(&file).unwrap();
        assert!(private_file(&file, &metadata).is_ok());
    }

    #[test]
    fn directories_that_others_may_write_to_are_distrusted() {
        let dir = tempfile::tempdir().unwrap();
        make_private(dir.path()).unwrap();
        assert!(private_dir(dir.path()).is_ok());
        set_list(dir.path(), "D:P(A;OICI;FA;;;WD)");
        assert!(private_dir(dir.path()).is_err());
    }

    #[test]
    fn every_directory_that_was_missing_is_private() {
        let dir = tempfile::tempdir().unwrap();
        make_private(dir.path()).unwrap();
        let (outer, inner) = (dir.path().join("outer"), dir.path().join("outer").join("inner"));
        crate::platform::atomic_file::make_private_dir(&inner).unwrap();
        for made in [outer, inner] {
            let metadata = fs::metadata(&made).unwrap();
            assert!(limited(&made, &metadata, OthersMay::DoNothing).is_ok(), "{}", made.display());
        }
    }

    #[test]
    fn a_canonical_path_is_shown_without_its_prefix() {
        assert_eq!(shown(Path::new(r"\\?\C:\Users\me\store.age")), r"C:\Users\me\store.age");
        assert_eq!(shown(Path::new(r"\\?\UNC\server\share\store.age")), r"\\?\UNC\server\share\store.age");
    }
}
