//! The configuration file, and the settings from flags, environment variables and file combined.

pub mod endpoint;
pub mod global;
pub mod proxy;
pub mod set_store;
pub mod whole_number;

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

/// The configuration file as written.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ConfigFile {
    /// The school's short name.
    pub school: Option<String>,
    /// The service's base URL.
    #[serde(default, deserialize_with = "api_url")]
    pub api_url: Option<String>,
    /// The sign-in page, a URL with the placeholder `{school}`.
    pub login_url: Option<String>,
    /// Where credentials are stored.
    pub store: Option<StoreKind>,
    /// Seconds between refreshes of the view.
    #[serde(default, deserialize_with = "refresh")]
    pub refresh: Option<u32>,
    /// The accounts to show if none are named.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// The command that prints the passphrase of the file store.
    pub passphrase_command: Option<String>,
    /// Whether to keep a journal.
    pub journal: Option<bool>,
    /// The last day of the term, which is the horizon of forecasts.
    #[serde(default, deserialize_with = "date")]
    pub term_ends: Option<Date>,
    /// The low-balance thresholds.
    #[serde(default)]
    pub low: Thresholds,
    /// Overrides by profile name.
    #[serde(default)]
    pub profiles: BTreeMap<String, ConfigFile>,
}

impl ConfigFile {
    /// Merges the profile's own section over the rest of the file.
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
}

/// Deserializes a URL that is a valid [`Endpoint`].
fn api_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse::<Endpoint>().map_err(D::Error::custom)?;
    Ok(Some(text))
}

/// Deserializes the refresh interval in seconds, within the view's limits.
fn refresh<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    match u32::deserialize(deserializer)? {
        seconds @ 5..=3600 => Ok(Some(seconds)),
        _ => Err(D::Error::custom("expected 5 to 3600 seconds")),
    }
}

/// Deserializes a date, with or without quotes.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = match toml::Value::deserialize(deserializer)? {
        toml::Value::String(text) => text,
        other => other.to_string(),
    };
    text.parse().map(Some).map_err(|_| D::Error::custom("expected a date such as 2026-12-12"))
}

/// The maximum size of the file, in bytes.
const MAX_FILE_SIZE: u64 = 1 << 20;

/// The valid keys.
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

/// The settings of this run: flags override environment variables, which override the file.
#[derive(Debug)]
pub struct Settings {
    pub profile: String,
    pub endpoint: Endpoint,
    /// Where credentials are stored; `None` if not configured.
    pub store: Option<StoreKind>,
    /// Whether nothing is read from or written to disk.
    pub ephemeral: bool,
    /// The timeout of one attempt of a call.
    pub timeout: Duration,
    /// The number of attempts after the first.
    pub retries: usize,
    /// Whether to keep a journal.
    pub journal: bool,
    /// The path of the configuration file, which need not exist; `None` if none is read.
    pub config_path: Option<PathBuf>,
    /// Problems in the file that are not errors.
    pub warnings: Vec<String>,
    /// The rest of the file's content.
    pub file: ConfigFile,
}

impl Settings {
    /// Combines flags, environment variables and the file.
    ///
    /// # Errors
    /// `validation_error` for a broken file or an unsafe URL.
    pub fn resolve(global: &Global) -> Result<Self> {
        // Without a home directory there is no file; commands that need one report that themselves.
        let path = if global.ephemeral { None } else { path(global).ok() };
        let (file, warnings) = match &path {
            None => Default::default(),
            Some(path) => read(path, global.config.is_some())?,
        };
        let settings = Self::without_file(global, file.of_profile(&global.profile))?;
        Ok(Self { config_path: path, warnings, ..settings })
    }

    /// Builds the settings with `file` instead of the configuration file.
    ///
    /// # Errors
    /// `validation_error` for an unsafe URL.
    pub fn without_file(global: &Global, file: ConfigFile) -> Result<Self> {
        let api_url = global.api_url.as_deref().or(file.api_url.as_deref()).unwrap_or(endpoint::DEFAULT);
        let endpoint = api_url.parse().map_err(|error: endpoint::EndpointError| {
            let is_variable = std::env::var("GETCARD_API_URL").is_ok_and(|value| value == api_url);
            let name = if is_variable { "GETCARD_API_URL" } else { "--api-url" };
            Error::new(Cause::ApiUrl, format!("{name}: {error}"))
                .hint(format!("set {name} to an https URL, or leave it out"))
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

    /// Prefixes an error with the configuration file and the key that the invalid value came from.
    #[must_use]
    pub fn blame(&self, key: &str, error: Error) -> Error {
        let Some(path) = &self.config_path else { return error };
        error.edit(|report| report.message = format!("{}: {key}: {}", path.display(), report.message))
    }

    /// What kind of service this run talks to.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match () {
            () if self.ephemeral => Mode::Ephemeral,
            () if self.endpoint.is_sandbox() => Mode::Sandbox,
            () => Mode::Production,
        }
    }
}

/// Reads the file if only its user can change it, because it names commands to run and where to send credentials.
fn read(path: &Path, must_exist: bool) -> Result<(ConfigFile, Vec<String>)> {
    let unreadable =
        |error: io::Error| Error::new(Cause::Config, format!("cannot read {}: {error}", path.display()));
    let file = match atomic_file::open_regular(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if must_exist {
                return Err(unreadable(error).hint("name a file that exists with --config or GETCARD_CONFIG"));
            }
            return Ok(Default::default());
        }
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
    let bytes = atomic_file::read_opened(file, MAX_FILE_SIZE).map_err(unreadable)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Error::new(Cause::Config, format!("{} is not UTF-8 text", path.display())))?;
    parse(text, path)
}

