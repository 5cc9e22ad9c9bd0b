//! Checks the credentials at the service, by signing in and changing the PIN to itself.

use tokio::time::Instant;

use crate::app::App;
use crate::auth::{revoke, session, throttle};
use crate::commands::link;
use crate::error::{Category, Cause, Error, Result};
use crate::get::calls::User;
use crate::get::failure::CallError;
use crate::model::card::CardState;
use crate::store::entry::Entry;
use crate::store::lock::LockGuard;

/// The result of a check.
#[derive(Default)]
pub struct Check {
    /// Whether the service was asked.
    pub checked: bool,
    /// Whether the credentials work; `None` if the service did not say.
    pub valid: Option<bool>,
    /// The patron: first name and initial of the last name.
    pub patron: Option<String>,
    /// The state of the card; `None` if it was not requested.
    pub card: Option<CardState>,
    /// Why the credentials do not work, or why that is unknown.
    pub failure: Option<Error>,
}

impl Check {
    /// The result for a failed check.
    #[must_use]
    pub fn failed(failure: Error) -> Self {
        let is_dead =
            failure.cause().is_some_and(|cause| cause.is_refusal() || *cause == Cause::SessionEnded);
        Self { checked: true, valid: is_dead.then_some(false), failure: Some(failure), ..Self::default() }
    }
}

/// Checks the linked device, or the session in ephemeral mode.
///
/// # Errors
/// If the store fails; refusals by the service are in the result.
pub async fn check(app: &App, held: &LockGuard, entry: &mut Entry) -> Result<Check> {
    let verified = if entry.link.is_some() {
        let verified = verify(app, held, entry).await;
        if verified.is_ok() {
            link::revoke_replaced(app, &app.linking().await?, held, entry).await?;
        }
        verified
    } else if entry.session.is_some() {
        let (session, client) = app.connect().await?;
        session.call(async |session| client.user(session).await).await.map(Some)
    } else {
        return Ok(Check::default());
    };
    Ok(match verified {
        Ok(user) => Check {
            checked: true,
            valid: Some(true),
            patron: user.as_ref().and_then(short_name),
            card: Some(user.map_or(CardState::Unknown, |user| user.card)),
            failure: None,
        },
        Err(error) => Check::failed(error),
    })
}

/// Signs the linked device in and verifies its PIN, retrying while another device ends the session in
/// between. Returns the patron, if the service sends one.
async fn verify(app: &App, held: &LockGuard, entry: &mut Entry) -> Result<Option<User>> {
    let (client, entry_store) = (app.client()?, app.entry_store().await?);
    let deadline = Instant::now() + app.settings.timeout;
    loop {
        let session = session::sign_in(client, entry_store, &*app.clock, held, entry).await?;
        let device = entry.link.as_ref().map(|link| link.device.clone()).ok_or_else(Error::not_linked)?;
        let since = app.clock.now();
        match client.verify_pin(&session, &device).await {
            Ok(()) => return Ok(client.user(&session).await.ok()),
            Err(error) if error.is_session_ended() => {
                let pause = throttle::spacing(since, app.clock.now());
                if Instant::now() + pause >= deadline {
                    return Err(revoke::stolen(error.into()));
                }
                tokio::time::sleep(pause).await;
            }
            Err(error) => return Err(wrong_pin(error)),
        }
    }
}

/// An argument error of the PIN change is a verdict on the PIN, unlike any other exception.
fn wrong_pin(error: CallError) -> Error {
    let is_final = error.is_final() && error.category() == Category::Validation;
    Error::from(error).edit(|report| {
        if is_final {
            let code = report.cause.exception_code().map(ToOwned::to_owned);
            report.cause = Cause::SignInRefused { code, unknown_device: false };
        }
    })
}

/// The first name and the initial of the last name: `Sam S.`.
fn short_name(user: &User) -> Option<String> {
    let first = user.first_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let initial = user.last_name.as_deref().and_then(|name| name.trim().chars().next());
    match (first, initial) {
        (Some(first), Some(initial)) => Some(format!("{first} {initial}.")),
        (Some(first), None) => Some(first.to_owned()),
        (None, initial) => initial.map(|initial| format!("{initial}.")),
    }
}
