//! Waiting for the charge without a view: the barcode goes to a file or standard output, changes are told as they come.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use serde::Serialize;
use tokio::time::sleep;

use super::BarcodeArgs;
use super::live;
use super::once::Target;
use super::service::Service;
use crate::app::App;
use crate::error::{Exit, Result};
use crate::live::feed::Feed;
use crate::live::payment_watch::{Change, Charge, Reason};
use crate::platform::clock::Moment;
use crate::terminal::screen::Screen;
use crate::tui::model::{Effect, End, Event, Model, Msg};
use crate::tui::request::request;
use crate::tui::update::update;

#[derive(Serialize)]
struct Line<'a> {
    state: &'static str,
    at: Timestamp,
    reason: Option<Reason>,
    charge: Option<&'a Charge>,
}

/// Shows the barcode and waits.
///
/// # Errors
/// As the view's.
pub async fn run(app: &App, args: &BarcodeArgs) -> Result<Exit> {
    let target = Target::new(app, args)?;
    let setup = live::setup(app, args).await?;
    let client = app.new_client(0)?;
    let service = Service::new(app, &client, args).await?;
    let mut model = Model::new(setup, Screen::new(0, 0), app.clock.moment());
    let mut answers = FuturesUnordered::new();
    let mut event = Event::Tick;
    let mut put: Option<Moment> = None;
    let mut told = false;
    loop {
        let at = app.clock.moment();
        let failure = failure(&event);
        let effects = update(&mut model, Msg { at, event });
        // A file is kept fresh; what was printed cannot be.
        if let Some((payload, fetched)) = &model.code.latest
            && put.is_none_or(|put| target.is_file() && put != *fetched)
        {
            target.put(app, payload)?;
            put = Some(*fetched);
        }
        for effect in effects {
            match effect {
                Effect::Abandon => {
                    answers.clear();
                    service.reconnect();
                }
                Effect::Report(change) if app.ui.json => {
                    told = matches!(change, Change::Completed(_) | Change::Unavailable(_));
                    app.ui.document(&line(at.wall, &change))?;
                }
                fetch => answers.extend(request(&service, fetch)),
            }
        }
        if let Some(end) = model.end.take() {
            live::record(app, &end);
            return if told { Ok(exit(&end)) } else { finish(app, &target, end) };
        }
        if let Some(failure) = failure {
            app.ui.warn(&failure);
        }
        event = tokio::select! {
            Some(answer) = answers.next() => answer,
            () = sleep(model.wait()) => Event::Tick,
        };
    }
}

/// What failed, where it is the service that did: it is asked again.
fn failure(event: &Event) -> Option<String> {
    match event {
        Event::Payload(Err(error)) | Event::Accounts(Err(error)) => Some(error.to_string()),
        _ => None,
    }
}

/// How the command exits when its last line has said the rest.
fn exit(end: &End) -> Exit {
    match end {
        End::Expired => Exit::Unmet,
        End::Failed(error) => error.exit(),
        _ => Exit::Done,
    }
}

fn finish(app: &App, target: &Target, end: End) -> Result<Exit> {
    match end {
        // Standard output is a picture.
        End::Charged(charge) if !target.leaves_output_to_text() => {
            app.ui.note(&charge.summary());
            Ok(Exit::Done)
        }
        end => live::finish(app, end),
    }
}

fn line(at: Timestamp, change: &Change) -> Line<'_> {
    let line = Line { state: "active", at, reason: None, charge: None };
    match change {
        Change::Active => line,
        Change::Completed(paid) => Line { state: "completed", charge: Some(paid), ..line },
        Change::Unavailable(reason) => Line { state: "unavailable", reason: Some(*reason), ..line },
    }
}
