//! The command line: global options and subcommands.

pub mod help;
pub mod parse;

use clap::{Parser, Subcommand};

use crate::commands::balance::BalanceArgs;
use crate::commands::barcode::BarcodeArgs;
use crate::commands::completions::CompletionsArgs;
use crate::commands::demo::DemoArgs;
use crate::commands::doctor::DoctorArgs;
use crate::commands::forecast::ForecastArgs;
use crate::commands::help::HelpArgs;
use crate::commands::history::{HistoryArgs, HistoryFormat};
use crate::commands::journal::JournalArgs;
use crate::commands::link::LinkArgs;
use crate::commands::login::LoginArgs;
use crate::commands::lost::ReportArgs;
use crate::commands::probe::ProbeArgs;
use crate::commands::sandbox::SandboxArgs;
use crate::commands::schools::SchoolsArgs;
use crate::commands::status::StatusArgs;
use crate::commands::store::StoreCommand;
use crate::commands::unlink::UnlinkArgs;
use crate::settings::global::Global;
/// A student's campus card on the GET service, in the terminal.
///
/// Link the card once with `getcard login`. Then `getcard barcode` shows the code to scan at the register, and
/// `getcard balance` shows what is left. `getcard demo` shows everything without an account.
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
    /// Without a command, getcard shows where you stand.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    #[command(flatten)]
    Card(CardCommand),
    /// Print the completion script of a shell.
    Completions(CompletionsArgs),
    /// Show the help of a command or topic.
    Help(HelpArgs),
}

/// The subcommands that need the configuration.
#[derive(Debug, Subcommand)]
pub enum CardCommand {
    /// Sign in at the school's page and link the card.
    Login(LoginArgs),
    /// Link the card from a validated URL, a session id or a QR code.
    Link(LinkArgs),
    /// Show whether a card is linked, and whether it works.
    Status(StatusArgs),
    /// List the profiles of this machine.
    Profiles,
    /// Show what is left on your accounts.
    Balance(BalanceArgs),
    /// Show the barcode to scan at the register.
    Barcode(BarcodeArgs),
    /// Show everything without an account, on a simulated service.
    Demo(DemoArgs),
    /// Show what was spent and deposited, with totals, charts, and checks.
    History(Box<HistoryArgs>),
    /// Show when each account runs out, and how much you can spend per day to make it last.
    ///
    /// Ranges are the 10th to 90th percentile of 1,000 simulated futures. Each repeats whole past weeks, recent
    /// ones more often, so that weekends stay weekends. Breaks of two weeks or more without a purchase are left
    /// out. Future deposits are not assumed.
    Forecast(ForecastArgs),
    /// Find schools and the short names that `login --school` takes.
    Schools(SchoolsArgs),
    /// Make one raw call to the service, for developers.
    Probe(ProbeArgs),
    /// Report the card lost, so that no reader accepts it.
    Lost(ReportArgs),
    /// Report a lost card found, so that readers accept it again.
    Found(ReportArgs),
    /// Revoke this device at the service and forget it.
    #[command(alias = "logout")]
    Unlink(UnlinkArgs),
    /// Change where and how credentials are kept.
    #[command(subcommand)]
    Store(StoreCommand),
    /// Check everything from the configuration to the barcode, and suggest fixes.
    Doctor(DoctorArgs),
    /// Show what was done with the card and its credentials.
    Journal(JournalArgs),
    /// Run a simulated GET service on this machine.
    Sandbox(SandboxArgs),
}

impl Command {
    /// Returns whether an option of the command itself selects JSON output, including errors.
    #[must_use]
    pub fn prints_json(&self) -> bool {
        let Self::Card(CardCommand::History(history)) = self else { return false };
        matches!(history.format, Some(HistoryFormat::Json | HistoryFormat::Jsonl))
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
