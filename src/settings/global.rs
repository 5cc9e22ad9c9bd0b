//! The options that every command takes.

use std::path::PathBuf;

use clap::{ArgAction, Args};

use crate::settings::whole_number::whole_number;
use crate::store::StoreKind;
use crate::terminal::color::ColorWhen;
use crate::terminal::log::LogFormat;
use crate::terminal::repeated_options::RepeatedOptions;
use crate::terminal::ui::{Ui, UiOptions};

/// The default profile.
pub const DEFAULT_PROFILE: &str = "default";

/// Options that every command takes.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate flag")]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The profile to use: one for each school or account.
    #[arg(long, global = true, value_name = "NAME", default_value = DEFAULT_PROFILE, env = "GETCARD_PROFILE", value_parser = profile)]
    pub profile: String,
    /// Print only JSON on standard output, and errors as one line of JSON on standard error.
    #[arg(long, global = true, env = "GETCARD_JSON", value_parser = boolean)]
    pub json: bool,
    /// The base URL of the service: https, or http on this machine.
    #[arg(long, global = true, value_name = "URL", env = "GETCARD_API_URL")]
    pub api_url: Option<String>,
    /// Where to keep the device's credentials.
    #[arg(long, global = true, value_name = "STORE", env = "GETCARD_STORE")]
    pub store: Option<StoreKind>,
    /// Use no store and no files; take the credentials from `GETCARD_VALIDATED_URL`, or from `GETCARD_DEVICE_ID` and
    /// `GETCARD_PIN`.
    #[arg(long, global = true, env = "GETCARD_EPHEMERAL", value_parser = boolean, conflicts_with = "config")]
    pub ephemeral: bool,
    /// Time limit for each attempt of a call, in seconds.
    #[arg(long, global = true, value_name = "SECONDS", default_value = "10", env = "GETCARD_TIMEOUT", value_parser = seconds)]
    pub timeout: f64,
    /// How many times to retry a call after a temporary failure.
    #[arg(long, global = true, value_name = "N", default_value_t = 3, env = "GETCARD_RETRIES", value_parser = whole_number::<u8>(0..=20))]
    pub retries: u8,
    /// When to use color.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", env = "GETCARD_COLOR")]
    pub color: ColorWhen,
    /// Never prompt.
    #[arg(long, global = true, env = "GETCARD_NO_INPUT", value_parser = boolean)]
    pub no_input: bool,
    /// Log each call with its request and reply, with secrets masked; repeat for more.
    #[arg(short, long, global = true, action = ArgAction::Count, env = "GETCARD_VERBOSE", conflicts_with = "quiet")]
    pub verbose: u8,
    /// Format of the log that `--verbose` turns on.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text", env = "GETCARD_LOG_FORMAT")]
    pub log_format: LogFormat,
    /// Whether to keep a journal of calls, without secrets and amounts.
    #[arg(long, global = true, value_name = "YES|NO", env = "GETCARD_JOURNAL", value_parser = boolean, hide = true)]
    pub journal: Option<bool>,
    /// Print only results and errors.
    #[arg(short, long, global = true, env = "GETCARD_QUIET", value_parser = boolean)]
    pub quiet: bool,
    /// The configuration file to read.
    #[arg(long, global = true, value_name = "FILE", env = "GETCARD_CONFIG")]
    pub config: Option<PathBuf>,
}

impl Global {
    /// The user interface with these options.
    #[must_use]
    pub fn ui(&self) -> Ui {
        let profile = Some(self.profile.clone()).filter(|profile| profile != DEFAULT_PROFILE);
        let repeated = RepeatedOptions::new([
            ("--profile", profile),
            ("--store", self.store.map(|store| store.name().to_owned())),
            ("--api-url", self.api_url.clone()),
        ]);
        Ui::new(UiOptions {
            json: self.json,
            quiet: self.quiet,
            no_input: self.no_input,
            color: self.color,
            repeated,
            verbose: self.verbose > 0,
        })
    }
}

/// Parses the value of a boolean variable or option.
///
/// # Errors
/// If it is none of 1/0, true/false, yes/no, on/off.
pub fn boolean(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("not a boolean; use 1 or 0, true or false, yes or no, on or off".to_owned()),
    }
}

fn profile(text: &str) -> Result<String, String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if (1..=64).contains(&text.len()) && text.chars().all(is_allowed) {
        Ok(text.to_owned())
    } else {
        Err("a profile name has 1 to 64 letters, digits, dots, hyphens, and underscores".to_owned())
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.001..=3600.0).contains(&seconds) => Ok(seconds),
        _ => Err("expected a number of seconds from 0.001 to 3600".to_owned()),
    }
}
