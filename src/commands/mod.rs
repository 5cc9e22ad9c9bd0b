//! The subcommands: the only place that knows the order of things.

pub mod balance;
pub mod barcode;
pub mod completions;
pub mod demo;
pub mod doctor;
pub mod help;
pub mod history;
pub mod known_profiles;
pub mod link;
pub mod login;
pub mod lost;
pub mod overview;
pub mod probe;
pub mod purge;
pub mod sandbox;
pub mod schools;
pub mod status;
pub mod store;
pub mod unlink;

use crate::app::App;
use crate::cli::Command;
use crate::commands::lost::Report;
use crate::error::{Exit, Result};

/// Runs a subcommand to its end.
///
/// # Errors
/// Whatever stopped it.
pub async fn run(app: &App, command: Option<&Command>) -> Result<Exit> {
    dispatch(app, command).await.map_err(|error| known_profiles::explain(app, error))
}

async fn dispatch(app: &App, command: Option<&Command>) -> Result<Exit> {
    let Some(command) = command else { return overview::run(app).await };
    match command {
        Command::Login(args) => login::run(app, args).await,
        Command::Link(args) => link::run(app, args).await,
        Command::Status(args) => status::run(app, args).await,
        Command::Balance(args) => balance::run(app, args).await,
        Command::Barcode(args) => barcode::run(app, args).await,
        Command::Demo(args) => demo::run(app, args).await,
        Command::History(args) => history::run(app, args).await,
        Command::Schools(args) => schools::run(app, args).await,
        Command::Probe(args) => probe::run(app, args).await,
        Command::Lost(args) => lost::run(app, args, Report::Lost).await,
        Command::Found(args) => lost::run(app, args, Report::Found).await,
        Command::Unlink(args) => unlink::run(app, args).await,
        Command::Doctor(args) => doctor::run(app, args).await,
        Command::Store(args) => store::run(app, args).await,
        Command::Sandbox(args) => sandbox::run(app, args).await,
        Command::Completions(args) => completions::run(&app.ui, args),
        Command::Help(args) => help::run(&app.ui, args),
    }
}
