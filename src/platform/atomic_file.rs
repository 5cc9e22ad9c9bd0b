//! Private files: directories only for this user, atomic writes, reads that never block.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;
use zeroize::Zeroizing;

use super::open_elsewhere;

/// Makes a directory, and the missing ones above it, for this user alone (0700, on Windows an access list).
///
/// # Errors
/// When it cannot be made.
pub fn make_private_dir(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)?;
    restrict(dir);
    Ok(())
}

/// Writes a file that the user names, whole or not at all, for this user alone (0600, on Windows an access list), and makes it last through a
/// power cut.
///
/// What a symbolic link points to is replaced, not the link; a device or a pipe is written into. The directory must
/// exist.
///
/// # Errors
/// When it cannot be written; what was there before is there still.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = PrivateFile::begin(path)?;
    file.write_all(bytes)?;
    file.finish()
}

/// The same for a file of getcard's own, in whose place nothing but a regular file is written: a pipe would be waited
/// for.
///
/// # Errors
/// As [`write_private`].
pub fn write_state(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, bytes, random_name)
}

/// The same for a caller that holds a lock on the file. What a crash leaves beside it is used up by the next write.
///
/// # Errors
/// As [`write_private`].
pub fn write_state_locked(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, bytes, |name| Ok(format!("{name}.new")))
}

fn replace(path: &Path, bytes: &[u8], staging: impl FnOnce(&str) -> io::Result<String>) -> io::Result<()> {
    let mut file = PrivateFile::staged(resolve(path)?, staging)?;
    file.write_all(bytes)?;
    file.finish()
}

/// A file that is written piece by piece, and is there only when it is finished: as [`write_private`] does it.
#[derive(Debug)]
pub struct PrivateFile {
    file: File,
    /// What is renamed to what in the end, and removed without one; a device or a pipe is written into.
    staged: Option<(TempPath, PathBuf)>,
}

impl PrivateFile {
    /// Begins a file.
    ///
    /// # Errors
    /// When nothing can be written there.
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
        // Removes the new file again if anything goes wrong.
        Ok(Self { file, staged: Some((TempPath::try_from_path(new)?, target)) })
    }

    /// Puts the file in its place, and makes it last through a power cut.
    ///
    /// # Errors
    /// As [`write_private`].
    pub fn finish(self) -> io::Result<()> {
        let Some((new, target)) = self.staged else { return Ok(()) };
        self.file.sync_all()?;
        open_elsewhere::replace(&new, &target)?;
        // Nothing is left of the new file for this to remove.
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

/// Removes a file for good, or what a link points to; one that is not there is removed already.
///
/// # Errors
/// When it may still be there.
pub fn remove(path: &Path) -> io::Result<()> {
    let target = resolve(path)?;
    match open_elsewhere::wait(|| fs::remove_file(&target)) {
        Ok(()) => sync_dir(directory(&target)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Reads a regular file of at most `limit` bytes, in a buffer that is wiped. It never waits, as for a pipe.
///
/// # Errors
/// When it cannot be read, is something other than a regular file, or is longer.
pub fn read_regular(path: &Path, limit: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    read_opened(open_regular(path)?, limit)
}

/// Reads a regular file of text, as [`read_regular`].
///
/// # Errors
/// As there, and when it is not UTF-8.
pub fn read_regular_text(path: &Path, limit: u64) -> io::Result<Zeroizing<String>> {
    let bytes = read_regular(path, limit)?;
    let not_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text");
    std::str::from_utf8(&bytes).map(|text| Zeroizing::new(text.to_owned())).map_err(not_text)
}

/// The rest of a file from [`open_regular`].
///
/// # Errors
/// When it cannot be read, or is longer than `limit` bytes.
pub fn read_opened(file: File, limit: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let too_long = || io::Error::new(io::ErrorKind::FileTooLarge, format!("it is longer than {limit} bytes"));
    let length = file.metadata()?.len();
    if length > limit {
        return Err(too_long());
    }
    // A buffer that grows leaves unwiped copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 64));
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_long()) } else { Ok(bytes) }
}

/// Opens a regular file for reading, without blocking if the path is something else.
///
/// # Errors
/// When it cannot be opened, or is something other than a regular file.
pub fn open_regular(path: &Path) -> io::Result<File> {
    open(File::options().read(true), path)
}

/// Opens a file of this user alone, which is created if missing, without blocking if the path is something else.
///
/// # Errors
/// When it cannot be opened, or is something other than a regular file.
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

/// Makes what has just been created private where that is no matter of modes. On file systems without access lists it
/// stays as open as it is; what must be private is checked before use.
fn restrict(path: &Path) {
    #[cfg(windows)]
    let _ = super::trust::make_private(path);
    #[cfg(not(windows))]
    let _ = path;
}

/// The file itself if the path is a link to it: renaming would replace the link.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => Ok(path.to_owned()),
        resolved => resolved,
    }
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a rename or removal last through a power cut.
#[cfg_attr(not(unix), expect(clippy::unnecessary_wraps, reason = "on Unix it may fail"))]
fn sync_dir(dir: &Path) -> io::Result<()> {
    #[cfg(unix)]
    match File::open(dir)?.sync_all() {
        // Some file systems cannot do it for directories.
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
    fn a_file_is_replaced_whole_for_its_user_alone_and_a_link_is_kept() {
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
    fn a_file_in_pieces_is_there_only_when_finished() {
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
    fn what_a_crash_left_is_used_up_under_the_lock() {
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
    fn a_device_is_written_into() {
        write_private(Path::new("/dev/null"), b"x").unwrap();
        assert!(!Path::new("/dev/null").is_file());
    }

    #[test]
    fn reads_are_bounded_and_never_wait() {
        let dir = tempfile::tempdir().unwrap();
        let (file, pipe) = (dir.path().join("file"), dir.path().join("pipe"));
        fs::write(&file, "12345").unwrap();
        assert_eq!(**read_regular(&file, 5).unwrap(), *b"12345");
        assert_eq!(read_regular(&file, 4).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        for path in [&pipe, Path::new("/dev/zero"), dir.path()] {
            assert!(read_regular(path, 5).is_err(), "{}", path.display());
        }
        assert!(open_private(File::options().append(true), &pipe).is_err());
        assert!(write_state(&pipe, b"x").is_err() && write_state_locked(&pipe, b"x").is_err());
    }
}
