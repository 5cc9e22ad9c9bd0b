//! The full-screen view on the real service, and how it ends.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::service::Service;
use super::{BarcodeArgs, GraphicsOption};
use crate::app::App;
use crate::barcode::cells::Depth;
use crate::error::{Error, Exit, Result};
use crate::live::payment_watch::Charge;
use crate::terminal::color;
use crate::terminal::pictures::{PicturePreference, PictureProtocol};
use crate::terminal::screen::Look;
use crate::tui;
use crate::tui::model::{End, Setup};

/// Seconds between refreshes unless the user says otherwise.
const REFRESH: u32 = 10;

/// Runs the view.
///
/// # Errors
/// `authentication_error` when nothing is linked; whatever makes sure that no code will come.
pub async fn run(app: &App, args: &BarcodeArgs) -> Result<Exit> {
    let setup = setup(app, args).await?;
    // The view shows each failure and tries again by itself.
    let client = app.new_client(0)?;
    let service = Service::new(app, &client, args).await?;
    let end = tui::run(setup, wanted(args.graphics), &service, &*app.clock).await?;
    record(app, &end);
    finish(app, end)
}

/// What the view is started with.
///
/// # Errors
/// `authentication_error` when nothing is linked.
pub async fn setup(app: &App, args: &BarcodeArgs) -> Result<Setup> {
    let entry = app.entry_store().await?.load().await?;
    if entry.link.is_none() && entry.session.is_none() {
        return Err(match entry.pending {
            Some(_) => Error::not_linked().hint("finish linking with: getcard link"),
            None => Error::not_linked(),
        });
    }
    let refresh = args.refresh.or(app.settings.file.refresh).unwrap_or(REFRESH);
    Ok(Setup {
        profile: app.settings.profile.clone(),
        school: entry.link.and_then(|link| link.school).or_else(|| app.settings.file.school.clone()),
        interval: Duration::from_secs(refresh.into()),
        shape: (args.columns, args.ec_level),
        until_charged: args.until_charged.then_some(args.expires),
        zone: TimeZone::system(),
        look: look(app),
        seed: getrandom::u32().unwrap_or_default(),
    })
}

fn look(app: &App) -> Look {
    // Whatever reads a pipe shows it later, somewhere else.
    let depth = if app.ui.is_terminal() { color::of_terminal() } else { Depth::TrueColor };
    Look { depth, color: app.ui.use_color(), graphics: None }
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

/// Keeps in the journal how long after the charge it was seen; only its receipt knows when it was made.
pub fn record(app: &App, end: &End) {
    let End::Charged(Charge { occurred_at: Some(made), .. }) = end else { return };
    // Seen before it was made: the clocks disagree by more than the lag, and any number would be made up.
    if let Ok(lag) = Duration::try_from(app.clock.now().duration_since(*made)) {
        app.journal().completed(lag);
    }
}

/// Says how the view ended, where there is something to say.
///
/// # Errors
/// What ended it, if that was a failure.
pub fn finish(app: &App, end: End) -> Result<Exit> {
    match end {
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
