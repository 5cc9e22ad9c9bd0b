//! The configuration file, and the settings that flags, variables, and file result in.

pub mod endpoint;
pub mod global;
pub mod proxy;
pub mod set_store;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use self::endpoint::{Endpoint, Mode};
use self::global::Global;
use crate::error::{Cause, Error, Result};
use crate::model::threshold::Thresholds;
use crate::platform::atomic_file;
use crate::platform::paths::Paths;
use crate::platform::trust::{self, TrustError, Untrusted};
use crate::store::StoreKind;

/// The configuration file, as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ConfigFile {
    /// The school's short name.
    pub school: Option<String>,
    /// The service's base URL.
    pub api_url: Option<String>,
    /// The sign-in page, with `{school}` where the short name goes.
    pub login_url: Option<String>,
    /// Where secrets are kept.
    pub store: Option<StoreKind>,
    /// Seconds between refreshes of the view.
    pub refresh: Option<u32>,
    /// The accounts that are shown when none are named.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// The command that prints the passphrase of the file store.
    pub passphrase_command: Option<String>,
    /// Whether a journal is kept.
    pub journal: Option<bool>,
    /// The last day of the term, until which a forecast looks.
    #[serde(default, deserialize_with = "date")]
    pub term_ends: Option<Date>,
    /// Below which amounts accounts are low.
    #[serde(default)]
    pub low: Thresholds,
    /// What is different for the profiles of these names.
    #[serde(default)]
    pub profiles: BTreeMap<String, ConfigFile>,
}

impl ConfigFile {
    /// The file as a profile sees it: its own section beats the rest.
    #[must_use]
    pub fn of_profile(mut self, profile: &str) -> Self {
        let Some(own) = self.profiles.get(profile).cloned() else { return self };
        Self {
            school: own.school.or(self.school),
            api_url: own.api_url.or(self.api_url),
            login_url: own.login_url.or(self.login_url),
            store: own.store.or(self.store),
            refresh: own.refresh.or(self.refresh),
            accounts: if own.accounts.is_empty() { self.accounts } else { own.accounts },
            passphrase_command: own.passphrase_command.or(self.passphrase_command),
            journal: own.journal.or(self.journal),
            term_ends: own.term_ends.or(self.term_ends),
            low: own.low.or(&std::mem::take(&mut self.low)),
            profiles: self.profiles,
        }
    }

    /// The file and the sections in it.
    fn sections(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.profiles.values())
    }
}

/// Reads a date, with or without quotes.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = match toml::Value::deserialize(deserializer)? {
        toml::Value::String(text) => text,
        other => other.to_string(),
    };
    text.parse().map(Some).map_err(|_| D::Error::custom("expected a date such as 2026-12-12"))
}

/// The longest file that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// The keys that the file may have.
pub const KEYS: [&str; 11] = [
    "school",
    "api_url",
    "login_url",
    "store",
    "refresh",
    "accounts",
    "passphrase_command",
    "journal",
    "term_ends",
    "low",
    "profiles",
];

/// The settings of this run: flags override variables, which override the file.
#[derive(Debug)]
pub struct Settings {
    /// The profile's name.
    pub profile: String,
    /// Where the service is.
    pub endpoint: Endpoint,
    /// Where secrets are kept; `None` if the user does not say.
    pub store: Option<StoreKind>,
    /// Nothing is read or kept.
    pub ephemeral: bool,
    /// How long one attempt of a call may take.
    pub timeout: Duration,
    /// Attempts after the first.
    pub retries: usize,
    /// Whether a journal is kept.
    pub journal: bool,
    /// The configuration file, whether it exists or not; `None` if none is read.
    pub config_path: Option<PathBuf>,
    /// What in it was not understood.
    pub warnings: Vec<String>,
    /// The rest of the file.
    pub file: ConfigFile,
}

impl Settings {
    /// Combines flags, variables, and the file.
    ///
    /// # Errors
    /// `validation_error` for a broken file or a URL that is not safe.
    pub fn resolve(global: &Global) -> Result<Self> {
        // Without a home directory there is no file; commands that need one report that.
        let path = if global.ephemeral { None } else { path(global).ok() };
        let (file, warnings) = match &path {
            None => Default::default(),
            Some(path) => read(path, global.config.is_some())?,
        };
        let settings = Self::without_file(global, file.of_profile(&global.profile))?;
        Ok(Self { config_path: path, warnings, ..settings })
    }

