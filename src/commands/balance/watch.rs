//! Balances again and again: printed when they change, through failures that pass.

use std::time::Duration;

use super::{BalanceArgs, Reply, fetch, is_below, show};
use crate::app::App;
use crate::error::{Category, Error, Exit, Result};

/// Watches until the user ends it, the credentials do, or a selected account is below the wanted amount.
///
/// # Errors
/// As one read, but for failures that pass.
pub async fn run(app: &App, args: &BalanceArgs, every: Duration) -> Result<Exit> {
    let session = app.session().await?;
    let client = app.client()?;
    let mut shown: Option<Reply> = None;
    let mut noted: Option<String> = None;
    loop {
        match fetch(app, args, &session, client).await {
            Ok(reply) => {
                if noted.take().is_some() {
                    app.ui.note("the balances can be read again");
                }
                if shown.as_ref().is_none_or(|shown| !shown.is_same(&reply)) {
                    if !app.ui.json && !args.value {
                        let at = reply.fetched_at.to_zoned(jiff::tz::TimeZone::system());
                        let gap = if shown.is_some() { "\n" } else { "" };
                        app.ui.result(format!("{gap}{}\n", at.strftime("%Y-%m-%d %H:%M:%S")))?;
                    }
                    show(app, args, &reply)?;
                }
                if is_below(args, &reply) {
                    return Ok(Exit::Unmet);
                }
                shown = Some(reply);
            }
            Err(error) if error.category() == Some(Category::TransientUpstream) => {
                note(app, &error, every, &mut noted);
            }
            Err(error) => return Err(error),
        }
        tokio::time::sleep(every).await;
    }
}

/// Says why there is no news, once for each reason.
fn note(app: &App, error: &Error, every: Duration, noted: &mut Option<String>) {
    let reason = error.to_string();
    if noted.as_ref() != Some(&reason) {
        app.ui.note(&format!("{reason}; trying again every {} s", every.as_secs()));
        *noted = Some(reason);
    }
}
