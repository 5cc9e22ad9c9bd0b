//! The locations of getcard's files, by the platform's conventions.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::system::System;
use crate::error::{Cause, Error, Result};

/// The directories of one user, which need not exist.
#[derive(Debug, Clone)]
pub struct Paths {
    dirs: ProjectDirs,
}

impl Paths {
    /// Finds the user's directories.
    ///
    /// # Errors
    /// If the user has no home directory.
    pub fn of_user() -> Result<Self> {
        let dirs = ProjectDirs::from("", "", "getcard").ok_or_else(|| {
            Error::new(Cause::NoHome, "this user has no home directory").hint(System::HERE.set_home())
        })?;
        Ok(Self { dirs })
    }

    /// The default configuration file.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.dirs.config_dir().join("config.toml")
    }

    /// State that persists between runs: locks, the journal.
    #[must_use]
    pub fn state_dir(&self) -> &Path {
        self.dirs.state_dir().unwrap_or_else(|| self.dirs.data_local_dir())
    }

    /// User data: the file store.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        self.dirs.data_dir()
    }

    /// Data that may be deleted at any time.
    #[must_use]
    pub fn cache_dir(&self) -> &Path {
        self.dirs.cache_dir()
    }
}
