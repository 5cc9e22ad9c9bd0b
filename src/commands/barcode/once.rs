//! One barcode: fetched, rendered, and printed or written to a file.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::rendering::{self, Look, Shape};
use super::{BarcodeArgs, BarcodeFormat};
use crate::app::App;
use crate::barcode::symbol::Symbol;
use crate::error::{Cause, Error, Exit, Result};
use crate::platform::atomic_file;
use crate::secret::Payload;

#[derive(Serialize)]
struct Document<'a> {
    payload: &'a str,
    symbology: &'static str,
    fetched_at: Timestamp,
    columns: u8,
    rows: usize,
    ec_level: u8,
}

/// Fetches one barcode and puts it where it should go.
///
/// # Errors
/// As [`Target::new`], [`rendering::render`] and the call.
pub async fn run(app: &App, args: &BarcodeArgs) -> Result<Exit> {
    let target = Target::new(app, args)?;
    let session = app.session().await?;
    let client = app.client()?;
    let payload = session.call(async |session| client.barcode_payload(session).await).await?;
    let fetched_at = app.clock.now();
    target.put(app, &payload)?;
    if app.ui.json {
        let symbol = rendering::symbol(&payload, target.shape)?;
        app.ui.document(&document(&payload, &symbol, fetched_at))?;
    }
    if let Some(path) = &target.file {
        app.ui.note(&format!("wrote {}", path.display()));
    }
    Ok(Exit::Done)
}

/// Where a barcode goes, and in which form.
pub struct Target {
    file: Option<PathBuf>,
    format: BarcodeFormat,
    shape: Shape,
}

impl Target {
    /// What the arguments ask for.
    ///
    /// # Errors
    /// `validation_error` for a file whose ending says no format, and for a PNG on a terminal.
    pub fn new(app: &App, args: &BarcodeArgs) -> Result<Self> {
        let file = args.output.clone().filter(|path| path != Path::new("-"));
        let format = match (args.format, &file) {
            (Some(format), _) => format,
            (None, Some(path)) => format_of(path)?,
            (None, None) => BarcodeFormat::Text,
        };
        if format == BarcodeFormat::Png && file.is_none() && app.ui.is_terminal() {
            return Err(Error::new(Cause::PngToTerminal, "a PNG is not text for a terminal")
                .hint("run: getcard barcode --output code.png"));
        }
        Ok(Self { file, format, shape: Shape { columns: args.columns, level: args.ec_level } })
    }

    /// Whether the barcode goes into a file.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.file.is_some()
    }

    /// Whether standard output is for people to read.
    #[must_use]
    pub fn leaves_output_to_text(&self) -> bool {
        self.is_file() || self.format == BarcodeFormat::Text
    }

    /// Renders a payload and puts it there. With `--json` standard output is for documents only.
    ///
    /// # Errors
    /// `internal_error` for a payload that no barcode holds, or a file that cannot be written.
    pub fn put(&self, app: &App, payload: &Payload) -> Result<()> {
        match &self.file {
            Some(path) => self.write(payload, path),
            None if app.ui.json => Ok(()),
            None => app.ui.result(&*rendering::render(payload, self.format, self.shape, Look::of(&app.ui))?),
        }
    }

    /// Renders a payload into the file.
    ///
    /// # Errors
    /// As [`Target::put`].
    fn write(&self, payload: &Payload, path: &Path) -> Result<()> {
        let bytes = rendering::render(payload, self.format, self.shape, Look::of_file())?;
        // What is drawn in it is a secret for a minute.
        atomic_file::write_private(path, &bytes)
            .map_err(|error| Error::new(Cause::Output, format!("cannot write {}: {error}", path.display())))
    }
}

fn document<'a>(payload: &'a Payload, symbol: &Symbol, fetched_at: Timestamp) -> Document<'a> {
    Document {
        payload: payload.expose(),
        symbology: "PDF417",
        fetched_at,
        columns: symbol.columns(),
        rows: symbol.rows(),
        ec_level: symbol.level(),
    }
}

/// The format that a file's ending says.
fn format_of(path: &Path) -> Result<BarcodeFormat> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("svg") => Ok(BarcodeFormat::Svg),
        Some("png") => Ok(BarcodeFormat::Png),
        Some("txt" | "ans") => Ok(BarcodeFormat::Text),
        _ => Err(Error::new(Cause::FileType, format!("the name {} says no format", path.display()))
            .hint("end it with .svg, .png or .txt, or add --format")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_ending_says_its_format() {
        assert_eq!(format_of(Path::new("a/b.SVG")).unwrap(), BarcodeFormat::Svg);
        assert_eq!(format_of(Path::new("b.png")).unwrap(), BarcodeFormat::Png);
        for name in ["code", "code.pdf", ".png", "png"] {
            assert!(format_of(Path::new(name)).is_err(), "{name}");
        }
    }
}
