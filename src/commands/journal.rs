//! `getcard journal`: the audit trail of what was done with the card and its credentials.

use clap::Args;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::app::App;
use crate::error::{Exit, Result};
use crate::history::range::{Range, When};
use crate::journal::audit::{self, AuditEvent};
use crate::output::table::{Column, Style, render};

/// Arguments of `journal`.
#[derive(Debug, Args)]
pub struct JournalArgs {
    /// Only events since then: today, a date, a time, or a span back from now such as 30d, 6w, or 3m.
    #[arg(long, value_name = "WHEN")]
    pub since: Option<When>,
}

#[derive(Serialize)]
struct Document<'a> {
    events: &'a [AuditEvent],
}

/// Runs `journal`.
///
/// # Errors
/// `validation_error` if `--since` is outside the calendar.
pub fn run(app: &App, args: &JournalArgs) -> Result<Exit> {
    let now = app.clock.now().to_zoned(TimeZone::system());
    let range = Range::new(args.since, None, &now)?;
    let events = audit::trail(app.journal().records(), range.since);
    if app.ui.json {
        app.ui.document(&Document { events: &events })?;
    } else if events.is_empty() {
        app.ui.note(if app.journal().path().is_some() { "no events" } else { "the journal is off" });
    } else {
        app.ui.result(table(&events, &TimeZone::system(), app.ui.table()))?;
    }
    Ok(Exit::Done)
}

fn table(events: &[AuditEvent], zone: &TimeZone, style: Style) -> String {
    let columns = ["TIME", "EVENT", "OUTCOME", "PROFILE", "DEVICE", "DETAIL"].map(Column::Text);
    let rows: Vec<Vec<String>> = events
        .iter()
        .map(|event| {
            vec![
                event.at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
                event.event.name().to_owned(),
                event.outcome.name().to_owned(),
                event.profile.clone(),
                event.device.clone().unwrap_or_default(),
                detail(event),
            ]
        })
        .collect();
    render(&columns, &rows, style)
}

fn detail(event: &AuditEvent) -> String {
    let revoked = event.remote_revoked.map(|revoked| {
        if revoked { "revoked at the service" } else { "not revoked at the service" }.to_owned()
    });
    revoked.into_iter().chain(event.detail.clone()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::record::AuditKind;
    use crate::journal::record::Outcome;
    use jiff::Timestamp;

    #[test]
    fn the_table_has_one_line_per_event() {
        let event = AuditEvent {
            at: Timestamp::UNIX_EPOCH,
            event: AuditKind::Unlink,
            outcome: Outcome::Done,
            profile: "default".to_owned(),
            device: Some("ab…9f".to_owned()),
            remote_revoked: Some(false),
            detail: None,
        };
        assert_eq!(
            table(&[event], &TimeZone::UTC, Style::default()),
            "TIME                 EVENT   OUTCOME  PROFILE  DEVICE  DETAIL\n\
             1970-01-01 00:00:00  unlink  ok       default  ab…9f   not revoked at the service\n"
        );
    }
}
