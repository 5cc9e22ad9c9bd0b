//! `getcard login`: the school's sign-in page, then the link.

use crate::app::App;
use crate::cli;
use crate::commands::{link, schools};
use crate::error::{Exit, Result};
use crate::link::validated;
use crate::prompt;

/// Runs `login`.
///
/// # Errors
/// As [`schools::short_name`] and [`link::link_card`].
pub async fn run(app: &App, args: &cli::Login) -> Result<Exit> {
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
            return validated::parse(&link::read_qr(image)?);
        }
        app.ui.note(&format!("Sign in at {url}"));
        if !args.no_browser && app.ui.can_ask() && webbrowser::open(&url).is_err() {
            app.ui.note("No browser could be opened here: open the address yourself.");
        }
        app.ui.note("When the page says \"validated\", copy its address and paste it here.");
        validated::parse(&prompt::secret(&app.ui, "Validated URL").await?)
    })
    .await
}
