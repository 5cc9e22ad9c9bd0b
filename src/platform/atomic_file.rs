//! Private files: directories with mode 0700, atomic writes, reads that never block.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;
use zeroize::Zeroizing;

use super::open_elsewhere;

/// Creates a directory and its missing parents, accessible only to this user (0700 on Unix, an access list on
/// Windows).
///
/// # Errors
/// If it cannot be created.
pub fn make_private_dir(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let missing: Vec<&Path> = dir.ancestors().take_while(|dir| !dir.is_dir()).collect();
    builder.create(dir)?;
    // From the top, because the access list of a directory is inherited by what is created in it.
    missing.into_iter().rev().filter(|dir| dir.is_dir()).for_each(restrict);
    Ok(())
}

/// Atomically writes a file named by the user, accessible only to this user (0600 on Unix, an access list on
/// Windows), and syncs it to disk.
///
/// If the path is a symbolic link, its target is replaced, not the link; a device or a pipe is written to
/// directly. The directory must exist.
///
/// # Errors
/// If it cannot be written; an existing file is then unchanged.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = PrivateFile::begin(path)?;
    file.write_all(bytes)?;
    file.finish()
}

/// Like [`write_private`] for one of getcard's own files. Anything but a regular file is refused, because
/// writing to a pipe would block.
///
/// # Errors
/// If it cannot be written; an existing file is then unchanged.
pub fn write_state(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, bytes, random_name)
}

/// Like [`write_state`] for a caller that holds a lock on the file: the next write replaces a crash's leftovers.
///
/// # Errors
/// If it cannot be written; an existing file is then unchanged.
pub fn write_state_locked(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, bytes, |name| Ok(format!("{name}.new")))
}

fn replace(path: &Path, bytes: &[u8], staging: impl FnOnce(&str) -> io::Result<String>) -> io::Result<()> {
    let mut file = PrivateFile::staged(resolve(path)?, staging)?;
    file.write_all(bytes)?;
    file.finish()
}

/// A file that is written in pieces and appears atomically when finished, like [`write_private`].
#[derive(Debug)]
pub struct PrivateFile {
    file: File,
    /// The temporary file (removed on drop) and its final path; `None` for a device or a pipe.
    staged: Option<(TempPath, PathBuf)>,
}

impl PrivateFile {
    /// Starts a file.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub fn begin(path: &Path) -> io::Result<Self> {
        let target = resolve(path)?;
        if target.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return Ok(Self { file: File::options().write(true).open(&target)?, staged: None });
        }
        Self::staged(target, random_name)
    }

    fn staged(target: PathBuf, staging: impl FnOnce(&str) -> io::Result<String>) -> io::Result<Self> {
        if target.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return Err(not_regular());
        }
        let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
        let new = directory(&target).join(staging(&name)?);
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = private(File::options().write(true).create_new(true)).open(&new)?;
        restrict(&new);
        // Removes the temporary file if anything goes wrong.
        Ok(Self { file, staged: Some((TempPath::try_from_path(new)?, target)) })
    }

    /// Moves the file to its final path and syncs it to disk.
    ///
    /// # Errors
    /// If it cannot be written; an existing file is then unchanged.
    pub fn finish(self) -> io::Result<()> {
        let Some((new, target)) = self.staged else { return Ok(()) };
        self.file.sync_all()?;
        open_elsewhere::replace(&new, &target)?;
        // The rename moved the temporary file, so there is nothing to delete on drop.
        drop(new);
        sync_dir(directory(&target))
    }
}

impl Write for PrivateFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn random_name(name: &str) -> io::Result<String> {
    let random = getrandom::u64().map_err(io::Error::other)?;
    Ok(format!(".{name}.{random:016x}.new"))
}

