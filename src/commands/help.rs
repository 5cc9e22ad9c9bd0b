//! `getcard help`: clap's help for a command, or a topic.

use crate::cli::help::{documents, topics};
use crate::error::{Exit, Result};
use crate::platform::system::System;
use crate::terminal::clap_error;
use crate::terminal::ui::Ui;
use clap::{Args, Command};

/// Arguments of `help`.
#[derive(Debug, Args)]
pub struct HelpArgs {
    /// A command, or one of: exit-codes, environment, configuration, files, json.
    #[arg(value_name = "TOPIC")]
    pub topic: Vec<String>,
}

/// The maximum text width, also used without a terminal.
const WIDTH: usize = 100;

/// Runs `help`, which needs neither a configuration nor a home directory.
///
/// # Errors
/// If the output is closed.
pub fn run(ui: &Ui, args: &HelpArgs, command: Command) -> Result<Exit> {
    if let [word] = args.topic.as_slice()
        && let Some(topic) = topics::Topic::ALL.into_iter().find(|topic| topic.name() == word)
    {
        if topic == topics::Topic::Json && ui.json {
            ui.document(&documents::schema()?)?;
            return Ok(Exit::Done);
        }
        let width = ui.width().map_or(WIDTH, |width| WIDTH.min(usize::from(width)).max(40));
        ui.result(topics::text(topic, &command, System::HERE, width))?;
        return Ok(Exit::Done);
    }
    let words = std::iter::once("getcard").chain(args.topic.iter().map(String::as_str));
    match command.try_get_matches_from(words.chain(std::iter::once("--help"))) {
        Err(said) => Ok(clap_error::print(&said, ui.json)),
        // Not reached: --help always ends parsing.
        Ok(_) => Ok(Exit::Done),
    }
}
