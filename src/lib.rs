//! getcard: a student's campus card on the GET service, in the terminal.
//!
//! Arguments ([`cli`]) → command ([`commands`]) → session ([`auth`]) → service ([`get`]) → model ([`model`])
//! → output ([`output`]). Modules depend on each other from left to right, never in a circle;
//! `tests/house.rs` checks it.

mod app;
pub mod auth;
pub mod barcode;
mod cache;
mod chart;
pub mod cli;
mod commands;
pub mod complete;
pub mod drawing;
pub mod error;
pub mod forecast;
pub mod get;
pub mod history;
mod journal;
mod live;
pub mod model;
pub mod output;
pub mod platform;
pub mod sandbox;
pub mod secret;
pub mod settings;
pub mod store;
pub mod terminal;
pub mod tui;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use crate::app::App;
use crate::cli::{CardCommand, Cli, Command};
use crate::error::{Cause, Error, Exit, Result};
use crate::platform::console::Console;
use crate::settings::{ConfigFile, Settings};
use crate::terminal::ui::Ui;

/// Runs getcard with the arguments of this process.
#[must_use]
pub fn run() -> ExitCode {
    platform::hardening::protect_memory();
    if complete::answer(cli::help::command) {
        return ExitCode::SUCCESS;
    }
    let _console = Console::take();
    let (exit, someone_reads) = match cli::parse::parse() {
        Ok(cli) => run_command(cli),
        Err(error) => {
            (terminal::clap_error::print(&error, cli::parse::wants_json()), std::io::stdin().is_terminal())
        }
    };
    if someone_reads && Console::closes_with_us() {
        keep_window();
    }
    exit.into()
}

/// Runs the command. Returns whether someone is there to read the result, too.
fn run_command(mut cli: Cli) -> (Exit, bool) {
    cli.global.json |= cli.command.as_ref().is_some_and(Command::prints_json);
    let ui = cli.global.ui();
    terminal::log::init(cli.global.verbose, cli.global.log_format);
    let exit = execute(&cli, &ui).unwrap_or_else(|error| {
        ui.error(&error);
        error.exit()
    });
    (exit, ui.can_ask())
}

/// Waits until the user has read what the window shows.
fn keep_window() {
    let ui = Ui::plain(false);
    ui.note("getcard is a command: open Windows Terminal or PowerShell, and type its commands there.");
    ui.note("Press Enter to close this window.");
    let _ = std::io::stdin().read_line(&mut String::new());
}

fn execute(cli: &Cli, ui: &Ui) -> Result<Exit> {
    let command = match &cli.command {
        Some(Command::Help(args)) => return commands::help::run(ui, args, cli::help::command_to_show()),
        Some(Command::Completions(args)) => {
            return commands::completions::run(ui, args, cli::help::command());
        }
        Some(Command::Card(command)) => Some(command),
        None => None,
    };
    let (settings, broken_config) = match Settings::resolve(&cli.global) {
        // `doctor` examines a configuration that makes every other command fail.
        Err(error) if matches!(command, Some(CardCommand::Doctor(_))) => {
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
    let shows_waits = !cli.global.quiet && cli.global.verbose == 0 && !ui.is_dumb();
    let mut app = App::new(ui.clone(), settings);
    app.broken_config = broken_config;
    let result = runtime.block_on(async {
        tokio::select! {
            biased;
            exit = platform::signals::ended() => Ok(exit),
            result = commands::run(&app, command) => result,
            () = terminal::wait_line::show(), if shows_waits => Ok(Exit::Done),
        }
    });
    // A DNS lookup or keychain call that still blocks ends with the process.
    runtime.shutdown_background();
    result
}
