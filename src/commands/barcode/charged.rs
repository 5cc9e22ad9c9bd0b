//! The output of `--until-charged` without the view: one JSON line per change, or a sentence at the end.

use jiff::Timestamp;
use serde::Serialize;

use super::target::Target;
use crate::app::App;
use crate::auth::session::is_revoked;
use crate::error::{Error, Exit, Result};
use crate::live::payment_watch::{Change, Charge, Reason};
use crate::platform::clock::Moment;

#[derive(Debug, Serialize)]
struct Line<'a> {
    state: &'static str,
    #[serde(serialize_with = "crate::model::time::serialize")]
    at: Timestamp,
    #[serde(serialize_with = "crate::model::time::serialize")]
    expires_at: Option<Timestamp>,
    reason: Option<Reason>,
    charge: Option<&'a Charge>,
}

/// Prints the state changes of a charge watch.
pub struct ChangePrinter<'a> {
    pub app: &'a App,
    /// Where the barcode goes.
    pub target: &'a Target,
    /// When the watch expires; `None` if there is none.
    pub expires_at: Option<Timestamp>,
}

impl ChangePrinter<'_> {
    /// Prints a change; returns the exit status if the watch is over.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn report(&self, now: Moment, change: &Change) -> Result<Option<Exit>> {
        let ui = &self.app.ui;
        if ui.json {
            ui.document(&line(now.wall, self.expires_at, change))?;
        }
        Ok(match change {
            Change::Completed(paid) => {
                if !ui.json {
                    self.say(paid)?;
                }
                Some(Exit::Done)
            }
            Change::Unavailable(Reason::Expired) => {
                if !ui.json {
                    ui.note("the card was not charged in time");
                }
                Some(Exit::Unmet)
            }
            Change::Active
            | Change::Unavailable(Reason::UpstreamUnavailable | Reason::CredentialsRevoked) => None,
        })
    }

    /// Ends with a permanent failure. Revoked credentials were already printed as a change.
    ///
    /// # Errors
    /// The failure, if it was not printed yet.
    pub fn end(&self, error: Error) -> Result<Exit> {
        let already_printed = self.app.ui.json && self.expires_at.is_some() && is_revoked(&error);
        if already_printed { Ok(error.exit()) } else { Err(error) }
    }

    fn say(&self, charge: &Charge) -> Result<()> {
        if self.target.leaves_output_to_text() {
            return self.app.ui.result(format!("{}\n", charge.summary()));
        }
        // Standard output is the picture.
        self.app.ui.note(&charge.summary());
        Ok(())
    }
}

fn line(at: Timestamp, expires_at: Option<Timestamp>, change: &Change) -> Line<'_> {
    let line = Line { state: "active", at, expires_at, reason: None, charge: None };
    match change {
        Change::Active => line,
        Change::Completed(paid) => Line { state: "completed", charge: Some(paid), ..line },
        Change::Unavailable(reason) => Line { state: "unavailable", reason: Some(*reason), ..line },
    }
}
