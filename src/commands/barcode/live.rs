//! Runs the full-screen view on the real service.

use jiff::tz::TimeZone;

use super::service::Service;
use super::{BarcodeArgs, GraphicsOption};
use crate::app::App;
use crate::barcode::shape::ShapeOptions;
use crate::commands::schools;
use crate::error::{Error, Exit, Result};
use crate::store::entry::Entry;
use crate::terminal::capabilities::Capabilities;
use crate::terminal::pictures::{PicturePreference, PictureProtocol};
use crate::tui;
use crate::tui::model::{End, Setup};

/// Runs the view.
///
/// # Errors
/// `authentication_error` if nothing is linked; any failure that rules out another code.
pub async fn run(app: &App, args: &BarcodeArgs) -> Result<Exit> {
    // Overlaps the keychain's response time with loading the platform's certificates.
    app.entry_store().await?.read_ahead();
    // No retries: the view shows each failure and retries on its own.
    let client = app.new_client(0)?;
    client.preconnect();
    let entry = linked(app).await?;
    let session = entry.session.as_ref().map(|session| session.id.clone());
    let service = Service::new(app, &client, args).await?.for_view().with_session(session);
    let end = tui::run(setup_of(app, args, &entry), &service, &*app.clock).await?;
    if let (true, End::Charged(charge)) = (args.notify, &end) {
        app.notify("Card charged", &charge.summary()).await;
    }
    finish(app, args, end)
}

/// Loads the profile's entry, which must be linked.
///
/// # Errors
/// `authentication_error` if nothing is linked.
pub async fn linked(app: &App) -> Result<Entry> {
    let entry = app.entry_store().await?.load().await?;
    if entry.link.is_some() || entry.session.is_some() {
        return Ok(entry);
    }
    Err(match entry.pending {
        Some(_) => Error::not_linked().hint("finish linking with: getcard link"),
        None => Error::not_linked(),
    })
}

/// The configuration of the view.
///
/// # Errors
/// `authentication_error` if nothing is linked.
pub async fn setup(app: &App, args: &BarcodeArgs) -> Result<Setup> {
    Ok(setup_of(app, args, &linked(app).await?))
}

fn setup_of(app: &App, args: &BarcodeArgs, entry: &Entry) -> Setup {
    let mut terminal = Capabilities::of_terminal(app.ui.use_color());
    if !app.ui.is_terminal() {
        terminal.depth = Capabilities::depth_of_pipe();
    }
    let school =
        entry.link.as_ref().and_then(|link| link.school.clone()).or_else(|| app.settings.file.school.clone());
    Setup {
        profile: app.settings.profile.clone(),
        school_name: school.as_ref().and_then(|short_name| schools::cached_name(app, short_name)),
        school,
        repeated: app.ui.repeated().clone(),
        interval: args.interval(app.settings.file.refresh),
        shape: ShapeOptions { columns: args.columns, level: args.ec_level },
        until_charged: args.until_charged.then_some(args.expires),
        charge_filter: args.charge_filter(),
        zone: TimeZone::system(),
        terminal,
        pictures: wanted(args.graphics),
        refused_at: entry.refusals.map(|refusals| refusals.last_at),
        seed: getrandom::u32().unwrap_or_default(),
    }
}

fn wanted(graphics: GraphicsOption) -> PicturePreference {
    match graphics {
        GraphicsOption::Auto => PicturePreference::Auto,
        GraphicsOption::Cells => PicturePreference::Cells,
        GraphicsOption::Kitty => PicturePreference::This(PictureProtocol::Kitty),
        GraphicsOption::Sixel => PicturePreference::This(PictureProtocol::Sixel),
        GraphicsOption::Iterm => PicturePreference::This(PictureProtocol::Iterm),
    }
}

/// Reports how the view ended, and returns the exit status.
///
/// # Errors
/// The failure that ended it.
fn finish(app: &App, args: &BarcodeArgs, end: End) -> Result<Exit> {
    match end {
        // The charge did not happen.
        End::Quit if args.until_charged => Ok(Exit::Unmet),
        End::Quit => Ok(Exit::Done),
        End::Interrupted => Ok(Exit::Interrupted),
        End::HungUp => Ok(Exit::Terminated),
        End::Charged(charge) => {
            app.ui.result(format!("{}\n", charge.summary()))?;
            Ok(Exit::Done)
        }
        End::Expired => {
            app.ui.note("the card was not charged in time");
            Ok(Exit::Unmet)
        }
        End::Failed(error) => Err(error),
    }
}
