//! The view's messages: a charge, a failure and its remedy, a hint.

use std::time::Duration;

use super::format::{capitalized, length, next_fetch, wait, when};
use super::freshness::Freshness;
use super::model::Model;
use crate::auth::session::is_revoked;
use crate::error::{Cause, Error};
use crate::model::text::clean;

/// How long a charge is shown.
const PAID: Duration = Duration::from_secs(60);
/// How long an answer to a key is shown.
const NOTICE: Duration = Duration::from_secs(10);

/// Something to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// How it looks.
    pub tone: Tone,
    /// What happened, and what to do.
    pub text: String,
    /// The detail, which is dropped first.
    pub detail: Option<String>,
}

/// How a message looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// The card was charged.
    Good,
    /// Something fails and may pass.
    Warning,
    /// Something fails until the user acts.
    Bad,
    /// Neither.
    Plain,
}

impl Message {
    fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), detail: None }
    }

    /// Why an answer failed, with what to do.
    #[must_use]
    fn of_failure(error: &Error, refused: Option<&str>) -> Self {
        let Some(report) = error.report() else { return Self::new(Tone::Warning, error.to_string()) };
        let message = clean(&report.message).into_owned();
        let (what, detail) = match &report.cause {
            Cause::CannotConnect => split("cannot reach the service", &message),
            Cause::SignInRefused { .. } | Cause::SignInPaused { .. } | Cause::SignInStopped => {
                let since = refused.map_or_else(String::new, |at| format!(" since {at}"));
                (format!("the service refuses this link{since}"), None)
            }
            _ => (message, None),
        };
        let remedy = match &report.cause {
            // The time in its hint is over before it is read.
            Cause::SignInRefused { .. } | Cause::SignInPaused { .. } | Cause::SignInStopped => {
                Some("press q and run: getcard login --replace".to_owned())
            }
            Cause::CannotConnect if report.hint.is_none() => Some("check the network".to_owned()),
            _ => report.hint.as_deref().map(|hint| clean(hint).into_owned()),
        };
        let tone = if is_revoked(error) { Tone::Bad } else { Tone::Warning };
        let text = [Some(what), remedy].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        Self { tone, text, detail }
    }
}

/// The message to show: a charge first, then a failure, then responses to keys, then what the view is waiting for.
#[must_use]
pub fn message(model: &Model) -> Option<Message> {
    if let Some(charge) = model.watch.dropped() {
        return Some(Message::new(Tone::Good, format!("{} · waiting for the receipt…", charge.summary())));
    }
    if let Some((charge, at)) = &model.paid
        && model.now.since(*at) < PAID
    {
        return Some(Message::new(Tone::Good, charge.summary()));
    }
    if let Some((text, at)) = &model.notice
        && model.now.since(*at) < NOTICE
    {
        return Some(Message::new(Tone::Plain, text));
    }
    if let Some(failure) = failure(model) {
        // A overlay says it in the place of the barcode.
        return Some(failure).filter(|_| !model.has_overlay());
    }
    if let Some(error) = &model.accounts.failure {
        let failure = told(model, error);
        return Some(Message { text: format!("Balances not refreshed: {}", failure.text), ..failure });
    }
    if model.paused && !model.has_overlay() {
        return Some(Message::new(Tone::Plain, "Paused: p resumes, r fetches a code now"));
    }
    let left = model.watch.wait(model.now).filter(|_| model.setup.until_charged.is_some())?;
    Some(Message::new(Tone::Plain, format!("Waiting for the charge · {} left", wait(left))))
}

/// Why there is no fresh code.
#[must_use]
pub fn failure(model: &Model) -> Option<Message> {
    let error = model.code.failure.as_ref()?;
    let failure = told(model, error);
    Some(Message { text: capitalized(&failure.text), ..failure })
}

/// Why an answer failed, with the whole command that helps.
#[must_use]
pub fn told(model: &Model, error: &Error) -> Message {
    let failure = Message::of_failure(error, refused(model).as_deref());
    Message { text: model.setup.repeated.in_commands(&failure.text).into_owned(), ..failure }
}

/// What replaces a barcode that must not be shown: a headline and details.
#[must_use]
pub fn overlay(model: &Model) -> (String, Vec<String>) {
    let age = model.code.age(model.now).unwrap_or_default();
    let expired = model.freshness() == Freshness::Expired;
    let headline = if expired { "EXPIRED" } else { "No barcode yet" };
    let mut lines = Vec::new();
    if expired {
        lines.push(format!("This code is {} old: do not scan it.", length(age)));
    }
    let failure = failure(model);
    if let Some(failure) = &failure {
        lines.extend(failure.text.split(" · ").map(capitalized));
    }
    lines.push(match () {
        () if model.code.pace.is_under_way() && expired => "Fetching a new one…".to_owned(),
        () if model.code.pace.is_under_way() => "Fetching the barcode…".to_owned(),
        () if model.paused => "Paused: p resumes, r fetches a code now.".to_owned(),
        () if failure.is_none() => {
            format!("Next code in {}", wait(model.code.pace.wait(model.now).unwrap_or_default()))
        }
        () => capitalized(&next_fetch(model).0),
    });
    if let Some(detail) = failure.and_then(|failure| failure.detail) {
        lines.push(format!("({detail})"));
    }
    (headline.to_owned(), lines)
}

/// When the service began to refuse the link.
fn refused(model: &Model) -> Option<String> {
    let at = model.setup.refused_at.or(model.refused_at)?;
    Some(when(at, model.now.wall, &model.setup.zone))
}

/// The headline, and what a message says beyond it.
fn split(headline: &str, message: &str) -> (String, Option<String>) {
    let rest = message.strip_prefix(headline).unwrap_or(message).trim_start_matches([':', ' ']);
    (headline.to_owned(), Some(rest.to_lowercase()).filter(|rest| !rest.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(error: &Error) -> Message {
        Message::of_failure(error, Some("Jan 1, 00:00"))
    }

    #[test]
    fn what_happened_comes_first_and_system_errors_last() {
        let text = "cannot reach the service: Connection refused";
        let message = said(&Error::new(Cause::CannotConnect, text));
        assert_eq!(message.text, "cannot reach the service · check the network");
        assert_eq!(message.detail.as_deref(), Some("connection refused"));
        assert_eq!(message.tone, Tone::Warning);
    }

    #[test]
    fn a_refused_link_says_since_when_and_what_to_do() {
        let refused = Error::new(Cause::SignInPaused { retry_after: Duration::from_secs(9) }, "refused")
            .hint("run: getcard login --replace, or try again in 9 s");
        let message = said(&refused);
        assert_eq!(
            message.text,
            "the service refuses this link since Jan 1, 00:00 · press q and run: getcard login --replace"
        );
        assert_eq!(message.tone, Tone::Bad);
    }
}
