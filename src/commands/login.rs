//! `getcard login`: opens the school's sign-in page, then links the card.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::app::App;
use crate::auth::validated_url::{self, Validated};
use crate::commands::{known_profiles, link, schools};
use crate::error::{Cause, Error, Exit, Result};
use crate::terminal::prompt;

/// Arguments of `login`.
#[derive(Debug, Args)]
pub struct LoginArgs {
    /// The school's short name, or a unique part of its name. The default is the school of the configuration or of
    /// the last link; if there is neither, getcard asks.
    #[arg(long, value_name = "NAME")]
    pub school: Option<String>,
    /// Do not open a browser.
    #[arg(long)]
    pub no_browser: bool,
    /// Only print the address of the sign-in page.
    #[arg(long, conflicts_with_all = ["qr", "replace"])]
    pub print_url: bool,
    /// Read the validated URL from an image of a QR code (PNG, JPEG, WebP); `-` is standard input.
    #[arg(long, value_name = "IMAGE")]
    pub qr: Option<PathBuf>,
    /// Link again even if a card is linked, then revoke the old device.
    #[arg(long)]
    pub replace: bool,
}

#[derive(Serialize)]
struct Page<'a> {
    url: &'a str,
}

/// How often to ask for the validated URL.
const MAX_PROMPTS: usize = 3;

/// Runs `login`.
///
/// # Errors
/// Like [`schools::short_name`] and [`link::link_card`]; `validation_error` if no school is known and
/// prompting is not possible.
pub async fn run(app: &App, args: &LoginArgs) -> Result<Exit> {
    if args.print_url {
        let (_, url) = page(app, args).await?;
        if app.ui.json {
            app.ui.document(&Page { url: &url })?;
        } else {
            app.ui.result(format!("{url}\n"))?;
        }
        return Ok(Exit::Done);
    }
    link::link_card(app, args.replace, async || {
        if let Some(image) = &args.qr {
            return validated_url::parse(&link::read_qr(image)?);
        }
        let (school, url) = page(app, args).await?;
        app.ui.note(&format!("Sign in at {url}"));
        if !args.no_browser && app.ui.can_ask() && webbrowser::open(&url).is_err() {
            app.ui.note("Could not open a browser. Open the address yourself.");
        }
        app.ui.note("When the page says \"validated\", copy its address and paste it here.");
        let Validated { session, school: in_url } = pasted(app).await?;
        Ok(Validated { session, school: in_url.or(Some(school)) })
    })
    .await
}

/// Reads the validated URL, and lets the user correct it.
async fn pasted(app: &App) -> Result<Validated> {
    for left in (1..MAX_PROMPTS).rev() {
        match validated_url::parse(&prompt::secret(&app.ui, "Validated URL").await?) {
            Err(Error::Failed(report)) if app.ui.can_ask() => {
                app.ui.warn(&report.message);
                app.ui.note(&report.hint.unwrap_or_default());
                app.ui.note(if left == 1 { "Paste it once more." } else { "Paste it again." });
            }
            result => return result,
        }
    }
    validated_url::parse(&prompt::secret(&app.ui, "Validated URL").await?)
}

/// The school and its sign-in page.
async fn page(app: &App, args: &LoginArgs) -> Result<(String, String)> {
    let school = match (&args.school, school_of_settings(app)) {
        (Some(words), _) => schools::short_name(app, words).await?,
        (None, Some(school)) => school,
        (None, None) if app.ui.can_ask() => schools::ask(app).await?,
        (None, None) => {
            return Err(Error::new(Cause::SchoolUnknown, "no school is set")
                .hint("run: getcard login --school NAME, or find its short name with: getcard schools"));
        }
    };
    let url = app.settings.endpoint.login_url(app.settings.file.login_url.as_deref(), &school);
    Ok((school, url))
}

/// The school of the configuration, or else of the newest link to this service, preferring this profile.
fn school_of_settings(app: &App) -> Option<String> {
    let of_link = || {
        let origin = app.settings.endpoint.origin();
        let known = known_profiles::list(app).into_iter().filter(|known| known.origin == origin);
        let is_this = |name: &str| name == app.settings.profile;
        known
            .filter(|known| known.school.is_some())
            .max_by_key(|known| (is_this(&known.name), known.linked_at))
            .and_then(|known| known.school)
    };
    app.settings.file.school.clone().or_else(of_link)
}
