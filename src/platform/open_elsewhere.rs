//! Retries while another program has a file open, which on Windows prevents opening or replacing it. Usually that
//! is brief, as when antivirus software scans a new file.

use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// How long to retry.
const PATIENCE: Duration = Duration::from_secs(2);
/// The interval between attempts.
const INTERVAL: Duration = Duration::from_millis(20);

/// `ERROR_SHARING_VIOLATION` and `ERROR_LOCK_VIOLATION`.
const IN_USE: [i32; 2] = [32, 33];

/// Runs a file operation, retrying while another program has the file open.
///
/// # Errors
/// As the operation; [`io::ErrorKind::ResourceBusy`] if the other program keeps the file open.
pub fn wait<T>(operation: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    wait_while(operation, |error| cfg!(windows) && is_in_use(error), PATIENCE)
}

/// Renames a file over another, retrying as [`wait`] does.
///
/// # Errors
/// As [`wait`].
pub fn replace(new: &Path, old: &Path) -> io::Result<()> {
    wait(|| std::fs::rename(new, old).map_err(|error| reason(error, old)))
}

/// Why a file was not replaced: if it is open, Windows denies access although this user may delete it.
#[cfg(windows)]
fn reason(error: io::Error, old: &Path) -> io::Error {
    use std::os::windows::fs::OpenOptionsExt;
    /// The access right to delete a file.
    const DELETE: u32 = 0x1_0000;
    if error.kind() != io::ErrorKind::PermissionDenied {
        return error;
    }
    match std::fs::File::options().access_mode(DELETE).open(old).and_then(|file| file.metadata()) {
        Ok(metadata) if metadata.is_file() && !metadata.permissions().readonly() => {
            io::Error::from_raw_os_error(IN_USE[0])
        }
        Err(other) if is_in_use(&other) => other,
        _ => error,
    }
}

#[cfg(not(windows))]
fn reason(error: io::Error, _: &Path) -> io::Error {
    error
}

fn is_in_use(error: &io::Error) -> bool {
    error.raw_os_error().is_some_and(|code| IN_USE.contains(&code))
}

fn wait_while<T>(
    mut operation: impl FnMut() -> io::Result<T>,
    is_busy: impl Fn(&io::Error) -> bool,
    patience: Duration,
) -> io::Result<T> {
    let start = Instant::now();
    loop {
        match operation() {
            Err(error) if is_busy(&error) && start.elapsed() < patience => thread::sleep(INTERVAL),
            Err(error) if is_busy(&error) => {
                return Err(io::Error::new(io::ErrorKind::ResourceBusy, "another program has it open"));
            }
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_use() -> io::Error {
        io::Error::from_raw_os_error(IN_USE[0])
    }

    #[test]
    fn a_file_in_use_is_waited_for() {
        let mut attempts = 0;
        let operation = || {
            attempts += 1;
            if attempts < 3 { Err(in_use()) } else { Ok(attempts) }
        };
        assert_eq!(wait_while(operation, is_in_use, Duration::MAX).unwrap(), 3);
    }

    #[test]
    fn a_file_that_stays_in_use_is_reported_as_open() {
        let error = wait_while(|| Err::<(), _>(in_use()), is_in_use, Duration::ZERO).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ResourceBusy);
        assert_eq!(error.to_string(), "another program has it open");
    }

    #[test]
    fn other_errors_are_not_waited_for() {
        let mut attempts = 0;
        let operation = || {
            attempts += 1;
            Err::<(), _>(io::ErrorKind::PermissionDenied.into())
        };
        let error = wait_while(operation, is_in_use, Duration::MAX).unwrap_err();
        assert_eq!((error.kind(), attempts), (io::ErrorKind::PermissionDenied, 1));
    }

    #[cfg(windows)]
    #[test]
    fn an_open_file_is_replaced_once_it_is_closed() {
        use std::fs::{self, File};
        use std::os::windows::fs::OpenOptionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (new, old) = (dir.path().join("new"), dir.path().join("old"));
        fs::write(&new, "new").unwrap();
        fs::write(&old, "old").unwrap();
        // A share mode of reading and writing, but not deleting.
        let open = File::options().read(true).share_mode(3).open(&old).unwrap();
        assert_eq!(replace(&new, &old).unwrap_err().kind(), io::ErrorKind::ResourceBusy);
        assert_eq!(fs::read(&old).unwrap(), b"old");
        let replace_while_open = |open: File| {
            thread::scope(|scope| {
                let replaced = scope.spawn(|| replace(&new, &old));
                drop(open);
                replaced.join().unwrap().unwrap();
            });
        };
        replace_while_open(open);
        assert_eq!(fs::read(&old).unwrap(), b"new");
        // Rust's default share mode allows everything; getcard's own readers use it.
        fs::write(&new, "newer").unwrap();
        replace_while_open(File::open(&old).unwrap());
        assert_eq!(fs::read(&old).unwrap(), b"newer");
    }
}
