//! What can be typed: clap types only; their doc comments are the help text.

mod aids;
mod balance;
mod history;
mod service;

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{BoolishValueParser, FalseyValueParser};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

pub use self::aids::{Completions, Doctor, Help, Shell};
pub use self::balance::Balance;
pub use self::history::{History, HistoryFormat};
pub use self::service::{Probe, Schools};
use crate::sandbox::Fault;
use crate::store::StoreKind;

/// A student's campus card on the GET service, in the terminal.
///
/// Link the card once with `getcard login`; then `getcard barcode` shows the code to scan at the till,
/// `getcard balance` what is left. `getcard demo` shows it all without an account.
#[derive(Debug, Parser)]
#[command(
    name = "getcard",
    version,
    max_term_width = 100,
    propagate_version = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do; nothing shows how things stand.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The form of the log on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub enum LogFormat {
    /// Lines to read.
    #[default]
    Text,
    /// One JSON document a line.
    Json,
}

/// Options that every command takes.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The profile: several schools or accounts side by side.
    #[arg(long, global = true, value_name = "NAME", default_value = "default", env = "GETCARD_PROFILE", value_parser = profile)]
    pub profile: String,
    /// Print JSON, and nothing else on standard output; errors are one line of JSON on standard error.
    #[arg(long, global = true, env = "GETCARD_JSON", value_parser = FalseyValueParser::new())]
    pub json: bool,
    /// The service's base URL: https, or http to this machine.
    #[arg(long, global = true, value_name = "URL", env = "GETCARD_API_URL")]
    pub api_url: Option<String>,
    /// Where the device's credentials are kept.
    #[arg(long, global = true, value_name = "STORE", env = "GETCARD_STORE")]
    pub store: Option<StoreKind>,
    /// Read and write no store and no file; the credentials come from `GETCARD_VALIDATED_URL`, or from
    /// `GETCARD_DEVICE_ID` and `GETCARD_PIN`.
    #[arg(long, global = true, env = "GETCARD_EPHEMERAL", value_parser = FalseyValueParser::new(), conflicts_with = "config")]
    pub ephemeral: bool,
    /// How long one attempt of a call may take, in seconds.
    #[arg(long, global = true, value_name = "SECONDS", default_value = "10", env = "GETCARD_TIMEOUT", value_parser = seconds)]
    pub timeout: f64,
    /// How many attempts more a call gets after a passing failure.
    #[arg(long, global = true, value_name = "N", default_value_t = 3, env = "GETCARD_RETRIES", value_parser = clap::value_parser!(u8).range(..=20))]
    pub retries: u8,
    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", env = "GETCARD_COLOR")]
    pub color: ColorWhen,
    /// Never ask for anything.
    #[arg(long, global = true, env = "GETCARD_NO_INPUT", value_parser = FalseyValueParser::new())]
    pub no_input: bool,
    /// Show each call with its request and reply, secrets masked; twice: more.
    #[arg(short, long, global = true, action = ArgAction::Count, env = "GETCARD_VERBOSE", conflicts_with = "quiet")]
    pub verbose: u8,
    /// The form of the log that --verbose turns on.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text", env = "GETCARD_LOG_FORMAT")]
    pub log_format: LogFormat,
    /// Whether a journal of calls is kept, without secrets and amounts.
    #[arg(long, global = true, value_name = "YES|NO", env = "GETCARD_JOURNAL", value_parser = BoolishValueParser::new(), hide = true)]
    pub journal: Option<bool>,
    /// Say nothing but results and errors.
    #[arg(short, long, global = true, env = "GETCARD_QUIET", value_parser = FalseyValueParser::new())]
    pub quiet: bool,
    /// The configuration file.
    #[arg(long, global = true, value_name = "FILE", env = "GETCARD_CONFIG")]
    pub config: Option<PathBuf>,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sign in at the school's page and link the card.
    Login(Login),
    /// Link the card from a validated URL, a session id or a QR code.
    Link(Link),
    /// Show whether a card is linked, and whether it works.
    Status(Status),
    /// Show what is left on the accounts.
    Balance(Balance),
    /// Show the card's barcode, to be scanned at the till.
    Barcode(Barcode),
    /// Show it all without an account, on a simulated service in this process.
    Demo(Demo),
    /// Show what was spent and deposited: list it, sum it up, draw it, check it.
    History(History),
    /// Find schools and the short names that `login --school` takes.
    Schools(Schools),
    /// Make one raw call to the service, for developers.
    Probe(Probe),
    /// Revoke this device at the service and forget it.
    Unlink(Unlink),
    /// Change where and how credentials are kept.
    #[command(subcommand)]
    Store(StoreCommand),
    /// Check everything from the configuration to the barcode, and say what to do about it.
    Doctor(Doctor),
    /// Serve a simulated GET service on this machine.
    Sandbox(Sandbox),
    /// Print the completion script of a shell.
    Completions(Completions),
    /// Show the help of a command or topic.
    Help(Help),
}

