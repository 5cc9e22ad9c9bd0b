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
pub mod config;
pub mod endpoint;
pub mod error;
pub mod get;
pub mod hardening;
pub mod history;
pub mod journal;
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

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::app::App;
use crate::cli::{Cli, Command};
use crate::config::{ConfigFile, Settings};
use crate::error::{Error, Exit, Result};
use crate::ui::Ui;

/// Runs getcard with the arguments of this process.
#[must_use]
pub fn run() -> ExitCode {
    hardening::apply();
    let mut cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error).into(),
    };
    cli.global.json |= cli.command.prints_json();
    let ui = Ui::new(&cli.global);
    log::init(cli.global.verbose, cli.global.log_format);
    let exit = execute(&cli, &ui).unwrap_or_else(|error| {
        ui.error(&error);
        error.exit()
    });
    exit.into()
}

fn execute(cli: &Cli, ui: &Ui) -> Result<Exit> {
    let (settings, broken_config) = match Settings::resolve(&cli.global) {
        // The doctor looks into a configuration that nobody else can work with.
        Err(error) if matches!(cli.command, Command::Doctor(_)) => {
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
            result = commands::run(&app, &cli.command) => result,
        }
    });
    // Whatever still blocks, a name look-up or a keychain that hangs, ends with the process.
    runtime.shutdown_background();
    result
}

/// Help and version go to standard output; wrong usage is an error like any other.
fn usage(error: &clap::Error) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A closed pipe has read enough.
        let _ = error.print();
        return Exit::Done;
    }
    let json = std::env::args_os().take_while(|arg| arg != "--").any(|arg| arg == "--json");
    if json {
        let text = error.render().to_string();
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let first = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let tip = lines
            .find_map(|line| line.strip_prefix("tip: "))
            .unwrap_or("run: getcard --help")
            .trim()
            .to_owned();
        let error = Error::validation(first).code("usage").hint(tip);
        Ui::plain(true).error(&error);
        return error.exit();
    }
    // Standard error may be closed; the exit code says the same.
    let _ = error.print();
    Exit::Failed(error::Category::Validation)
}
