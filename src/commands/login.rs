//! `getcard login`: the school's sign-in page, then the link.

use std::path::PathBuf;

use crate::app::App;
use crate::auth::validated_url;
use crate::commands::{link, schools};
use crate::error::{Exit, Result};
use crate::terminal::prompt;
use clap::Args;

/// Arguments of `login`.
#[derive(Debug, Args)]
pub struct LoginArgs {
    /// The school: its short name, or a part of its name that no other has.
    #[arg(long, value_name = "NAME")]
    pub school: Option<String>,
    /// Do not open a browser.
    #[arg(long)]
    pub no_browser: bool,
    /// Only print the address of the sign-in page.
    #[arg(long, conflicts_with_all = ["qr", "replace"])]
    pub print_url: bool,
    /// Take the validated URL from an image of a QR code (PNG, JPEG, WebP), `-` for standard input.
    #[arg(long, value_name = "IMAGE")]
    pub qr: Option<PathBuf>,
    /// Link anew although a card is linked, then revoke the old device.
    #[arg(long)]
    pub replace: bool,
}

/// Runs `login`.
///
/// # Errors
/// As [`schools::short_name`] and [`link::link_card`].
pub async fn run(app: &App, args: &LoginArgs) -> Result<Exit> {
    let school = match &args.school {
        Some(words) => schools::short_name(app, words).await?,
        None => app.settings.school().to_owned(),
    };
    let url = app.settings.endpoint.login_url(app.settings.file.login_url.as_deref(), &school);
    if args.print_url {
        app.ui.result(format!("{url}\n"))?;
        return Ok(Exit::Done);
    }
    link::link_card(app, args.replace, Some(&school), async || {
        if let Some(image) = &args.qr {
            return validated_url::parse(&link::read_qr(image)?);
        }
        app.ui.note(&format!("Sign in at {url}"));
        if !args.no_browser && app.ui.can_ask() && webbrowser::open(&url).is_err() {
            app.ui.note("No browser could be opened here: open the address yourself.");
        }
        app.ui.note("When the page says \"validated\", copy its address and paste it here.");
        validated_url::parse(&prompt::secret(&app.ui, "Validated URL").await?)
    })
    .await
}
