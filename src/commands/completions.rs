//! `getcard completions`: the completion script of a shell.

use crate::cli;
use crate::complete::scripts;
use crate::error::{Exit, Result};
use crate::ui::Ui;

/// Runs `completions`; it needs neither configuration nor home.
///
/// # Errors
/// When the output has gone.
pub fn run(ui: &Ui, args: &cli::Completions) -> Result<Exit> {
    ui.result(scripts::script(args.shell))?;
    Ok(Exit::Done)
}
