//! The list of schools, fetched at most once a day and otherwise cached.

use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::{Category, Error, Result};
use crate::get::client::Client;
use crate::model::school::School;
use crate::platform::{atomic_file, trust};

/// How long a list is fresh.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(24);
/// The maximum size of the file that is read, in bytes.
const MAX_FILE_SIZE: u64 = 16 << 20;

/// The cached list of one origin.
#[derive(Debug, Clone)]
pub struct Cache {
    path: PathBuf,
    origin: String,
}

/// The file format.
#[derive(Serialize, Deserialize)]
struct Form {
    origin: String,
    fetched_at: Timestamp,
    schools: Vec<School>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Listing {
    /// The schools, sorted by name.
    pub schools: Vec<School>,
    /// When the list was fetched, if it is stale because the service cannot be reached.
    pub outdated: Option<Timestamp>,
}

impl Cache {
    /// The cache of an origin; the file is created when a list is saved.
    #[must_use]
    pub fn within(dir: &Path, origin: &str) -> Self {
        let sanitize = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' };
        let plain: String = origin.chars().map(sanitize).take(100).collect();
        Self { path: dir.join(format!("schools-{plain}.json")), origin: origin.to_owned() }
    }

    /// The cached schools, however old.
    #[must_use]
    pub fn schools(&self) -> Vec<School> {
        self.load().map(|form| form.schools).unwrap_or_default()
    }

    /// Loads the cached list; `None` if the file is not a list of this origin.
    fn load(&self) -> Option<Form> {
        trust::private_dir(self.path.parent()?).ok()?;
        let text = atomic_file::read_regular(&self.path, MAX_FILE_SIZE).ok()?;
        serde_json::from_slice(&text).ok().filter(|form: &Form| form.origin == self.origin)
    }

    /// Saves a list atomically.
    fn save(&self, form: &Form) -> io::Result<()> {
        let dir = self.path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        atomic_file::make_private_dir(dir)?;
        trust::private_dir(dir)?;
        atomic_file::write_state(&self.path, &serde_json::to_vec(form)?)
    }
}

/// The schools: from a fresh cache, else from the service, else from a stale cache.
///
/// # Errors
/// The error of a call, if nothing is cached or the error is not transient.
pub async fn list(client: &Client, cache: Option<&Cache>, now: Timestamp) -> Result<Listing> {
    let cached = cache.and_then(Cache::load);
    let age = |form: &Form| now.duration_since(form.fetched_at);
    if let Some(form) = cached.as_ref().filter(|form| (SignedDuration::ZERO..MAX_AGE).contains(&age(form))) {
        return Ok(Listing { schools: form.schools.clone(), outdated: None });
    }
    match (fetch(client).await, cached) {
        (Ok(schools), _) => {
            let form = Form {
                origin: cache.map_or_else(String::new, |cache| cache.origin.clone()),
                fetched_at: now,
                schools,
            };
            // If the list cannot be cached, it is fetched again next time.
            if let Some(Err(error)) = cache.map(|cache| cache.save(&form)) {
                tracing::debug!(target: "getcard::cache::schools", %error, "the list is not cached");
            }
            Ok(Listing { schools: form.schools, outdated: None })
        }
        (Err(error), Some(form)) if error.category() == Some(Category::TransientUpstream) => {
            Ok(Listing { schools: form.schools, outdated: Some(form.fetched_at) })
        }
        (Err(error), _) => Err(error),
    }
}

async fn fetch(client: &Client) -> Result<Vec<School>> {
    let session = client.authenticate_system().await.map_err(Error::from)?;
    let mut schools = client.institutions(&session).await.map_err(Error::from)?;
    schools.sort_by_cached_key(|school| school.name.as_ref().map(|name| name.to_lowercase()));
    Ok(schools)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(origin: &str) -> Form {
        let school = School { id: None, name: Some("A".into()), short_name: Some("a".into()) };
        Form { origin: origin.to_owned(), fetched_at: Timestamp::UNIX_EPOCH, schools: vec![school] }
    }

    #[test]
    fn a_list_is_private_and_bound_to_its_origin() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("cache");
        let cache = Cache::within(&dir, "https://x.example");
        assert!(cache.load().is_none() && !dir.exists());
        cache.save(&form("https://x.example")).unwrap();
        assert_eq!(cache.load().unwrap().schools, form("").schools);
        assert!(Cache::within(&dir, "https://y.example").load().is_none());
        // Two origins with the same sanitized file name.
        assert!(Cache::within(&dir, "https///x.example").load().is_none());
        let entries: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(entries, std::slice::from_ref(&cache.path));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&dir), mode(&cache.path)), (0o700, 0o600));
        }
    }

    #[test]
    fn an_invalid_file_is_ignored() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::within(dir.path(), "https://x.example");
        for bytes in [&b""[..], b"{", b"\xff", b"[]"] {
            std::fs::write(&cache.path, bytes).unwrap();
            assert!(cache.load().is_none());
        }
    }
}