impl Command {
    /// Whether an option of the command itself asks for JSON, errors included.
    #[must_use]
    pub fn prints_json(&self) -> bool {
        let Self::History(history) = self else { return false };
        matches!(history.format, Some(HistoryFormat::Json | HistoryFormat::Jsonl))
    }
}

/// Arguments of `login`.
#[derive(Debug, Args)]
pub struct Login {
    /// The school: its short name, or a part of its name that no other has.
    #[arg(long, value_name = "NAME")]
    pub school: Option<String>,
    /// Do not open a browser.
    #[arg(long)]
    pub no_browser: bool,
    /// Only print the address of the sign-in page.
    #[arg(long, conflicts_with_all = ["qr", "replace"])]
    pub print_url: bool,
    /// Take the validated URL from an image of a QR code (PNG, JPEG, WebP), `-` for standard input.
    #[arg(long, value_name = "IMAGE")]
    pub qr: Option<PathBuf>,
    /// Link anew although a card is linked, then revoke the old device.
    #[arg(long)]
    pub replace: bool,
}

/// Arguments of `link`.
#[derive(Debug, Args)]
pub struct Link {
    /// The validated URL or the session id in it; `-` or nothing reads it from standard input, where other
    /// users of this machine cannot see it.
    #[arg(value_name = "VALIDATED", conflicts_with = "qr")]
    pub validated: Option<String>,
    /// Take it from an image of a QR code (PNG, JPEG, WebP), `-` for standard input.
    #[arg(long, value_name = "IMAGE")]
    pub qr: Option<PathBuf>,
    /// Link anew although a card is linked, then revoke the old device.
    #[arg(long)]
    pub replace: bool,
}

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct Status {
    /// Ask the service whether the credentials work.
    #[arg(long)]
    pub check: bool,
}

/// How the barcode is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BarcodeFormat {
    /// Terminal cells with their colours.
    Text,
    /// A scalable picture.
    Svg,
    /// A picture of pixels.
    Png,
    /// The payload itself.
    Payload,
}

/// How the view draws the barcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub enum Graphics {
    /// As a picture where the terminal surely takes one, else in cells.
    #[default]
    Auto,
    /// In terminal cells.
    Cells,
    /// As a picture by Kitty's protocol.
    Kitty,
    /// As a picture in Sixel.
    Sixel,
    /// As a picture by iTerm2's protocol.
    Iterm,
}

/// Arguments of `barcode`.
#[derive(Debug, Default, Args)]
pub struct Barcode {
    /// Seconds between refreshes of the full-screen view, 5 or more.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(5..=3600))]
    pub refresh: Option<u32>,
    /// Print one barcode and exit.
    #[arg(long)]
    pub once: bool,
    /// Print one barcode in this format and exit.
    #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
    pub format: Option<BarcodeFormat>,
    /// Write the barcode to a file; the format follows its ending unless `--format` says it.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Data columns of the PDF417 symbol.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=30))]
    pub columns: Option<u8>,
    /// Error correction level of the PDF417 symbol.
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(0..=8))]
    pub ec_level: Option<u8>,
    /// How the full-screen view draws the barcode.
    #[arg(long, value_name = "HOW", default_value = "auto", conflicts_with_all = ["once", "format", "output"])]
    pub graphics: Graphics,
    /// Wait until the card is charged, say what was paid and exit; a file given with `--output` is kept fresh
    /// meanwhile. With `--json`: a line per change.
    #[arg(long)]
    pub until_charged: bool,
    /// Watch and show this account only: an id or a part of a name; may be repeated.
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Vec<String>,
    /// How long `--until-charged` waits before it exits with 6, for example `90s` or `5m`.
    #[arg(long, value_name = "DURATION", default_value = "5m", requires = "until_charged", value_parser = duration)]
    pub expires: Duration,
}

