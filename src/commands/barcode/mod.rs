//! `getcard barcode`: the code to scan at the register, live in the terminal or once in a chosen format.

mod barcode_file;
mod charged;
pub mod live;
pub mod once;
mod refresh_file;
mod rendering;
pub mod service;
mod target;
mod validity;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::app::App;
use crate::error::{Exit, Result};
use crate::live::payment_watch::ChargeFilter;
use crate::model::money::Amount;
use crate::settings::whole_number::whole_number;
use clap::{Args, ValueEnum};

/// How the barcode is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BarcodeFormat {
    /// Characters and colors for a terminal.
    Text,
    /// A scalable picture.
    Svg,
    /// A bitmap picture.
    Png,
    /// The bare payload.
    Payload,
}

/// How the view draws the barcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub enum GraphicsOption {
    /// A picture if the terminal is known to support it, otherwise characters.
    #[default]
    Auto,
    /// Characters.
    Cells,
    /// A picture by Kitty's protocol.
    Kitty,
    /// A picture in Sixel.
    Sixel,
    /// A picture by iTerm2's protocol.
    Iterm,
}

/// Arguments of `barcode`.
#[derive(Debug, Default, Args)]
pub struct BarcodeArgs {
    /// Seconds between refreshes of the full-screen view, 5 or more; with `--output`, keep the file fresh until
    /// interrupted, then replace the code with EXPIRED.
    #[arg(long, value_name = "SECONDS", value_parser = whole_number::<u32>(5..=3600))]
    pub refresh: Option<u32>,
    /// Print one barcode and exit.
    #[arg(long)]
    pub once: bool,
    /// Print one barcode in this format and exit.
    #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
    pub format: Option<BarcodeFormat>,
    /// Write the barcode to this file; its extension selects the format unless `--format` does.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Number of data columns of the PDF417 symbol.
    #[arg(long, value_name = "N", value_parser = whole_number::<u8>(1..=30))]
    pub columns: Option<u8>,
    /// Error correction level of the PDF417 symbol.
    #[arg(long, value_name = "LEVEL", value_parser = whole_number::<u8>(0..=8))]
    pub ec_level: Option<u8>,
    /// How the full-screen view draws the barcode.
    #[arg(long, value_name = "HOW", default_value = "auto", conflicts_with_all = ["once", "format", "output"])]
    pub graphics: GraphicsOption,
    /// Wait until the card is charged, print what was paid, and exit; a file given with `--output` is kept fresh
    /// meanwhile. With `--json`, print one line per change.
    #[arg(long)]
    pub until_charged: bool,
    /// With `--until-charged`, show a desktop notification when the card is charged.
    #[arg(long, requires = "until_charged")]
    pub notify: bool,
    /// Watch and show only this account: an id or part of a name; may be repeated.
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Vec<String>,
    /// How long `--until-charged` waits before it exits with 6, for example `90s` or `5m`.
    #[arg(long, value_name = "DURATION", default_value = "5m", requires = "until_charged", value_parser = duration)]
    pub expires: Duration,
    /// Wait for a charge of at least this amount, in the account's unit.
    #[arg(long, value_name = "AMOUNT", requires = "until_charged")]
    pub min_amount: Option<Amount>,
    /// Wait for a charge at a place whose name contains this.
    #[arg(long, value_name = "PLACE", requires = "until_charged")]
    pub at: Option<String>,
}

/// The default time between refreshes, in seconds.
const REFRESH: u32 = 10;

impl BarcodeArgs {
    /// The time between refreshes, given the configured value.
    fn interval(&self, configured: Option<u32>) -> Duration {
        Duration::from_secs(self.refresh.or(configured).unwrap_or(REFRESH).into())
    }

    /// Whether to keep a file fresh.
    fn keeps_file(&self) -> bool {
        let file = self.output.as_ref().is_some_and(|path| path != Path::new("-"));
        file && self.refresh.is_some() && !self.once
    }

    /// The charges to wait for.
    fn charge_filter(&self) -> ChargeFilter {
        ChargeFilter { min_amount: self.min_amount, place: self.at.clone() }
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let span = text.parse::<jiff::SignedDuration>().ok().and_then(|span| Duration::try_from(span).ok());
    match span {
        Some(span) if !span.is_zero() && span <= Duration::from_secs(86_400) => Ok(span),
        _ => Err("expected a duration up to a day, for example 90s, 5m or 1h".to_owned()),
    }
}

/// Runs `barcode`.
///
/// # Errors
/// `validation_error` for a format that cannot go to the target; `internal_error` for a payload that no
/// barcode can hold; otherwise the error of the call.
pub async fn run(app: &App, args: &BarcodeArgs) -> Result<Exit> {
    let once = args.once || args.format.is_some() || args.output.is_some() || app.ui.json;
    // A terminal without control sequences shows one barcode as well as it can.
    if !once && app.ui.is_terminal() && !app.ui.is_dumb() {
        live::run(app, args).await
    } else if args.until_charged || args.keeps_file() {
        refresh_file::run(app, args).await
    } else {
        once::run(app, args).await
    }
}
