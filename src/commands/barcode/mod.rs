//! `getcard barcode`: the code to scan at the till, live in the terminal or once in a form of choice.

mod charged;
pub mod live;
pub mod once;
mod rendering;
pub mod service;

use crate::app::App;
use crate::cli;
use crate::error::{Exit, Result};

/// Runs `barcode`.
///
/// # Errors
/// `validation_error` for a form that cannot go where it should; `internal_error` for a payload that no barcode can
/// hold; else as the call.
pub async fn run(app: &App, args: &cli::Barcode) -> Result<Exit> {
    let once = args.once || args.format.is_some() || args.output.is_some() || app.ui.json;
    // A terminal that knows no control sequences shows one barcode as well as it can.
    if !once && app.ui.is_terminal() && !app.ui.is_dumb() {
        live::run(app, args).await
    } else if args.until_charged {
        charged::run(app, args).await
    } else {
        once::run(app, args).await
    }
}
