//! Obtains the passphrase of the file store from a file, a command or the user.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use zeroize::Zeroizing;

use crate::error::{Cause, Error, Result};
use crate::platform::atomic_file;
use crate::platform::trust::{self, TrustError};
use crate::secret::Passphrase;
use crate::terminal::prompt;
use crate::terminal::ui::Ui;

/// The maximum length of a passphrase, in bytes: a device or a command may never end.
const MAX_LENGTH: usize = 64 << 10;
/// The length, in characters, below which a typed passphrase causes a warning.
const WEAK_LENGTH: usize = 12;

/// Obtains the store's passphrase from the file in `GETCARD_PASSPHRASE_FILE`, else from the configured
/// command, else by prompting (twice if it is new).
///
/// # Errors
/// [`Cause::StorePassphrase`] if none is available; [`Error::Interrupted`] on Ctrl-C.
pub async fn obtain(ui: &Ui, command: Option<&str>, new: bool) -> Result<Passphrase> {
    if let Some(path) = std::env::var_os("GETCARD_PASSPHRASE_FILE").filter(|path| !path.is_empty()) {
        return from_file(ui, Path::new(&path));
    }
    if let Some(command) = command {
        return from_command(command.to_owned()).await;
    }
    if new { ask_new(ui).await } else { ask(ui, "Passphrase of the file store").await }
}

/// Obtains a new passphrase, from a file or by prompting twice.
///
/// # Errors
/// Like [`obtain`].
pub async fn obtain_new(ui: &Ui, file: Option<&Path>) -> Result<Passphrase> {
    match file {
        Some(path) => from_file(ui, path),
        None => ask_new(ui).await,
    }
}

async fn ask_new(ui: &Ui) -> Result<Passphrase> {
    let first = ask(ui, "New passphrase for the file store").await?;
    if first.expose().chars().count() < WEAK_LENGTH {
        ui.warn("anyone who copies the file can guess a passphrase this short");
    }
    if ask(ui, "Repeat the passphrase").await? != first {
        return Err(passphrase_error("the two passphrases differ").hint("try again"));
    }
    Ok(first)
}

async fn ask(ui: &Ui, question: &str) -> Result<Passphrase> {
    if !ui.can_ask() {
        return Err(passphrase_error("the file store needs its passphrase, and getcard cannot prompt here")
            .hint("set GETCARD_PASSPHRASE_FILE, or passphrase_command in the configuration file"));
    }
    whole(&prompt::hidden_line(question).await?, "the passphrase is empty")
}

