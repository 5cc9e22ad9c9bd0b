//! getcard: a student's campus card on the GET service, in the terminal.
//!
//! Data flows one way: typed by the user ([`cli`]) → command ([`commands`]) → session ([`session`]) → service
//! ([`get`]) → model ([`model`]) → output ([`output`]). Nothing below knows what is above.

pub mod app;
pub mod barcode;
pub mod charge;
pub mod chart;
pub mod cli;
pub mod clock;
pub mod colours;
pub mod commands;
pub mod complete;
pub mod config;
pub mod drawing;
pub mod endpoint;
pub mod error;
pub mod get;
pub mod hardening;
pub mod help;
pub mod history;
pub mod journal;
pub mod known;
pub mod link;
pub mod log;
pub mod model;
pub mod output;
pub mod passphrase;
pub mod paths;
pub mod progress;
pub mod prompt;
pub mod redact;
pub mod restraint;
pub mod sandbox;
pub mod schools;
pub mod secret;
pub mod session;
pub mod signals;
pub mod store;
pub mod tui;
pub mod ui;
pub mod usage;

use std::process::ExitCode;

use clap::FromArgMatches;

use crate::app::App;
use crate::cli::{Cli, Command};
use crate::config::{ConfigFile, Settings};
use crate::error::{Error, Exit, Result};
use crate::ui::Ui;

/// Runs getcard with the arguments of this process.
#[must_use]
pub fn run() -> ExitCode {
    hardening::apply();
    if complete::answer() {
        return ExitCode::SUCCESS;
    }
    let parsed = help::command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let mut cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return usage::tell(&error).into(),
    };
    cli.global.json |= cli.command.as_ref().is_some_and(Command::prints_json);
    let ui = Ui::new(&cli.global);
    log::init(cli.global.verbose, cli.global.log_format);
    let exit = execute(&cli, &ui).unwrap_or_else(|error| {
        ui.error(&error);
        error.exit()
    });
    exit.into()
}

fn execute(cli: &Cli, ui: &Ui) -> Result<Exit> {
    match &cli.command {
        Some(Command::Help(args)) => return commands::help::run(ui, args),
        Some(Command::Completions(args)) => return commands::completions::run(ui, args),
        _ => {}
    }
    let (settings, broken_config) = match Settings::resolve(&cli.global) {
        // The doctor looks into a configuration that nobody else can work with.
        Err(error) if matches!(cli.command, Some(Command::Doctor(_))) => {
            (Settings::without_file(&cli.global, ConfigFile::default())?, Some(error))
        }
        settings => (settings?, None),
    };
    for warning in &settings.warnings {
        ui.warn(warning);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::internal(format!("cannot start: {error}")))?;
    let mut app = App::new(ui.clone(), settings);
    app.broken_config = broken_config;
    let result = runtime.block_on(async {
        tokio::select! {
            biased;
            exit = signals::ended() => Ok(exit),
            result = commands::run(&app, cli.command.as_ref()) => result,
        }
    });
    // Whatever still blocks, a name look-up or a keychain that hangs, ends with the process.
    runtime.shutdown_background();
    result
}
