//! The stored mark of `--new`, which is only moved after everything was written.

use std::io;
use std::path::PathBuf;

use jiff::Timestamp;

use super::HistoryArgs;
use crate::app::App;
use crate::error::{Cause, Error, Result};
use crate::history::mark::{Mark, NewRows};
use crate::model::transaction::Transaction;
use crate::platform::atomic_file;
use crate::platform::paths::Paths;
use crate::platform::trust;
use crate::store::lock;

/// The maximum size of the mark's file, in bytes.
const MAX_FILE_SIZE: u64 = 16 << 20;

/// The transactions since the last run of `--new`.
pub struct News {
    path: PathBuf,
    marking: NewRows,
    since: Option<Timestamp>,
    is_first: bool,
}

impl News {
    /// Loads the mark for this profile, service and choice of transactions.
    ///
    /// # Errors
    /// In ephemeral mode, which stores nothing; if the mark cannot be read.
    pub fn open(app: &App, args: &HistoryArgs) -> Result<Self> {
        if app.settings.ephemeral {
            return Err(Error::new(
                Cause::Ephemeral,
                "--new does not work in ephemeral mode, which keeps no files",
            )
            .hint("run: getcard history --since 1d"));
        }
        let (profile, origin) = (&app.settings.profile, app.settings.endpoint.origin());
        // Each combination of filters has its own mark, so that none hides transactions from another.
        let choice = serde_json::to_string(&(&args.account, &args.place, args.kinds()))
            .map_err(|error| Error::new(Cause::Unexpected, error.to_string()))?;
        let name = lock::file_name(&format!("{profile}@{origin}#{choice}")).with_extension("mark");
        let paths = Paths::of_user()?;
        let path = paths.state_dir().join(name);
        let unreadable = |why: String| {
            Error::new(Cause::Input, format!("cannot read {}: {why}", path.display()))
                .hint("delete the file; the next run then shows the newest transactions")
        };
        let is_private = trust::private_dir(paths.state_dir()).map_err(io::Error::from);
        let mark: Option<Mark> = match is_private
            .and_then(|()| atomic_file::read_regular(&path, MAX_FILE_SIZE))
        {
            Ok(bytes) => Some(serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let is_first = mark.is_none();
        let mark = mark.unwrap_or_default();
        let since = mark.since();
        Ok(Self { path, marking: NewRows::new(mark), since, is_first })
    }

    /// How far back transactions must be read.
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        self.since
    }

    /// Returns whether there is no mark yet, in which case only the newest transactions are shown.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.is_first
    }

    /// Keeps the new ones of the next transactions.
    #[must_use]
    pub fn take(&mut self, rows: Vec<Transaction>) -> Vec<Transaction> {
        self.marking.take(rows)
    }

    /// Saves the mark after everything was written; `cut` means that older transactions were skipped.
    ///
    /// # Errors
    /// If it cannot be saved; the next run shows the same transactions again.
    pub fn finish(self, cut: bool) -> Result<()> {
        let Self { path, marking, .. } = self;
        let failed = |error: io::Error| {
            Error::new(Cause::Output, format!("cannot write {}: {error}", path.display()))
                .hint("make the file writable; until then, every run shows the same transactions again")
        };
        let bytes = serde_json::to_vec(&marking.finish(cut)).map_err(|error| failed(error.into()))?;
        if let Some(dir) = path.parent() {
            atomic_file::make_private_dir(dir).map_err(failed)?;
            trust::private_dir(dir).map_err(io::Error::from).map_err(failed)?;
        }
        atomic_file::write_state(&path, &bytes).map_err(failed)
    }
}
