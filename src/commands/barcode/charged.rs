//! Waiting for the charge without a view: the barcode goes to a file or standard output, changes are told as they come.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use serde::Serialize;
use tokio::time::sleep;

use super::live;
use super::once::Target;
use super::service::Service;
use crate::app::App;
use crate::charge::{Change, Charge, Reason};
use crate::cli;
use crate::clock::Moment;
use crate::error::{Category, Exit, Result};
use crate::tui::model::{Effect, End, Event, Model, Msg};
use crate::tui::screen::Screen;
use crate::tui::source::request;
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
pub async fn run(app: &App, args: &cli::Barcode) -> Result<Exit> {
    let mut target = Target::new(app, args)?;
    let setup = live::setup(app, args).await?;
    let client = app.new_client(0)?;
    let service = Service::new(app, &client, args).await?;
    let mut model = Model::new(setup, Screen::new(0, 0), app.clock.moment());
    let mut answers = FuturesUnordered::new();
    let mut event = Event::Tick;
    let mut put: Option<Moment> = None;
    loop {
        let at = app.clock.moment();
        for effect in update(&mut model, Msg { at, event }) {
            match effect {
                Effect::Abandon => answers.clear(),
                Effect::Report(change) if app.ui.json => app.ui.document(&line(at.wall, &change))?,
                fetch => answers.extend(request(&service, fetch)),
            }
        }
        if let Some(end) = model.end.take() {
            return finish(app, end);
        }
        // A file is kept fresh; what was printed cannot be.
        if let Some((payload, fetched)) = &model.code.latest
            && put.is_none_or(|put| target.is_file() && put != *fetched)
        {
            target.put_code(app, payload)?;
            put = Some(*fetched);
        }
        event = tokio::select! {
            Some(answer) = answers.next() => answer,
            () = sleep(model.wait()) => Event::Tick,
        };
        if let Event::Payload(Err(error)) | Event::Accounts(Err(error)) = &event {
            app.ui.warn(&error.to_string());
        }
    }
}

fn finish(app: &App, end: End) -> Result<Exit> {
    match end {
        // The line has said it.
        End::Charged(_) if app.ui.json => Ok(Exit::Done),
        End::Expired if app.ui.json => Ok(Exit::Unmet),
        End::Failed(error) if app.ui.json && error.category() == Some(Category::Authentication) => {
            Ok(Exit::Failed(Category::Authentication))
        }
        end => live::finish(app, end),
    }
}

fn line(at: Timestamp, change: &Change) -> Line<'_> {
    let (state, reason, charge) = match change {
        Change::Active => ("active", None, None),
        Change::Completed(charge) => ("completed", None, Some(charge)),
        Change::Unavailable(reason) => ("unavailable", Some(*reason), None),
    };
    Line { state, at, reason, charge }
}
