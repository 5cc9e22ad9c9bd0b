//! `--chart`: draws balances over time and spending by place, on the terminal or to a file.

use std::path::Path;

use jiff::tz::TimeZone;

use super::reading::Reading;
use crate::app::App;
use crate::chart::{Chart, Drawing};
use crate::error::{Cause, Error, Exit, Result};
use crate::history::summary::{By, Summing};
use crate::model::transaction::Transaction;
use crate::platform::atomic_file;

/// The width of a chart without a terminal, in columns.
const DEFAULT_WIDTH: u16 = 80;

/// A chart file with its format.
pub struct ChartFile<'a> {
    path: &'a Path,
    kind: Kind,
}

/// The format of a chart file.
enum Kind {
    Svg,
    Png,
}

/// Reads the range and draws it.
pub async fn run(app: &App, mut reading: Reading<'_>, output: Option<&Path>, zone: TimeZone) -> Result<Exit> {
    let output = output.map(|path| ChartFile::new(path, "history")).transpose()?;
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
    match drawing.finish(spent, zone) {
        Some(chart) => show(app, &chart, output.as_ref())?,
        None if output.is_none() => app.ui.result("no transactions\n")?,
        None => {
            return Err(Error::new(Cause::NothingToDraw, "there are no transactions to draw")
                .hint("run: getcard history --chart --since 3m"));
        }
    }
    Ok(Exit::Done)
}

/// Draws a chart on the terminal, or to a file.
pub fn show(app: &App, chart: &Chart, output: Option<&ChartFile<'_>>) -> Result<()> {
    let Some(file) = output else {
        return app.ui.result(chart.terminal(app.ui.width().unwrap_or(DEFAULT_WIDTH), app.ui.use_color()));
    };
    file.write(chart)?;
    app.ui.note(&format!("wrote the chart to {}", file.path.display()));
    Ok(())
}

impl<'a> ChartFile<'a> {
    /// Derives the format from the file extension; the hint for an unknown one names `command`.
    pub fn new(path: &'a Path, command: &str) -> Result<Self> {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
        let kind = match ending.as_deref() {
            Some("svg") => Kind::Svg,
            Some("png") => Kind::Png,
            _ => {
                let message =
                    format!("{}: a chart needs a file name that ends with .svg or .png", path.display());
                return Err(Error::new(Cause::FileType, message)
                    .hint(format!("run: getcard {command} --chart --output chart.svg")));
            }
        };
        Ok(Self { path, kind })
    }

    fn write(&self, chart: &Chart) -> Result<()> {
        let bytes = match self.kind {
            Kind::Svg => chart.svg().into_bytes(),
            Kind::Png => chart
                .png()
                .map_err(|error| Error::new(Cause::Unexpected, format!("cannot draw the chart: {error}")))?,
        };
        atomic_file::write_private(self.path, &bytes).map_err(|error| Error::unwritable(self.path, &error))
    }
}
