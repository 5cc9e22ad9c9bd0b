//! `getcard doctor`: runs all checks in order, suggests fixes, then shows the journal's figures.

mod local;
mod remote;
mod report;
mod terminal;

use clap::Args;
use std::borrow::Cow;

use serde::Serialize;

use crate::app::App;
use crate::error::{Category, Error, Exit, Result};
use crate::journal::figures::Figures;
use crate::journal::openmetrics;

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Skip the checks and print the journal's figures in the `OpenMetrics` text format.
    #[arg(long, conflicts_with = "json")]
    pub openmetrics: bool,
}

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Ok,
    /// Something that the user may want to change, or that could not be checked.
    Warn,
    /// Something that keeps getcard from working.
    Fail,
}

/// A check and its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Check {
    name: &'static str,
    status: Status,
    detail: String,
    hint: Option<Cow<'static, str>>,
}

impl Check {
    fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, status: Status::Ok, detail: detail.into(), hint: None }
    }

    fn warn(name: &'static str, detail: impl Into<String>, hint: impl Into<Cow<'static, str>>) -> Self {
        Self { name, status: Status::Warn, detail: detail.into(), hint: Some(hint.into()) }
    }

    /// A check that was skipped because another one failed, with the hint of that one.
    fn unchecked(name: &'static str, obstacle: &Self) -> Self {
        let detail = format!("not checked: fix {} first", obstacle.label());
        Self { name, status: Status::Warn, detail, hint: obstacle.hint.clone() }
    }

    fn fail(name: &'static str, error: &Error) -> Self {
        let hint = match error {
            Error::Failed(report) => report.hint.clone(),
            Error::ClosedPipe | Error::Interrupted => None,
        };
        let hint = hint.unwrap_or(Cow::Borrowed("look at each call with: getcard doctor -v"));
        Self { name, status: Status::Fail, detail: error.to_string(), hint: Some(hint) }
    }

    /// The name in text output.
    fn label(&self) -> String {
        self.name.replace('_', "-")
    }
}

#[derive(Serialize)]
struct Document<'a> {
    checks: &'a [Check],
    figures: &'a Figures,
}

/// The checks so far; in text output, each is shown as soon as it is done.
struct Checks<'a> {
    app: &'a App,
    made: Vec<Check>,
}

impl Checks<'_> {
    fn add(&mut self, check: Check) -> Result<()> {
        if !self.app.ui.json {
            let repeats_hint = self.made.last().is_some_and(|above| above.hint == check.hint);
            let ui = &self.app.ui;
            ui.result(report::check(&check, repeats_hint, ui.use_color(), ui.width()))?;
        }
        self.made.push(check);
        Ok(())
    }
}

/// Runs `doctor`.
///
/// # Errors
/// If the output is closed; all other failures are in the output.
pub async fn run(app: &App, args: &DoctorArgs) -> Result<Exit> {
    let records = app.journal().records();
    if args.openmetrics {
        app.ui.result(openmetrics::text(&records)?)?;
        return Ok(Exit::Done);
    }
    let mut checks = Checks { app, made: Vec::new() };
    checks.add(local::config(app))?;
    checks.add(local::journal(app))?;
    let (store, entry) = local::store(app).await;
    let link = local::link(app, entry.as_ref(), &store);
    checks.add(store)?;
    checks.add(link.clone())?;
    let linked = entry.is_some_and(|entry| entry.link.is_some() || entry.session.is_some());
    remote::all(&mut checks, (!linked).then_some(link)).await?;
    checks.add(terminal::terminal(app))?;

    // Use the figures from before this run: these checks are not what the user experienced.
    let figures = Figures::of(&records, app.clock.now());
    checks.add(local::service_levels(&figures))?;
    if app.ui.json {
        app.ui.document(&Document { checks: &checks.made, figures: &figures })?;
    } else {
        if app.ui.is_terminal() && !app.ui.refuses_color() {
            app.ui.result(terminal::pattern())?;
        }
        app.ui.result(report::figures(&figures, app.ui.table()))?;
    }
    let failed = checks.made.iter().any(|check| check.status == Status::Fail);
    Ok(if failed { Exit::Failed(Category::Internal) } else { Exit::Done })
}