/// Corrects a line such as `store = file`; `None` if its value is not a bare word.
fn unquoted(line: &str) -> Option<String> {
    let (key, value) = line.split_once('=').map(|(key, value)| (key.trim(), value.trim()))?;
    let starts_as_word = value.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_word = starts_as_word && value.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:".contains(c));
    (is_word && !matches!(value, "true" | "false")).then(|| format!("{key} = \"{value}\""))
}

/// Parses a configuration file; also returns warnings to show.
///
/// # Errors
/// `validation_error` with the file and the line.
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
    let of_profiles = table.get("profiles").and_then(toml::Value::as_table).into_iter().flatten();
    let of_profiles = of_profiles.filter_map(|(name, section)| Some((name, section.as_table()?)));
    let unknown = unknown_keys(&table, "").chain(
        // A profile section cannot contain profiles.
        of_profiles.flat_map(|(name, section)| {
            let nested = section.contains_key("profiles").then(|| format!("profiles.{name}.profiles"));
            unknown_keys(section, &format!("profiles.{name}.")).chain(nested).collect::<Vec<_>>()
        }),
    );
    let warnings = unknown.map(|key| format!("{}: unknown key `{key}`", path.display())).collect();
    Ok((file, warnings))
}

/// The keys of a table that are not in [`KEYS`], prefixed with their path.
fn unknown_keys(table: &toml::Table, prefix: &str) -> impl Iterator<Item = String> {
    table.keys().filter(|key| !KEYS.contains(&key.as_str())).map(move |key| format!("{prefix}{key}"))
}

/// The profiles that have sections in the configuration file; empty if it cannot be read.
#[must_use]
pub fn configured_profiles(path: &Path) -> Vec<String> {
    read(path, false).map(|(file, _)| file.profiles.into_keys().collect()).unwrap_or_default()
}

/// The path of the configuration file in use.
///
/// # Errors
/// If the user has no home directory and names no file.
pub fn path(global: &Global) -> Result<PathBuf> {
    global.config.clone().map_or_else(|| Paths::of_user().map(|paths| paths.config_file()), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Category;
    use proptest::prelude::{any, proptest};

    #[test]
    fn unknown_keys_are_warnings() {
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
    fn errors_in_a_section_name_the_line() {
        for text in ["[profiles.work]\nstore = \"cloud\"", "[low]\nflexi = true"] {
            let error = parse(text, Path::new("c.toml")).unwrap_err();
            assert!(error.to_string().starts_with("c.toml line 2: "), "{error}");
        }
        assert!(parse("[profiles.work]\nrefresh = 2", Path::new("c.toml")).is_err());
    }

    #[test]
    fn an_invalid_value_is_reported_with_its_line() {
        for (text, says) in [
            ("\napi_url = \"http://example.org\"", "c.toml line 2: the API URL must be https"),
            ("refresh = 2", "c.toml line 1: expected 5 to 3600 seconds"),
            ("school = \"a\"\n[profiles.work]\nrefresh = 2", "c.toml line 3: expected 5 to 3600 seconds"),
        ] {
            let error = parse(text, Path::new("c.toml")).unwrap_err();
            assert!(error.to_string().starts_with(says), "{error}");
        }
    }

    #[test]
    fn missing_quotes_get_a_correction() {
        let error = parse("\nstore = file", Path::new("c.toml")).unwrap_err();
        assert_eq!(error.to_string(), "c.toml line 2: text needs quotes");
        assert_eq!(error.report().unwrap().hint.as_deref(), Some("write: store = \"file\""));
        assert_eq!(unquoted("journal = true"), None);
        assert_eq!(unquoted("refresh = 7"), None);
    }

    #[test]
    fn a_broken_file_is_a_usage_error_that_names_the_line() {
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