fn from_file(ui: &Ui, path: &Path) -> Result<Passphrase> {
    let unreadable = |error: io::Error| {
        let not_regular = error.kind() == io::ErrorKind::InvalidInput;
        passphrase_error(format!("cannot read the passphrase from {}: {error}", path.display())).hint(
            if not_regular {
                "set passphrase_command in the configuration file to take it from a program"
            } else {
                "name a file that this user can read"
            },
        )
    };
    let file = atomic_file::open_regular(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    trust::writable_only_by_owner(path, &metadata).map_err(|error| match error {
        TrustError::Untrusted(untrusted) => {
            Error::new(Cause::StoreUnsafe, format!("the passphrase file is not safe to use: {untrusted}"))
                .hint(untrusted.remedy)
        }
        TrustError::Io(error) => unreadable(error),
    })?;
    if let Err(TrustError::Untrusted(untrusted)) = trust::private_file(path, &metadata) {
        ui.warn(&format!("{untrusted}; {}", untrusted.remedy));
    }
    let bytes = atomic_file::read_opened(file, MAX_LENGTH as u64).map_err(unreadable)?;
    first_line(&bytes, &format!("{} contains no passphrase", path.display()))
}

/// Reads at most [`MAX_LENGTH`] bytes. The buffer never grows: that would leave unwiped copies behind.
fn beginning(from: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_LENGTH));
    from.take(MAX_LENGTH as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

async fn from_command(command: String) -> Result<Passphrase> {
    let (done, answer) = tokio::sync::oneshot::channel();
    // A separate thread, so that Ctrl-C ends the wait.
    std::thread::spawn(move || done.send(run(&command)));
    let answer = answer.await.map_err(|_| passphrase_error("the passphrase command did not finish"))?;
    let (status, output) = answer.map_err(|error| {
        passphrase_error(format!("cannot start the passphrase command: {error}")).hint(FIX_COMMAND)
    })?;
    if !status.success() {
        return Err(passphrase_error(format!("the passphrase command failed: {status}")).hint(FIX_COMMAND));
    }
    first_line(&output, "the passphrase command printed nothing")
}

const FIX_COMMAND: &str = "fix passphrase_command in the configuration file";

/// Runs the command in the shell, without standard input, which may contain a validated URL.
fn run(command: &str) -> io::Result<(ExitStatus, Zeroizing<Vec<u8>>)> {
    let mut child =
        shell(command).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
    // A command that never stops printing gets a closed pipe.
    let output = child.stdout.take().map(beginning).transpose()?.unwrap_or_default();
    Ok((child.wait()?, output))
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

/// cmd takes everything between the first and the last quotation mark literally; it has no escape for them.
#[cfg(windows)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    std::os::windows::process::CommandExt::raw_arg(&mut shell, format!("/D /S /C \"{command}\""));
    shell
}

/// The passphrase is the first line; what follows is for people, as in the files of password managers.
fn first_line(bytes: &[u8], empty: &str) -> Result<Passphrase> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| passphrase_error("the passphrase is not UTF-8 text"))?;
    whole(text.lines().next().unwrap_or_default(), empty)
}

fn whole(text: &str, empty: &str) -> Result<Passphrase> {
    Passphrase::new(text)
        .ok_or_else(|| passphrase_error(empty).hint("use a passphrase of at least one character"))
}

fn passphrase_error(message: impl Into<String>) -> Error {
    Error::new(Cause::StorePassphrase, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_file(path: &Path) -> Result<Passphrase> {
        super::from_file(&Ui::plain(false), path)
    }

    fn cause(result: Result<Passphrase>) -> Cause {
        result.err().unwrap().cause().unwrap().clone()
    }

    #[test]
    fn the_first_line_of_a_file_is_the_passphrase() {
        // Private to its user, so there is no warning.
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path();
        for text in ["correct horse ", "correct horse \n", "correct horse \r\nlogin: me\n"] {
            std::fs::write(path, text).unwrap();
            assert_eq!(from_file(path).unwrap_or_else(|error| panic!("{error}")).expose(), "correct horse ");
        }
        for bytes in [&b""[..], b"\nsecond", b"\xff"] {
            std::fs::write(path, bytes).unwrap();
            assert_eq!(cause(from_file(path)), Cause::StorePassphrase);
        }
        assert_eq!(cause(from_file(&path.join("absent"))), Cause::StorePassphrase);
    }

    #[cfg(windows)]
    #[tokio::test]
    async fn a_cmd_command_prints_the_passphrase() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a passphrase");
        std::fs::write(&file, "correct horse\r\nsecond line\r\n").unwrap();
        let quoted = format!("type \"{}\"", file.display());
        for command in [quoted.as_str(), "echo correct horse"] {
            let given = from_command(command.to_owned()).await.unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(given.expose().trim_end(), "correct horse", "{command}");
        }
        for command in ["exit 3", "rem", "echo correct horse& exit 1"] {
            assert_eq!(cause(from_command(command.to_owned()).await), Cause::StorePassphrase, "{command}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_command_prints_it() {
        let given = from_command("read line || echo correct horse".to_owned()).await;
        assert_eq!(given.unwrap_or_else(|error| panic!("{error}")).expose(), "correct horse");
        for command in ["exit 3", "true", "echo correct horse; exit 1", "yes"] {
            assert_eq!(cause(from_command(command.to_owned()).await), Cause::StorePassphrase);
        }
    }
}
