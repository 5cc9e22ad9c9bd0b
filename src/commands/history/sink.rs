//! The output of a result: standard output, or a file that appears atomically.

use std::io::Write as _;
use std::path::Path;

use crate::error::{Error, Result};
use crate::output::table::Style;
use crate::platform::atomic_file::PrivateFile;
use crate::terminal::ui::Ui;

/// The output of a result.
pub enum Sink<'a> {
    Stdout(&'a Ui),
    File(PrivateFile, &'a Path),
}

impl<'a> Sink<'a> {
    /// Opens a file, or uses standard output without a path.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub fn open(ui: &'a Ui, path: Option<&'a Path>) -> Result<Self> {
        match path {
            None => Ok(Self::Stdout(ui)),
            Some(path) => PrivateFile::begin(path)
                .map(|file| Self::File(file, path))
                .map_err(|error| Error::unwritable(path, &error)),
        }
    }

    /// Returns whether the result goes to a terminal.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Stdout(ui) if ui.is_terminal())
    }

    /// The style of tables: plain and unlimited in a file.
    #[must_use]
    pub fn style(&self) -> Style {
        match self {
            Self::Stdout(ui) => ui.table(),
            Self::File(..) => Style::default(),
        }
    }

    /// Writes a part of the result.
    ///
    /// # Errors
    /// Like [`Ui::result`], or if the file cannot be written.
    pub fn write(&mut self, bytes: impl AsRef<[u8]>) -> Result<()> {
        match self {
            Self::Stdout(ui) => ui.result(bytes),
            Self::File(file, path) => {
                file.write_all(bytes.as_ref()).map_err(|error| Error::unwritable(path, &error))
            }
        }
    }

    /// Ends the output; a file appears only now.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn finish(self) -> Result<()> {
        match self {
            Self::Stdout(_) => Ok(()),
            Self::File(file, path) => file.finish().map_err(|error| Error::unwritable(path, &error)),
        }
    }
}
