//! The subcommands.

pub mod balance;
pub mod barcode;
pub mod completions;
pub mod demo;
pub mod doctor;
pub mod forecast;
pub mod help;
pub mod history;
pub mod journal;
pub mod known_profiles;
pub mod link;
pub mod login;
pub mod lost;
pub mod overview;
pub mod probe;
pub mod profiles;
pub mod purge;
pub mod sandbox;
pub mod schools;
pub mod status;
pub mod store;
pub mod unlink;

use crate::app::App;
use crate::cli::CardCommand;
use crate::commands::lost::Report;
use crate::error::{Exit, Result};

/// Runs a subcommand.
///
/// # Errors
/// The error that ended it.
pub async fn run(app: &App, command: Option<&CardCommand>) -> Result<Exit> {
    dispatch(app, command).await.map_err(|error| known_profiles::explain(app, error))
}

async fn dispatch(app: &App, command: Option<&CardCommand>) -> Result<Exit> {
    let Some(command) = command else { return overview::run(app).await };
    match command {
        CardCommand::Login(args) => login::run(app, args).await,
        CardCommand::Link(args) => link::run(app, args).await,
        CardCommand::Status(args) => status::run(app, args).await,
        CardCommand::Profiles => profiles::run(app),
        CardCommand::Balance(args) => balance::run(app, args).await,
        CardCommand::Barcode(args) => barcode::run(app, args).await,
        CardCommand::Demo(args) => demo::run(app, args).await,
        CardCommand::History(args) => history::run(app, args).await,
        CardCommand::Forecast(args) => forecast::run(app, args).await,
        CardCommand::Schools(args) => schools::run(app, args).await,
        CardCommand::Probe(args) => probe::run(app, args).await,
        CardCommand::Lost(args) => lost::run(app, args, Report::Lost).await,
        CardCommand::Found(args) => lost::run(app, args, Report::Found).await,
        CardCommand::Unlink(args) => unlink::run(app, args).await,
        CardCommand::Journal(args) => journal::run(app, args),
        CardCommand::Doctor(args) => doctor::run(app, args).await,
        CardCommand::Store(args) => store::run(app, args).await,
        CardCommand::Sandbox(args) => sandbox::run(app, args).await,
    }
}