    /// The settings with these in place of the file's.
    ///
    /// # Errors
    /// `validation_error` for a URL that is not safe.
    pub fn without_file(global: &Global, file: ConfigFile) -> Result<Self> {
        let api_url = global.api_url.as_deref().or(file.api_url.as_deref()).unwrap_or(endpoint::DEFAULT);
        let endpoint = api_url.parse().map_err(|error: endpoint::EndpointError| {
            Error::new(Cause::ApiUrl, error.to_string())
                .hint("set --api-url or GETCARD_API_URL to an https URL")
        })?;
        Ok(Self {
            profile: global.profile.clone(),
            endpoint,
            store: global.store.or(file.store),
            ephemeral: global.ephemeral,
            timeout: Duration::from_secs_f64(global.timeout),
            retries: global.retries.into(),
            journal: !global.ephemeral && global.journal.or(file.journal).unwrap_or(true),
            config_path: None,
            warnings: Vec::new(),
            file,
        })
    }

    /// What this run is talking to.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match () {
            () if self.ephemeral => Mode::Ephemeral,
            () if self.endpoint.is_sandbox() => Mode::Sandbox,
            () => Mode::Production,
        }
    }
}

/// Reads the file if only its user can change it: it names commands to run and where to send credentials.
fn read(path: &Path, must_exist: bool) -> Result<(ConfigFile, Vec<String>)> {
    let unreadable =
        |error: io::Error| Error::new(Cause::Config, format!("cannot read {}: {error}", path.display()));
    let file = match atomic_file::open_regular(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !must_exist => return Ok(Default::default()),
        Err(error) => return Err(unreadable(error)),
    };
    let metadata = file.metadata().map_err(unreadable)?;
    trust::writable_only_by_owner(path, &metadata).map_err(|error| match error {
        TrustError::Untrusted(Untrusted { path: culprit, why, remedy }) => {
            let file = path.display();
            Error::new(
                Cause::Config,
                format!("the configuration file {file} is not safe to use: {culprit} {why}"),
            )
            .hint(remedy)
        }
        TrustError::Io(error) => unreadable(error),
    })?;
    let bytes = atomic_file::read_opened(file, LONGEST).map_err(unreadable)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Error::new(Cause::Config, format!("{} is not UTF-8 text", path.display())))?;
    parse(text, path)
}

/// A line such as `store = file` as it should be; `None` where the value is not a bare word.
fn unquoted(line: &str) -> Option<String> {
    let (key, value) = line.split_once('=').map(|(key, value)| (key.trim(), value.trim()))?;
    let starts_as_word = value.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_word = starts_as_word && value.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:".contains(c));
    (is_word && !matches!(value, "true" | "false")).then(|| format!("{key} = \"{value}\""))
}

/// Reads the text of a configuration file; the second value is warnings to show.
///
/// # Errors
/// `validation_error` that names the file and the line.
pub fn parse(text: &str, path: &Path) -> Result<(ConfigFile, Vec<String>)> {
    let broken = |error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
        let (message, hint) = match text.lines().nth(line - 1).and_then(unquoted) {
            Some(quoted) => ("text needs quotes", Cow::Owned(format!("write: {quoted}"))),
            None => (error.message(), Cow::Borrowed("fix the file, or name another with --config")),
        };
        Error::new(Cause::Config, format!("{} line {line}: {message}", path.display())).hint(hint)
    };
    let table: toml::Table = toml::from_str(text).map_err(broken)?;
    let file: ConfigFile = toml::from_str(text).map_err(broken)?;
    if file.sections().filter_map(|section| section.refresh).any(|seconds| !(5..=3600).contains(&seconds)) {
        return Err(Error::new(
            Cause::Config,
            format!("{}: refresh must be 5 to 3600 seconds", path.display()),
        ));
    }
    let of_profiles = table.get("profiles").and_then(toml::Value::as_table).into_iter().flatten();
    let of_profiles = of_profiles.filter_map(|(name, section)| Some((name, section.as_table()?)));
    let unknown = unknown_keys(&table, "").chain(
        // A profile has no profiles of its own.
        of_profiles.flat_map(|(name, section)| {
            let nested = section.contains_key("profiles").then(|| format!("profiles.{name}.profiles"));
            unknown_keys(section, &format!("profiles.{name}.")).chain(nested).collect::<Vec<_>>()
        }),
    );
    let warnings = unknown.map(|key| format!("{}: unknown key `{key}`", path.display())).collect();
    Ok((file, warnings))
}

