//! The target of a barcode: where it goes, and in which format.

use std::path::{Path, PathBuf};

use super::rendering::{self, Look};
use super::validity::Validity;
use super::{BarcodeArgs, BarcodeFormat};
use crate::app::App;
use crate::barcode::shape::ShapeOptions;
use crate::error::{Cause, Error, Result};
use crate::platform::atomic_file;
use crate::secret::Payload;

/// The note below a barcode without colors.
const INVERTED: &str = "on a dark background, a barcode without colors is inverted, and few scanners read it; run: \
                        getcard barcode --output code.png";

#[derive(Clone)]
pub struct Target {
    file: Option<PathBuf>,
    format: BarcodeFormat,
    shape: ShapeOptions,
}

impl Target {
    /// The target that the arguments ask for.
    ///
    /// # Errors
    /// `validation_error` for a file extension without a known format, or a PNG to a terminal.
    pub fn new(app: &App, args: &BarcodeArgs) -> Result<Self> {
        let file = args.output.clone().filter(|path| path != Path::new("-"));
        let format = match (args.format, &file) {
            (Some(format), _) => format,
            (None, Some(path)) => format_of(path)?,
            (None, None) => BarcodeFormat::Text,
        };
        if format == BarcodeFormat::Png && file.is_none() && app.ui.is_terminal() {
            return Err(Error::new(Cause::PngToTerminal, "cannot print a PNG to the terminal")
                .hint("run: getcard barcode --output code.png"));
        }
        Ok(Self { file, format, shape: ShapeOptions { columns: args.columns, level: args.ec_level } })
    }

    /// The file, if there is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The target's description in the journal.
    #[must_use]
    pub fn place(&self) -> &'static str {
        if self.file.is_some() { "file" } else { "standard output" }
    }

    #[must_use]
    pub fn shape(&self) -> ShapeOptions {
        self.shape
    }

    /// Returns whether standard output is free for readable text.
    #[must_use]
    pub fn leaves_output_to_text(&self) -> bool {
        self.file.is_some() || self.format == BarcodeFormat::Text
    }

    /// Renders and writes a payload. With `--json`, standard output is only for documents.
    ///
    /// # Errors
    /// `internal_error` for a payload that no barcode can hold, or a file that cannot be written.
    pub fn put(&self, app: &App, payload: &Payload, validity: &Validity) -> Result<()> {
        let render = |look| rendering::render(payload, self.format, self.shape, look, validity);
        match &self.file {
            Some(path) => write(path, &render(Look::of_file())?),
            None if app.ui.json => Ok(()),
            None => {
                let look = Look::of(&app.ui);
                app.ui.result(&*render(look)?)?;
                if self.format == BarcodeFormat::Text && look.is_inverted_on_dark() {
                    app.ui.note(INVERTED);
                }
                Ok(())
            }
        }
    }

    /// The bytes that replace an expired code in a file.
    ///
    /// # Errors
    /// `internal_error` if it cannot be rendered.
    pub fn expired(&self, payload: &Payload, validity: &Validity) -> Result<Vec<u8>> {
        rendering::expired(payload, self.format, self.shape, validity)
    }
}

/// Writes a file atomically and privately, because the code in it is a secret for a minute.
///
/// # Errors
/// `internal_error` if it cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    atomic_file::write_private(path, bytes).map_err(|error| Error::unwritable(path, &error))
}

/// The format for a file extension.
fn format_of(path: &Path) -> Result<BarcodeFormat> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("svg") => Ok(BarcodeFormat::Svg),
        Some("png") => Ok(BarcodeFormat::Png),
        Some("txt" | "ans") => Ok(BarcodeFormat::Text),
        _ => Err(Error::new(
            Cause::FileType,
            format!("cannot tell the format from the name {}", path.display()),
        )
        .hint("end it with .svg, .png, or .txt, or add --format")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_extension_determines_the_format() {
        assert_eq!(format_of(Path::new("a/b.SVG")).unwrap(), BarcodeFormat::Svg);
        assert_eq!(format_of(Path::new("b.png")).unwrap(), BarcodeFormat::Png);
        for name in ["code", "code.pdf", ".png", "png"] {
            assert!(format_of(Path::new(name)).is_err(), "{name}");
        }
    }
}
