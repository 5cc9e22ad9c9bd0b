//! `getcard demo`: the barcode view without an account, on a simulated service in this process.

use clap::Args;
use std::time::Duration;

use super::barcode::BarcodeArgs;
use super::barcode::live;
use super::barcode::once;
use super::barcode::service::Service;
use crate::app::App;
use crate::auth::validated_url;
use crate::error::{Cause, Error, Exit, Result};
use crate::sandbox::{Options, Sandbox};
use crate::settings::{ConfigFile, Settings};
use crate::store::StoreKind;
use crate::store::entry::Entry;
use crate::terminal::screen::Screen;
use crate::tui;

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Print a single frame and exit.
    #[arg(long)]
    pub once: bool,
}

/// The interval of random purchases.
const CHARGE_EVERY: Duration = Duration::from_secs(20);

/// Seconds between refreshes.
const REFRESH: u32 = 5;

/// The size of the frame without a terminal.
const DEFAULT_SCREEN: Screen = Screen::new(80, 24);

/// Runs `demo`.
///
/// # Errors
/// `internal_error` if this machine does not allow loopback connections.
pub async fn run(app: &App, args: &DemoArgs) -> Result<Exit> {
    let options = Options { charge_every: Some(CHARGE_EVERY), ..Options::default() };
    let sandbox = Sandbox::start(options)
        .await
        .map_err(|error| Error::new(Cause::Port, format!("cannot start the simulated service: {error}")))?;
    let demo = App::new(app.ui.clone(), settings(app, &sandbox)?);
    link(&demo, &sandbox.validated_url()).await?;
    let barcode = BarcodeArgs { refresh: Some(REFRESH), ..BarcodeArgs::default() };
    if app.ui.json || app.ui.refuses_color() || app.ui.is_dumb() {
        return once::run(&demo, &barcode).await;
    }
    if args.once || !app.ui.is_terminal() {
        return snapshot(&demo, &barcode).await;
    }
    live::run(&demo, &barcode).await
}

fn settings(app: &App, sandbox: &Sandbox) -> Result<Settings> {
    let endpoint = sandbox.base_url().parse();
    Ok(Settings {
        profile: "demo".to_owned(),
        endpoint: endpoint
            .map_err(|_| Error::new(Cause::Unexpected, "the simulated service has no address"))?,
        // Ends with this process, like the service.
        store: Some(StoreKind::Memory),
        ephemeral: false,
        journal: false,
        config_path: None,
        warnings: Vec::new(),
        timeout: app.settings.timeout,
        retries: app.settings.retries,
        file: ConfigFile::default(),
    })
}

/// Links like a real sign-in: createPIN, then authenticatePIN.
async fn link(demo: &App, validated_url: &str) -> Result<()> {
    let linking = demo.linking().await?;
    let held = linking.entry_store.lock().await?;
    let validated = validated_url::parse(validated_url)?;
    linking.link(&held, &mut Entry::default(), &validated, validated.school.clone()).await
}

async fn snapshot(demo: &App, args: &BarcodeArgs) -> Result<Exit> {
    let screen = if demo.ui.is_terminal() { Screen::of_terminal() } else { DEFAULT_SCREEN };
    // Leave the last line for the prompt.
    let screen = Screen { lines: screen.lines.saturating_sub(u16::from(demo.ui.is_terminal())), ..screen };
    let client = demo.new_client(demo.settings.retries)?;
    let service = Service::new(demo, &client, args).await?;
    let frame = tui::snapshot(live::setup(demo, args).await?, &service, &*demo.clock, screen).await?;
    demo.ui.result(frame)?;
    Ok(Exit::Done)
}
