//! A file that shows a code while it is valid, and EXPIRED afterward, unless the process ends by SIGKILL.

use std::panic;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::target::{Target, write};
use super::validity::Validity;
use crate::app::App;
use crate::error::Result;
use crate::platform::atomic_file;
use crate::platform::clock::Moment;
use crate::secret::Payload;
use crate::terminal::ui::Ui;
use crate::tui::freshness::VALID;

/// A barcode file, which shows EXPIRED once it is dropped.
pub struct BarcodeFile {
    ui: Ui,
    /// When the code in the file was fetched.
    shows: Option<Moment>,
    /// What replaces the code once it has expired; `None` without a code.
    expired: Arc<Mutex<Option<Expired>>>,
}

struct Expired {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl BarcodeFile {
    /// A file without a code.
    #[must_use]
    pub fn new(ui: &Ui) -> Self {
        let expired: Arc<Mutex<Option<Expired>>> = Arc::default();
        let at_panic = Arc::clone(&expired);
        let before = panic::take_hook();
        // The release build aborts on panic without dropping anything.
        panic::set_hook(Box::new(move |info| {
            let _ = write_expired(&at_panic);
            before(info);
        }));
        Self { ui: ui.clone(), shows: None, expired }
    }

    /// Shows a code that was fetched at `fetched`.
    ///
    /// # Errors
    /// Like [`Target::put`].
    pub fn show(&mut self, app: &App, target: &Target, payload: &Payload, fetched: Moment) -> Result<()> {
        let validity = Validity::from(fetched.wall);
        if let Some(path) = target.file() {
            let expired = Expired { path: path.to_owned(), bytes: target.expired(payload, &validity)? };
            // Set this before the code is in the file.
            *self.expired.lock().unwrap_or_else(PoisonError::into_inner) = Some(expired);
        }
        self.shows = Some(fetched);
        target.put(app, payload, &validity)
    }

    /// When the last code was fetched.
    #[must_use]
    pub fn shows(&self) -> Option<Moment> {
        self.shows
    }

    /// The time until the code in the file expires; `None` without a code.
    #[must_use]
    pub fn good_for(&self, now: Moment) -> Option<Duration> {
        let shows = self.shows.filter(|_| self.expired.lock().is_ok_and(|expired| expired.is_some()))?;
        Some(VALID.saturating_sub(now.since(shows)))
    }

    /// Replaces the code, if there is one, with EXPIRED.
    ///
    /// # Errors
    /// `internal_error` if the file cannot be written.
    pub fn expire(&self) -> Result<()> {
        write_expired(&self.expired)
    }
}

fn write_expired(expired: &Mutex<Option<Expired>>) -> Result<()> {
    let expired = expired.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(Expired { path, bytes }) = expired else { return Ok(()) };
    match write(&path, &bytes) {
        // If EXPIRED cannot be written, on a full disk for example, no file is better than an expired code.
        Err(_) if path.is_file() && atomic_file::remove(&path).is_ok() => Ok(()),
        result => result,
    }
}

impl Drop for BarcodeFile {
    fn drop(&mut self) {
        if let Err(error) = self.expire() {
            self.ui.warn(&format!("{error}; it shows a code that expires within a minute"));
        }
    }
}