/// Arguments of `unlink`.
#[derive(Debug, Args)]
pub struct Unlink {
    /// Do not ask.
    #[arg(long, short)]
    pub yes: bool,
    /// Forget the device here without revoking it at the service.
    #[arg(long)]
    pub local: bool,
}

/// The subcommands of `store`.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Change the passphrase of the file store.
    Rekey(Rekey),
    /// Move every profile to another store.
    Migrate(Migrate),
}

/// Arguments of `store rekey`.
#[derive(Debug, Args)]
pub struct Rekey {
    /// Take the new passphrase from the first line of a file, instead of asking.
    #[arg(long, value_name = "FILE")]
    pub new_passphrase_file: Option<PathBuf>,
}

/// A store that keeps what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LastingStore {
    /// The operating system's keychain.
    Keychain,
    /// A file sealed with a passphrase.
    File,
}

/// Arguments of `store migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// The store that the profiles move to.
    #[arg(long, value_name = "STORE")]
    pub to: LastingStore,
}

/// Arguments of `sandbox`.
#[derive(Debug, Args)]
pub struct Sandbox {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// How long every answer is held back, in milliseconds.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub latency_ms: u64,
    /// How many transactions the history has, instead of fourteen months at three a day.
    #[arg(long, value_name = "N", value_parser = transactions)]
    pub transactions: Option<usize>,
    /// What goes wrong: `KIND[=ARG][@METHOD][#CALL]`, for example `http=503@retrieveAccounts#1`.
    #[arg(long, value_name = "FAULT", long_help = faults())]
    pub fault: Vec<Fault>,
    /// Answer with the replies recorded in this file; methods without one are simulated.
    ///
    /// One exchange a line: `{"service", "method", "params", "http_status", "headers", "response", "exception", "at"}`,
    /// all but service and method optional. The replies of each method are served in order, the last one again and
    /// again.
    #[arg(long, value_name = "FILE")]
    pub replay: Option<PathBuf>,
    /// Serve TLS with this certificate for localhost, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Someone uses the card this often.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub charge_every: Option<u64>,
    /// How long a device's session lives, instead of half an hour.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub session_lifetime: Option<u64>,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Print a single frame and exit.
    #[arg(long)]
    pub once: bool,
}

fn faults() -> String {
    format!(
        "What goes wrong: KIND[=ARG][@METHOD][#CALLS]\n\n\
         METHOD is a method such as retrieveAccounts or user.retrieve; without it every method fails. CALLS is \
         every (the default), first, second, N, N-M or N-. Kinds:\n\n{}",
        Fault::kinds()
    )
}

fn profile(text: &str) -> Result<String, String> {
    let usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if (1..=64).contains(&text.len()) && text.chars().all(usual) {
        Ok(text.to_owned())
    } else {
        Err("a profile's name has 1 to 64 letters, digits, dots, hyphens and underscores".to_owned())
    }
}

fn transactions(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if count <= 1_000_000 => Ok(count),
        _ => Err("a number up to 1000000".to_owned()),
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let span = text.parse::<jiff::SignedDuration>().ok().and_then(|span| Duration::try_from(span).ok());
    match span {
        Some(span) if !span.is_zero() && span <= Duration::from_secs(86_400) => Ok(span),
        _ => Err("a duration up to a day, for example 90s, 5m or 1h".to_owned()),
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.001..=3600.0).contains(&seconds) => Ok(seconds),
        _ => Err("seconds from 0.001 to 3600".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }
}
