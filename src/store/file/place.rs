//! The file of the file store: private to its user, replaced as a whole, changed by one process at a time.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::error::FileError;
use crate::platform::paths;

/// The longest file that is read, in bytes; a profile needs one thousand.
const LONGEST: u64 = 1 << 20;
/// How long to wait for another process, and how often to look.
const PATIENCE: Duration = Duration::from_secs(30);
const INTERVAL: Duration = Duration::from_millis(10);

/// Where the store is.
pub struct Place {
    path: PathBuf,
}

/// The right to change the file; given back when dropped, and by the system when the process dies.
pub struct Locked(#[expect(dead_code, reason = "kept open: closing the file gives the lock back")] File);

impl Place {
    /// The store in this directory, which need not exist.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        Self { path: dir.join("store.age") }
    }

    /// The path as it is shown.
    #[must_use]
    pub fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// Whether there is a file.
    #[must_use]
    pub fn exists(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok()
    }

    /// The file's bytes; `None` where there is none.
    ///
    /// # Errors
    /// When it cannot be read, or others could have changed or read it.
    pub fn read(&self) -> Result<Option<Vec<u8>>, FileError> {
        if !self.exists() {
            return Ok(None);
        }
        let path = self.target()?;
        check_dir(path.parent().unwrap_or(&path))?;
        let file = match File::open(&path) {
            Ok(file) => file,
            // Deleted since.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("open", &path, &error)),
        };
        let metadata = file.metadata().map_err(|error| failed("open", &path, &error))?;
        check_file(&path, &metadata)?;
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes).map_err(|error| failed("read", &path, &error))?;
        Ok(Some(bytes))
    }

    /// Waits until no other process changes the file, and keeps it so.
    ///
    /// # Errors
    /// When another process does not let go, or the directory is not for this user alone.
    pub fn lock(&self) -> Result<Locked, FileError> {
        let dir = self.path.parent().unwrap_or(&self.path);
        paths::make_private_dir(dir).map_err(|error| failed("make", dir, &error))?;
        check_dir(dir)?;
        let path = self.path.with_extension("lock");
        let file = open_private(File::options().read(true).write(true).create(true).truncate(false), &path)
            .map_err(|error| failed("open", &path, &error))?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Locked(file)),
                Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => std::thread::sleep(INTERVAL),
                Err(TryLockError::WouldBlock) => return Err(FileError::Busy(self.shown())),
                Err(TryLockError::Error(error)) => return Err(failed("lock", &path, &error)),
            }
        }
    }

    /// Replaces the file as a whole: whatever happens, there is the old one or the new one.
    ///
    /// # Errors
    /// When it cannot be written; the old one is still there then.
    pub fn write(&self, _locked: &Locked, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.target()?;
        // One name for all: under the lock nobody else writes it, and what a crash leaves is used up here.
        let new = path.with_extension("age.new");
        let written = match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => open_private(File::options().write(true).create_new(true), &new)
                .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all())),
        };
        written.map_err(|error| {
            // What is written of it is of no use, and the error says why.
            let _ = fs::remove_file(&new);
            failed("write", &new, &error)
        })?;
        fs::rename(&new, &path).map_err(|error| failed("replace", &path, &error))?;
        sync_dir(&path)
    }

    /// Removes the file; one that is not there is removed already.
    ///
    /// # Errors
    /// When it may still be there.
    pub fn remove(&self, _locked: &Locked) -> Result<(), FileError> {
        let path = self.target()?;
        match fs::remove_file(&path) {
            Ok(()) => sync_dir(&path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(failed("remove", &path, &error)),
        }
    }

    /// The file itself, where the path is a link to it: renaming would replace the link.
    fn target(&self) -> Result<PathBuf, FileError> {
        match fs::canonicalize(&self.path) {
            Ok(path) => Ok(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !self.exists() => Ok(self.path.clone()),
            Err(error) => Err(failed("resolve", &self.path, &error)),
        }
    }
}

fn failed(what: &'static str, path: &Path, error: &io::Error) -> FileError {
    FileError::Io { what, path: path.display().to_string(), why: error.to_string() }
}

fn open_private(options: &mut fs::OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

/// Makes a rename or removal last through a power cut.
#[cfg_attr(not(unix), expect(clippy::unnecessary_wraps, reason = "on Unix it may fail"))]
fn sync_dir(path: &Path) -> Result<(), FileError> {
    #[cfg(unix)]
    if let Some(dir) = path.parent() {
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(|error| failed("write", dir, &error))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// A directory where others may write is one where they may put another store.
#[cfg_attr(not(unix), expect(clippy::unnecessary_wraps, reason = "on Unix it may fail"))]
fn check_dir(dir: &Path) -> Result<(), FileError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let metadata = fs::metadata(dir).map_err(|error| failed("open", dir, &error))?;
        check_owner(dir, &metadata)?;
        if metadata.mode() & 0o022 != 0 {
            return Err(not_private(dir, "may be changed by other users", "chmod go-w"));
        }
    }
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}

/// A file that others may read has perhaps been copied by them.
fn check_file(path: &Path, metadata: &Metadata) -> Result<(), FileError> {
    let damaged = |why| FileError::Damaged { path: path.display().to_string(), why };
    if !metadata.is_file() {
        return Err(damaged("it is no regular file"));
    }
    if metadata.len() > LONGEST {
        return Err(damaged("it is too long"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        check_owner(path, metadata)?;
        if metadata.mode() & 0o077 != 0 {
            return Err(not_private(path, "may be read or changed by other users", "chmod 600"));
        }
    }
    Ok(())
}

#[cfg(unix)]
fn check_owner(path: &Path, metadata: &Metadata) -> Result<(), FileError> {
    use std::os::unix::fs::MetadataExt;
    if metadata.uid() == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    Err(FileError::Unsafe {
        path: path.display().to_string(),
        why: "belongs to another user",
        remedy: "run getcard as the user that it belongs to, with HOME set to that user's".to_owned(),
    })
}

#[cfg(unix)]
fn not_private(path: &Path, why: &'static str, command: &str) -> FileError {
    let path = path.display().to_string();
    let remedy = format!("run: {command} '{path}'");
    FileError::Unsafe { path, why, remedy }
}
