//! What can be typed of the commands that help with getcard itself.

use clap::{Args, ValueEnum};

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Check nothing; print the figures of the journal in the `OpenMetrics` text format.
    #[arg(long, conflicts_with = "json")]
    pub openmetrics: bool,
}

/// A shell that completes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "they are names of shells")]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
    Nushell,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell.
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// Arguments of `help`.
#[derive(Debug, Args)]
pub struct Help {
    /// A command, or one of: exit-codes, environment, files.
    #[arg(value_name = "TOPIC")]
    pub topic: Vec<String>,
}
