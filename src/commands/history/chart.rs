//! The balances over time and the spending by place, drawn on the terminal or in a file.

use std::path::Path;

use jiff::tz::TimeZone;

use super::reading::Reading;
use crate::app::App;
use crate::chart::{Chart, Drawing};
use crate::error::{Cause, Error, Exit, Result};
use crate::history::summary::{By, Summing};
use crate::model::transaction::Transaction;

/// The picture's width where there is no terminal.
const USUAL_WIDTH: u16 = 80;

/// What a file is to be.
enum Kind {
    Svg,
    Png,
}

/// Draws what is read.
pub async fn run(app: &App, mut reading: Reading<'_>, output: Option<&Path>, zone: TimeZone) -> Result<Exit> {
    let output = output.map(|path| kind(path).map(|kind| (path, kind))).transpose()?;
    let mut drawing = Drawing::default();
    let mut summing = Summing::new(By::Location, zone.clone());
    let each = |page: Vec<Transaction>| {
        for transaction in &page {
            drawing.add(transaction);
            summing.add(transaction);
        }
        Ok(Vec::new())
    };
    reading.run(each).await?;
    reading.finish();
    let places = summing.finish().groups;
    let spent = places.iter().map(|group| (group.name.as_deref(), group.unit, group.sums.spent));
    match (drawing.finish(spent, zone), output) {
        (None, None) => app.ui.result("no transactions\n")?,
        (None, Some(_)) => {
            return Err(Error::new(Cause::NothingToDraw, "there are no transactions to draw")
                .hint("run: getcard history --chart --since 3m"));
        }
        (Some(chart), None) => {
            app.ui.result(chart.terminal(app.ui.width().unwrap_or(USUAL_WIDTH), app.ui.use_color()))?;
        }
        (Some(chart), Some((path, kind))) => {
            write(path, &kind, &chart)?;
            app.ui.note(&format!("the chart is in {}", path.display()));
        }
    }
    Ok(Exit::Done)
}

fn kind(path: &Path) -> Result<Kind> {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    match ending.as_deref() {
        Some("svg") => Ok(Kind::Svg),
        Some("png") => Ok(Kind::Png),
        _ => {
            Err(Error::new(Cause::FileType, format!("{}: a chart is an .svg or a .png file", path.display()))
                .hint("run: getcard history --chart --output chart.svg"))
        }
    }
}

fn write(path: &Path, kind: &Kind, chart: &Chart) -> Result<()> {
    let bytes = match kind {
        Kind::Svg => chart.svg().into_bytes(),
        Kind::Png => chart
            .png()
            .map_err(|error| Error::new(Cause::Unexpected, format!("cannot draw the chart: {error}")))?,
    };
    std::fs::write(path, bytes).map_err(|error| {
        Error::new(Cause::Output, format!("cannot write {}: {error}", path.display()))
            .hint("name a file in a directory that you may write to")
    })
}
