//! getcard: a student's campus card on the GET service, in the terminal.
//!
//! Arguments ([`cli`]) → command ([`commands`]) → session ([`auth`]) → service ([`get`]) → model ([`model`]) →
//! output ([`output`]). Uses run from the top down, never up and never in a circle; `tests/house.rs` holds them to it.

pub mod app;
pub mod auth;
pub mod barcode;
pub mod cache;
pub mod chart;
pub mod cli;
pub mod commands;
pub mod complete;
pub mod error;
pub mod get;
pub mod history;
pub mod journal;
pub mod live;
pub mod model;
pub mod output;
pub mod platform;
pub mod sandbox;
pub mod secret;
pub mod settings;
pub mod store;
pub mod terminal;
pub mod tui;

use std::process::ExitCode;

use clap::FromArgMatches;

use crate::app::App;
use crate::cli::{Cli, Command};
use crate::error::{Cause, Error, Exit, Result};
use crate::platform::console::Console;
use crate::settings::{ConfigFile, Settings};
use crate::terminal::ui::Ui;

/// Runs getcard with the arguments of this process.
#[must_use]
pub fn run() -> ExitCode {
    platform::hardening::apply();
    if complete::answer() {
        return ExitCode::SUCCESS;
    }
    let _console = Console::take();
    let parsed = cli::help::command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let mut cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return terminal::clap_error::tell(&error).into(),
    };
    cli.global.json |= cli.command.as_ref().is_some_and(Command::prints_json);
    let ui = cli.global.ui();
    terminal::log::init(cli.global.verbose, cli.global.log_format);
    let exit = execute(&cli, &ui).unwrap_or_else(|error| {
        ui.error(&error);
        error.exit()
    });
    if Console::closes_with_us() && ui.can_ask() {
        ui.note("getcard is a command: open Windows Terminal or PowerShell, and type its commands there.");
        ui.note("Press Enter to close this window.");
        let _ = std::io::stdin().read_line(&mut String::new());
    }
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
        .map_err(|error| Error::new(Cause::Unexpected, format!("cannot start: {error}")))?;
    let mut app = App::new(ui.clone(), settings);
    app.broken_config = broken_config;
    let result = runtime.block_on(async {
        tokio::select! {
            biased;
            exit = platform::signals::ended() => Ok(exit),
            result = commands::run(&app, cli.command.as_ref()) => result,
        }
    });
    // Whatever still blocks, a name look-up or a keychain that hangs, ends with the process.
    runtime.shutdown_background();
    result
}
