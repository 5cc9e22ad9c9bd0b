//! The real binary, with a home of its own and an environment that holds nothing else.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::keyring;
use super::schema;
use super::service::Service;

const PROGRAM: &str = env!("CARGO_BIN_EXE_getcard");

/// A user of getcard: a home directory, a keychain, a service.
pub struct Getcard {
    pub home: TempDir,
    pub keyring: keyring::Session,
    elsewhere: TempDir,
    environment: Vec<(String, String)>,
}

/// What a run left behind.
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Getcard {
    /// A user of the service at `api_url`, with an unlocked keychain.
    pub fn at(api_url: &str) -> Self {
        Self::with_keyring(api_url, keyring::Session::unlocked())
    }

    /// A user who is linked at this service, with an unlocked keychain.
    pub fn linked(service: &Service) -> Self {
        let user = Self::at(&service.base_url());
        user.link(&service.validated_url());
        user
    }

    /// A user of the service at `api_url`, with the Secret Service of this session.
    pub fn with_keyring(api_url: &str, keyring: keyring::Session) -> Self {
        let home = tempfile::tempdir().unwrap();
        let environment = vec![
            ("PATH".to_owned(), std::env::var("PATH").unwrap()),
            ("HOME".to_owned(), home.path().to_str().unwrap().to_owned()),
            ("LANG".to_owned(), "C.UTF-8".to_owned()),
            ("TZ".to_owned(), "UTC".to_owned()),
            ("GETCARD_API_URL".to_owned(), api_url.to_owned()),
            ("DBUS_SESSION_BUS_ADDRESS".to_owned(), keyring.address().to_owned()),
        ];
        Self { home, keyring, elsewhere: tempfile::tempdir().unwrap(), environment }
    }

    /// A user with a web session of the service, who keeps nothing.
    pub fn ephemeral(service: &Service) -> Self {
        Self::with_keyring(&service.base_url(), keyring::Session::without_service())
            .with("GETCARD_EPHEMERAL", "1")
            .with("GETCARD_VALIDATED_URL", service.validated_url())
    }

    /// The same user with the file store in place of the keychain, its passphrase in a file.
    pub fn with_file_store(self, passphrase: &str) -> Self {
        let file = self.passphrase_file("passphrase", passphrase);
        self.with("GETCARD_STORE", "file").with("GETCARD_PASSPHRASE_FILE", file)
    }

    /// A file outside the home directory that holds a passphrase.
    pub fn passphrase_file(&self, name: &str, passphrase: &str) -> String {
        let path = self.elsewhere.path().join(name);
        std::fs::write(&path, format!("{passphrase}\n")).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The same user with a variable set.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// The same user without a variable.
    pub fn without(mut self, name: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self
    }

    /// The variables of every run.
    pub fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.environment.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A command that is not started yet.
    pub fn command<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        self.completed(Command::new(PROGRAM), args)
    }

    /// The same as what another command runs.
    pub fn command_under<S: AsRef<OsStr>>(&self, mut wrapper: Command, args: &[S]) -> Command {
        wrapper.arg(PROGRAM);
        self.completed(wrapper, args)
    }

    fn completed<S: AsRef<OsStr>>(&self, mut command: Command, args: &[S]) -> Command {
        command.args(args).env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs to the end without standard input.
    #[track_caller]
    pub fn run<S: AsRef<OsStr>>(&self, args: &[S]) -> Outcome {
        checked(args, Outcome::of(self.command(args).output().unwrap()))
    }

    /// Runs to the end with this standard input.
    #[track_caller]
    pub fn run_with_stdin<S: AsRef<OsStr>>(&self, args: &[S], input: impl AsRef<[u8]>) -> Outcome {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        // The command may end without reading it all.
        let _ = child.stdin.take().unwrap().write_all(input.as_ref());
        checked(args, Outcome::of(child.wait_with_output().unwrap()))
    }

    /// Links with a fresh validated URL, which must go well.
    pub fn link(&self, validated: &str) {
        let outcome = self.run_with_stdin(&["link", "--json", "-"], validated);
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    }
}

/// The outcome, its JSON held against its description.
#[track_caller]
fn checked<S: AsRef<OsStr>>(args: &[S], outcome: Outcome) -> Outcome {
    let args: Vec<String> = args.iter().map(|arg| arg.as_ref().to_string_lossy().into_owned()).collect();
    schema::assert_run(&args, &outcome.stdout, &outcome.stderr);
    outcome
}

/// The text without the URL of the test's own service, which every command in a hint repeats.
fn without_api_url(text: &str) -> String {
    let mut parts = text.split("--api-url http://127.0.0.1:");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        whole.push_str(part.split_once(' ').map_or("", |(_, rest)| rest));
    }
    whole
}

impl Outcome {
    /// Of a command that has ended.
    pub fn of(output: Output) -> Self {
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!stderr.contains("panicked"), "{stderr}");
        let stdout = match String::from_utf8(output.stdout) {
            Ok(text) => without_api_url(&text).into_bytes(),
            Err(error) => error.into_bytes(),
        };
        Self { code: output.status.code(), stdout, stderr: without_api_url(&stderr) }
    }

    /// Standard output as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    /// Standard output as its one JSON document.
    pub fn json(&self) -> Value {
        let text = self.text();
        assert_eq!(text.matches('\n').count(), 1, "one line: {text:?}; {}", self.stderr);
        serde_json::from_str(text).unwrap()
    }

    /// The error on standard error, of a run with `--json`.
    pub fn error(&self) -> Value {
        let line = self.stderr.lines().last().unwrap_or_default();
        let document: Value =
            serde_json::from_str(line).unwrap_or_else(|_| panic!("no error: {:?}", self.stderr));
        document["error"].clone()
    }

    /// Asserts the exit code and the error's category and code, of a run with `--json` that printed no document.
    #[track_caller]
    pub fn fails(&self, exit: i32, category: &str, code: &str) -> Value {
        let error = self.error();
        assert_eq!(self.code, Some(exit), "{error}");
        assert_eq!(
            (error["category"].as_str(), error["code"].as_str()),
            (Some(category), Some(code)),
            "{error}"
        );
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()));
        error
    }
}
