//! The journal's files: concurrent appends of whole lines, rotated over three files of one megabyte.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::platform::atomic_file::{self, make_private_dir};
use crate::platform::lock::{self, LockError};
use crate::platform::trust;

/// The size at which the file is rotated, in bytes.
const MAX_SIZE: u64 = 1 << 20;
/// How many rotated files are kept.
const ROTATED_FILES: usize = 2;

/// The journal's files in their directory.
#[derive(Debug, Clone)]
pub struct JournalFile {
    path: PathBuf,
    max_size: u64,
}

impl JournalFile {
    /// The journal in `dir`, which need not exist yet.
    #[must_use]
    pub fn within(dir: &Path) -> Self {
        Self { path: dir.join("journal.jsonl"), max_size: MAX_SIZE }
    }

    /// The current file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a line, which must end with a line feed, in a single write so that concurrent lines do not mix.
    ///
    /// # Errors
    /// If the line is not written, or only in part.
    pub fn append(&self, line: &[u8]) -> io::Result<()> {
        let mut file = self.open()?;
        if file.write(line)? < line.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        if file.metadata()?.len() >= self.max_size { self.rotate() } else { Ok(()) }
    }

    /// Checks that the file can be opened for writing, creating it if necessary.
    ///
    /// # Errors
    /// If it cannot.
    pub fn probe(&self) -> io::Result<()> {
        self.open().map(drop)
    }

    fn open(&self) -> io::Result<File> {
        let dir = self.path.parent().unwrap_or(&self.path);
        make_private_dir(dir)?;
        trust::private_dir(dir)?;
        atomic_file::open_private(File::options().append(true), &self.path)
    }

    /// Shifts each file to the next number, dropping the last. A process with an open file keeps writing to it.
    fn rotate(&self) -> io::Result<()> {
        let _lock = match lock::acquire(&self.path.with_extension("lock"), Duration::ZERO) {
            Err(LockError::Busy) => return Ok(()),
            Err(LockError::Io(error)) => return Err(error),
            Ok(lock) => lock,
        };
        // Another process may have rotated before this one got the lock.
        match fs::metadata(&self.path) {
            Ok(found) if found.len() >= self.max_size => {}
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => return Ok(()),
        }
        for place in (1..=ROTATED_FILES).rev() {
            match fs::rename(self.place(place - 1), self.place(place)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The path of file `place`: 0 is the current one, older ones count up.
    fn place(&self, place: usize) -> PathBuf {
        if place == 0 { self.path.clone() } else { self.path.with_extension(format!("jsonl.{place}")) }
    }

    /// Reads all files, oldest lines first; unreadable files are skipped.
    #[must_use]
    pub fn read(&self) -> String {
        let mut text = Vec::new();
        if trust::private_dir(self.path.parent().unwrap_or(&self.path)).is_err() {
            return String::new();
        }
        for place in (0..=ROTATED_FILES).rev() {
            // Writers exceed the size limit by a few lines at most.
            if let Ok(bytes) = atomic_file::read_regular(&self.place(place), 2 * self.max_size) {
                text.extend_from_slice(&bytes);
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn journal(dir: &Path, max_size: u64) -> JournalFile {
        JournalFile { max_size, ..JournalFile::within(&dir.join("state")) }
    }

    #[test]
    fn three_files_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let journal = journal(dir.path(), 20);
        for number in 10..30 {
            journal.append(format!("line {number}\n").as_bytes()).unwrap();
        }
        // Files of three lines: 10-12, 13-15, … 25-27, 28-29.
        let kept: Vec<String> = (22..30).map(|number| format!("line {number}")).collect();
        assert_eq!(journal.read().lines().collect::<Vec<_>>(), kept);
        let files = fs::read_dir(journal.path().parent().unwrap()).unwrap().count();
        assert_eq!(files, 4, "three files and the lock");
    }

    #[test]
    fn concurrent_writers_neither_mix_nor_lose_lines() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Arc::new(journal(dir.path(), 8 << 10));
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let journal = Arc::clone(&journal);
                std::thread::spawn(move || {
                    for line in 0..50 {
                        journal.append(format!("{writer} {line:040}\n").as_bytes()).unwrap();
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        let text = journal.read();
        assert_eq!(text.lines().count(), 400);
        assert!(text.lines().all(|line| line.len() == 42), "{text}");
    }

    #[cfg(unix)]
    #[test]
    fn files_are_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let journal = journal(dir.path(), 1);
        journal.append(b"a\n").unwrap();
        journal.append(b"b\n").unwrap();
        for file in fs::read_dir(journal.path().parent().unwrap()).unwrap() {
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn an_unwritable_place_is_an_error_at_once() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("state"), "a file in the way").unwrap();
        assert!(journal(dir.path(), 1).append(b"a\n").is_err());
        assert_eq!(journal(dir.path(), 1).read(), "");
    }
}