/// The keys of a table that are none of [`KEYS`], with the way to them.
fn unknown_keys(table: &toml::Table, way: &str) -> impl Iterator<Item = String> {
    table.keys().filter(|key| !KEYS.contains(&key.as_str())).map(move |key| format!("{way}{key}"))
}

/// The profiles that the configuration file has sections for; none where it cannot be read.
#[must_use]
pub fn configured_profiles(path: &Path) -> Vec<String> {
    read(path, false).map(|(file, _)| file.profiles.into_keys().collect()).unwrap_or_default()
}

/// The path of the configuration file in use.
///
/// # Errors
/// When the user has no home directory and names no file.
pub fn path(global: &Global) -> Result<PathBuf> {
    global.config.clone().map_or_else(|| Paths::of_user().map(|paths| paths.config_file()), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Category;
    use proptest::prelude::{any, proptest};

    #[test]
    fn a_file_is_read_and_unknown_keys_are_named() {
        let (file, warnings) =
            parse("school = \"ucsc\"\nrefresh = 7\nscool = 1\n", Path::new("c.toml")).unwrap();
        assert_eq!((file.school.as_deref(), file.refresh), (Some("ucsc"), Some(7)));
        assert_eq!(warnings, ["c.toml: unknown key `scool`"]);
    }

    #[test]
    fn the_end_of_the_term_is_a_date_with_or_without_quotes() {
        for text in ["term_ends = 2026-12-12", "term_ends = \"2026-12-12\""] {
            let (file, warnings) = parse(text, Path::new("c.toml")).unwrap();
            assert_eq!(file.term_ends.unwrap().to_string(), "2026-12-12");
            assert!(warnings.is_empty());
        }
        let error = parse("\nterm_ends = \"soon\"", Path::new("c.toml")).unwrap_err();
        assert!(error.to_string().contains("line 2: expected a date such as 2026-12-12"), "{error}");
    }

    #[test]
    fn a_profile_has_its_own_section() {
        let text = "school = \"ucsc\"\nrefresh = 7\nlow = { flexi = 10, board = 3 }\n\
            [profiles.work]\nschool = \"uiuc\"\nscool = 1\n[profiles.work.low]\nflexi = 2.5\n";
        let (file, warnings) = parse(text, Path::new("c.toml")).unwrap();
        assert_eq!(warnings, ["c.toml: unknown key `profiles.work.scool`"]);
        let work = file.clone().of_profile("work");
        assert_eq!((work.school.as_deref(), work.refresh), (Some("uiuc"), Some(7)));
        assert_eq!(work.low, toml::from_str("flexi = 2.5\nboard = 3").unwrap());
        let other = file.of_profile("other");
        assert_eq!(other.school.as_deref(), Some("ucsc"));
        assert_eq!(other.low, toml::from_str("flexi = 10\nboard = 3").unwrap());
    }

    #[test]
    fn a_broken_section_is_named_by_its_line() {
        for text in ["[profiles.work]\nstore = \"cloud\"", "[low]\nflexi = true"] {
            let error = parse(text, Path::new("c.toml")).unwrap_err();
            assert!(error.to_string().starts_with("c.toml line 2: "), "{error}");
        }
        assert!(parse("[profiles.work]\nrefresh = 2", Path::new("c.toml")).is_err());
    }

    #[test]
    fn text_without_quotes_is_told_what_to_write() {
        let error = parse("\nstore = file", Path::new("c.toml")).unwrap_err();
        assert_eq!(error.to_string(), "c.toml line 2: text needs quotes");
        assert_eq!(error.report().unwrap().hint.as_deref(), Some("write: store = \"file\""));
        assert_eq!(unquoted("journal = true"), None);
        assert_eq!(unquoted("refresh = 7"), None);
    }

    #[test]
    fn a_broken_file_is_wrong_usage_and_names_the_line() {
        for text in ["x = 1\nschool = ", "\nschool = 7", "\nstore = \"cloud\""] {
            let error = parse(text, Path::new("c.toml")).unwrap_err();
            assert_eq!(error.category(), Some(Category::Validation));
            assert!(error.to_string().starts_with("c.toml line 2: "), "{error}");
        }
        assert!(parse("refresh = 2", Path::new("c.toml")).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = parse(&text, Path::new("c.toml"));
        }
    }
}
