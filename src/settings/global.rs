//! The options that every command takes.

use std::path::PathBuf;

use clap::builder::{BoolishValueParser, FalseyValueParser};
use clap::{ArgAction, Args};

use crate::store::StoreKind;
use crate::terminal::color::ColorWhen;
use crate::terminal::log::LogFormat;
use crate::terminal::ui::{Ui, UiOptions};

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
    /// When to use colors.
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

impl Global {
    /// The user interface that these options ask for.
    #[must_use]
    pub fn ui(&self) -> Ui {
        Ui::new(UiOptions { json: self.json, quiet: self.quiet, no_input: self.no_input, color: self.color })
    }
}

fn profile(text: &str) -> Result<String, String> {
    let usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if (1..=64).contains(&text.len()) && text.chars().all(usual) {
        Ok(text.to_owned())
    } else {
        Err("a profile's name has 1 to 64 letters, digits, dots, hyphens and underscores".to_owned())
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.001..=3600.0).contains(&seconds) => Ok(seconds),
        _ => Err("seconds from 0.001 to 3600".to_owned()),
    }
}
