//! `getcard barcode`: the code to scan at the till, live in the terminal or once in a form of choice.

mod once;
mod rendering;

use crate::app::App;
use crate::cli;
use crate::error::{Exit, Result};

/// Runs `barcode`.
///
/// # Errors
/// `validation_error` for a form that cannot go where it should; `internal_error` for a payload that no barcode can
/// hold; else as the call.
pub async fn run(app: &App, args: &cli::Barcode) -> Result<Exit> {
    once::run(app, args).await
}
