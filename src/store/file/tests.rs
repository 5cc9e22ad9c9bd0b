//! Tests of the file store on a real file system.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use super::error::FileError;
use super::{FileStore, seal};
use crate::error::Cause;
use crate::secret::Passphrase;
use crate::store::{Backend, EntryKey, StoreError};

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned()).unwrap()
}

fn store(dir: &Path) -> FileStore {
    let store = FileStore::new(dir);
    store.give(passphrase("correct horse"));
    store
}

fn key(profile: &str) -> EntryKey {
    EntryKey { profile: profile.to_owned(), origin: "https://example.org".to_owned() }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn file_error(result: Result<impl Sized, StoreError>) -> FileError {
    match result.err().unwrap() {
        StoreError::File(error) => error,
        other => panic!("{other}"),
    }
}

/// A store directory with two profiles.
fn filled() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("data").join("getcard");
    let store = store(&dir);
    store.save(&key("a"), b"{\"a\":1}").unwrap();
    store.save(&key("b"), b"{\"b\":2}").unwrap();
    (home, dir)
}

#[test]
fn all_profiles_share_a_private_file_until_the_last_is_deleted() {
    let (_home, dir) = filled();
    let file = dir.join("store.age");
    assert_eq!((mode(&dir), mode(&file), mode(&dir.join("store.lock"))), (0o700, 0o600, 0o600));
    let again = store(&dir);
    assert_eq!(**again.copies(&key("a")).unwrap().remove(0), *b"{\"a\":1}");
    assert!(again.copies(&key("c")).unwrap().is_empty());
    assert_eq!(again.list().unwrap(), [key("a"), key("b")]);
    again.delete(&key("a")).unwrap();
    again.delete(&key("a")).unwrap();
    assert_eq!(store(&dir).list().unwrap(), [key("b")]);
    again.delete(&key("b")).unwrap();
    assert!(!file.exists());
    assert_eq!(again.list().unwrap(), []);
}

#[test]
fn a_wrong_or_missing_passphrase_changes_nothing() {
    let (_home, dir) = filled();
    let before = fs::read(dir.join("store.age")).unwrap();
    let wrong = FileStore::new(&dir);
    wrong.give(passphrase("battery staple"));
    assert!(matches!(file_error(wrong.copies(&key("a"))), FileError::WrongPassphrase(_)));
    assert!(matches!(file_error(wrong.save(&key("a"), b"1")), FileError::WrongPassphrase(_)));
    assert!(matches!(file_error(wrong.delete(&key("a"))), FileError::WrongPassphrase(_)));
    assert!(matches!(file_error(FileStore::new(&dir).copies(&key("a"))), FileError::NoPassphrase(_)));
    assert_eq!(fs::read(dir.join("store.age")).unwrap(), before);
}

#[test]
fn after_rekeying_only_the_new_passphrase_works() {
    let (_home, dir) = filled();
    assert!(store(&dir).rekey(&passphrase("battery staple")).unwrap());
    let new = FileStore::new(&dir);
    new.give(passphrase("battery staple"));
    assert_eq!(new.list().unwrap().len(), 2);
    assert!(matches!(file_error(store(&dir).list()), FileError::WrongPassphrase(_)));
    let empty = tempfile::tempdir().unwrap();
    assert!(!store(empty.path()).rekey(&passphrase("x")).unwrap());
}

#[test]
fn a_symlink_to_the_file_is_kept() {
    let (home, dir) = filled();
    let elsewhere = home.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::rename(dir.join("store.age"), elsewhere.join("real")).unwrap();
    symlink(elsewhere.join("real"), dir.join("store.age")).unwrap();
    store(&dir).save(&key("c"), b"3").unwrap();
    assert!(fs::symlink_metadata(dir.join("store.age")).unwrap().is_symlink());
    assert_eq!((store(&dir).list().unwrap().len(), mode(&elsewhere.join("real"))), (3, 0o600));
    fs::remove_file(elsewhere.join("real")).unwrap();
    assert!(matches!(file_error(store(&dir).list()), FileError::Io { .. }));
}

#[test]
fn an_accessible_file_is_refused_with_the_command_to_fix_it() {
    let (_home, dir) = filled();
    let file = dir.join("store.age");
    for (path, loose, tight, command) in [
        (&file, 0o640, 0o600, "chmod 600"),
        (&file, 0o602, 0o600, "chmod 600"),
        (&dir, 0o770, 0o700, "chmod go-w"),
    ] {
        fs::set_permissions(path, PermissionsExt::from_mode(loose)).unwrap();
        let error = file_error(store(&dir).copies(&key("a")));
        assert!(matches!(error, FileError::Unsafe { .. }), "{error}");
        assert!(error.hint().contains(command), "{}", error.hint());
        fs::set_permissions(path, PermissionsExt::from_mode(tight)).unwrap();
    }
    assert!(store(&dir).copies(&key("a")).unwrap().len() == 1);
}

#[test]
fn unusable_files_are_kept_and_classified() {
    let (_home, dir) = filled();
    let file = dir.join("store.age");
    let newer = seal::seal(br#"{"version":2,"vaults":[]}"#, &passphrase("correct horse")).unwrap();
    let malformed = seal::seal(b"[]", &passphrase("correct horse")).unwrap();
    for (bytes, is_newer) in
        [(&newer[..], true), (&malformed, false), (b"x", false), (&vec![0; 2 << 20], false)]
    {
        fs::write(&file, bytes).unwrap();
        for error in
            [file_error(store(&dir).copies(&key("a"))), file_error(store(&dir).save(&key("a"), b"1"))]
        {
            assert_eq!(matches!(error, FileError::Newer { version: 2, .. }), is_newer, "{error}");
            assert_eq!(error.cause(), Cause::StoreBroken);
        }
        assert_eq!(fs::read(&file).unwrap(), bytes);
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert!(matches!(file_error(store(&dir).copies(&key("a"))), FileError::Damaged { .. }));
}

#[test]
fn leftovers_of_a_crash_are_replaced() {
    let (_home, dir) = filled();
    let left = dir.join("store.age.new");
    symlink("/dev/null", &left).unwrap();
    store(&dir).save(&key("a"), b"4").unwrap();
    assert_eq!(**store(&dir).copies(&key("a")).unwrap().remove(0), *b"4");
    assert!(fs::symlink_metadata(&left).is_err());
}

#[test]
fn concurrent_writers_lose_nothing() {
    let (_home, dir) = filled();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let dir = &dir;
            scope.spawn(move || store(dir).save(&key(&format!("w{writer}")), b"5").unwrap());
        }
    });
    assert_eq!(store(&dir).list().unwrap().len(), 6);
}