/// Removes a file durably, or the target of a link; a missing file is not an error.
///
/// # Errors
/// If it may still be there.
pub fn remove(path: &Path) -> io::Result<()> {
    let target = resolve(path)?;
    match open_elsewhere::wait(|| fs::remove_file(&target)) {
        Ok(()) => sync_dir(directory(&target)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Reads a regular file of at most `limit` bytes into a buffer that is wiped on drop. Never blocks on a pipe.
///
/// # Errors
/// If it cannot be read, is not a regular file, or is longer.
pub fn read_regular(path: &Path, limit: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    read_opened(open_regular(path)?, limit)
}

/// Reads a regular text file, like [`read_regular`].
///
/// # Errors
/// Like [`read_regular`], or if it is not UTF-8.
pub fn read_regular_text(path: &Path, limit: u64) -> io::Result<Zeroizing<String>> {
    let bytes = read_regular(path, limit)?;
    let not_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text");
    std::str::from_utf8(&bytes).map(|text| Zeroizing::new(text.to_owned())).map_err(not_text)
}

/// Reads the rest of a file from [`open_regular`].
///
/// # Errors
/// If it cannot be read, or is longer than `limit` bytes.
pub fn read_opened(file: File, limit: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let too_long = || io::Error::new(io::ErrorKind::FileTooLarge, format!("it is longer than {limit} bytes"));
    let length = file.metadata()?.len();
    if length > limit {
        return Err(too_long());
    }
    // Growing the buffer would leave unwiped copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 64));
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_long()) } else { Ok(bytes) }
}

/// Opens a regular file for reading, without blocking if the path is something else.
///
/// # Errors
/// If it cannot be opened, or is not a regular file.
pub fn open_regular(path: &Path) -> io::Result<File> {
    open(File::options().read(true), path)
}

/// Opens a private file (0600), creating it if missing, without blocking if the path is something else.
///
/// # Errors
/// If it cannot be opened, or is not a regular file.
pub fn open_private(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    open(private(options.create(true)), path)
}

fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
        std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags);
    }
    let file = open_elsewhere::wait(|| options.open(path))?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(not_regular()) }
}

fn not_regular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Restricts a new file or directory to this user on systems where the mode does not. On a file system without
/// access lists it stays open; private files are checked before use.
fn restrict(path: &Path) {
    #[cfg(windows)]
    let _ = super::trust::make_private(path);
    #[cfg(not(windows))]
    let _ = path;
}

/// Resolves links: a rename would replace the link itself.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => Ok(path.to_owned()),
        resolved => resolved,
    }
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a rename or removal durable.
#[cfg_attr(not(unix), expect(clippy::unnecessary_wraps, reason = "on Unix it may fail"))]
fn sync_dir(dir: &Path) -> io::Result<()> {
    #[cfg(unix)]
    match File::open(dir)?.sync_all() {
        // Some file systems do not support it for directories.
        Err(error) if !matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            return Err(error);
        }
        _ => {}
    }
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_write_is_atomic_and_private_and_keeps_a_symlink() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("a.svg"), dir.path().join("b.svg"));
        fs::write(&file, "a longer text than the new one").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        symlink(&file, &link).unwrap();
        for write in [write_private, write_state, write_state_locked] {
            write(&link, b"new").unwrap();
            assert_eq!(fs::read(&file).unwrap(), b"new");
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            assert!(link.is_symlink());
            assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
        }
        assert!(write_private(&dir.path().join("nowhere").join("a.svg"), b"x").is_err());
        let dangling = dir.path().join("dangling");
        symlink(dir.path().join("gone"), &dangling).unwrap();
        assert!(write_private(&dangling, b"x").is_err() && dangling.is_symlink());
    }

    #[test]
    fn a_file_appears_only_when_finished() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("history.csv");
        let write = |file: &mut PrivateFile| {
            file.write_all(b"one ").unwrap();
            file.write_all(b"two").unwrap();
        };
        let mut given_up = PrivateFile::begin(&path).unwrap();
        write(&mut given_up);
        drop(given_up);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        let mut file = PrivateFile::begin(&path).unwrap();
        write(&mut file);
        assert!(!path.exists());
        file.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn leftovers_of_a_crash_are_replaced_under_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store");
        fs::write(dir.path().join("store.new"), "half a sto").unwrap();
        write_state_locked(&path, b"whole").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        remove(&path).unwrap();
        remove(&path).unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_device_is_written_to() {
        write_private(Path::new("/dev/null"), b"x").unwrap();
        assert!(!Path::new("/dev/null").is_file());
    }

    #[test]
    fn reads_are_bounded_and_never_block() {
        let dir = tempfile::tempdir().unwrap();
        let (file, pipe) = (dir.path().join("file"), dir.path().join("pipe"));
        fs::write(&file, "12345").unwrap();
        assert_eq!(**read_regular(&file, 5).unwrap(), *b"12345");
        assert_eq!(read_regular(&file, 4).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [&pipe, Path::new("/dev/zero"), dir.path()] {
            assert!(read_regular(path, 5).is_err(), "{}", path.display());
        }
        assert!(open_private(File::options().append(true), &pipe).is_err());
        assert!(write_state(&pipe, b"x").is_err() && write_state_locked(&pipe, b"x").is_err());
    }
}
