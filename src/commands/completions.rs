//! `getcard completions`: the completion script of a shell.

use crate::complete::scripts;
use crate::complete::shell::Shell;
use crate::error::{Exit, Result};
use crate::terminal::ui::Ui;
use clap::{Args, Command};

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// Runs `completions`, which needs neither a configuration nor a home directory.
///
/// # Errors
/// If the output is closed.
pub fn run(ui: &Ui, args: &CompletionsArgs, command: Command) -> Result<Exit> {
    ui.result(scripts::script(args.shell, command))?;
    Ok(Exit::Done)
}
