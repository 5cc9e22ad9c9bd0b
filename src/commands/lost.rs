//! `getcard lost` and `getcard found`: report the card, if the school allows it.

use clap::Args;
use serde::Serialize;

use crate::app::App;
use crate::auth::session::Session;
use crate::error::{Category, Cause, Error, Exit, Result};
use crate::get::calls::Feature;
use crate::get::client::Client;
use crate::journal::record::AuditKind;
use crate::model::card::CardState;
use crate::terminal::prompt;

/// Arguments of `lost` and `found`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Do not ask for confirmation.
    #[arg(long, short)]
    pub yes: bool,
}

/// What to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    Lost,
    Found,
}

impl Report {
    fn feature(self) -> Feature {
        match self {
            Self::Lost => Feature::LostCard,
            Self::Found => Feature::FoundCard,
        }
    }

    /// The resulting state of the card.
    fn state(self) -> CardState {
        match self {
            Self::Lost => CardState::Lost,
            Self::Found => CardState::Active,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Found => "found",
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    card: CardState,
}

/// Runs `lost` or `found`.
///
/// # Errors
/// `authorization_error` if the school has disabled it; `validation_error` if confirmation is needed and
/// prompting is not possible; otherwise the error of a call.
pub async fn run(app: &App, args: &ReportArgs, report: Report) -> Result<Exit> {
    let kind = if report == Report::Lost { AuditKind::Lost } else { AuditKind::Found };
    match report_card(app, args, report).await {
        Ok(Outcome::Declined) => {
            app.ui.note("nothing was changed");
            return Ok(Exit::Done);
        }
        Ok(Outcome::Unchanged) => app.ui.note(&format!("the card is already reported {}", report.name())),
        Ok(Outcome::Reported) => app.journal().done(kind, Ok(())),
        Err(error) => {
            app.journal().done(kind, Err(&error));
            return Err(error);
        }
    }
    show(app, report)
}

enum Outcome {
    Reported,
    /// The card was already in that state.
    Unchanged,
    /// The user did not confirm.
    Declined,
}

async fn report_card(app: &App, args: &ReportArgs, report: Report) -> Result<Outcome> {
    if !args.yes && !app.ui.can_ask() {
        return Err(Error::new(
            Cause::NoInput,
            format!("reporting a card {} needs confirmation, and getcard cannot prompt here", report.name()),
        )
        .hint(format!("run: getcard {} --yes", report.name())));
    }
    let (session, client) = app.connect().await?;
    if !is_allowed(&session, client, report.feature()).await? {
        return Err(switched_off(report));
    }
    if card(&session, client).await? == report.state() {
        return Ok(Outcome::Unchanged);
    }
    if !args.yes && !confirmed(&session, client, report).await? {
        return Ok(Outcome::Declined);
    }
    let lost = report == Report::Lost;
    if let Err(error) = session.call(async |session| client.report_card(session, lost).await).await {
        // The reply may have been lost: the card's state shows whether the report took effect.
        if card(&session, client).await.ok() != Some(report.state()) {
            return Err(error);
        }
    }
    Ok(Outcome::Reported)
}

/// Returns whether the school has enabled a feature; one that the service does not know is disabled.
async fn is_allowed(session: &Session<'_>, client: &Client, feature: Feature) -> Result<bool> {
    let allowed = session.call(async |session| client.has_feature(session, feature).await).await;
    match allowed.as_ref().err().and_then(Error::cause) {
        Some(Cause::Exception { category: Category::Validation, .. }) => Ok(false),
        _ => allowed,
    }
}

async fn card(session: &Session<'_>, client: &Client) -> Result<CardState> {
    Ok(session.call(async |session| client.user(session).await).await?.card)
}

fn switched_off(report: Report) -> Error {
    let name = report.name();
    Error::new(Cause::SwitchedOff, format!("your school does not let you report cards {name} here"))
        .hint("ask the school's card office")
}

async fn confirmed(session: &Session<'_>, client: &Client, report: Report) -> Result<bool> {
    if report == Report::Found {
        return prompt::confirm("Report the card found, so that readers accept it again?").await;
    }
    let undo = if is_allowed(session, client, Feature::FoundCard).await? {
        "Undo it with: getcard found."
    } else {
        "You cannot undo this here: only your school's card office can."
    };
    prompt::confirm(&format!("No reader will accept the card anymore. {undo}\nReport the card lost?")).await
}

fn show(app: &App, report: Report) -> Result<Exit> {
    if app.ui.json {
        app.ui.document(&Document { profile: &app.settings.profile, card: report.state() })?;
    } else {
        let text = match report {
            Report::Lost => "the card is reported lost: no reader accepts it\n",
            Report::Found => "the card is active again\n",
        };
        app.ui.result(text)?;
    }
    Ok(Exit::Done)
}
