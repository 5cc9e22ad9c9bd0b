//! The topics of `getcard help` other than commands: exit codes, environment, configuration, files, JSON.

use clap::Command;

use super::documents;
use super::item::Item;
use crate::output::prose::wrapped;
use crate::platform::system::System;

/// A topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// What the exit codes mean.
    ExitCodes,
    /// The environment variables that getcard reads.
    Environment,
    /// The keys of the configuration file.
    Configuration,
    /// The files that getcard reads and writes.
    Files,
    /// The JSON documents of every command.
    Json,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 5] =
        [Self::ExitCodes, Self::Environment, Self::Configuration, Self::Files, Self::Json];

    /// The name that `getcard help` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ExitCodes => "exit-codes",
            Self::Environment => "environment",
            Self::Configuration => "configuration",
            Self::Files => "files",
            Self::Json => "json",
        }
    }

    /// What is said of the topic, before its items.
    #[must_use]
    pub fn introduction(self, system: System) -> &'static str {
        match self {
            Self::ExitCodes => {
                "Scripts can branch on these. With --json, an error is also one line of JSON on standard error, with \
                 its category and a more specific code."
            }
            Self::Environment => {
                "Command-line options override environment variables, which override the configuration file. An empty \
                 variable counts as unset. Yes-or-no variables take 1 or 0, true or false, yes or no, on or off."
            }
            Self::Files => match system {
                System::Linux => {
                    "These are the default paths; XDG variables change them, and getcard doctor shows the ones in use."
                }
                System::MacOs | System::Windows => "getcard doctor shows the paths in use.",
            },
            Self::Configuration => {
                "The configuration file is TOML. getcard help files shows where it is; --config or GETCARD_CONFIG names \
                 another. Unknown keys are ignored with a warning."
            }
            Self::Json => {
                "What each command prints with --json: one document, or one per line where noted. Amounts are exact \
                 decimals. Fields that do not apply are null. Text is unchanged; control characters in it are escaped. \
                 getcard help json --json prints this as JSON Schema (2020-12)."
            }
        }
    }

    /// What belongs to the topic, for this definition of the command line.
    #[must_use]
    pub fn items(self, command: &Command, system: System) -> Vec<Item> {
        match self {
            Self::ExitCodes => {
                let mut items = pairs(&EXIT_CODES);
                items.push(Item::new("143", terminated(system)));
                items
            }
            Self::Environment => environment(command, system),
            Self::Configuration => pairs(&CONFIG_KEYS),
            Self::Files => files(system),
            Self::Json => documents::items(),
        }
    }
}

const EXIT_CODES: [(&str, &str); 8] = [
    ("0", "done"),
    (
        "1",
        "internal_error: an unexpected reply, an unusable barcode payload, a credential store that is missing, locked, \
         or does not respond; or a check of doctor failed",
    ),
    (
        "2",
        "validation_error: wrong usage, no such account or school, already linked without --replace, a broken \
         configuration file",
    ),
    ("3", "authentication_error: not linked, or the credentials no longer work"),
    ("4", "authorization_error: the card or school does not allow it"),
    (
        "5",
        "transient_upstream_error, after all retries: no network, a timeout, too many calls, the service is down, or \
         the network wants you to sign in",
    ),
    (
        "6",
        "the condition you asked about was not met: balance --below found a low balance, barcode --until-charged saw \
         no charge, history --reconcile found a gap",
    ),
    ("130", "interrupted by Ctrl-C"),
];

fn terminated(system: System) -> &'static str {
    match system {
        System::Linux | System::MacOs => "ended by SIGTERM or SIGHUP",
        System::Windows => "ended by closing the window or signing out",
    }
}

const OTHER_VARIABLES: [(&str, &str); 8] = [
    ("GETCARD_VALIDATED_URL", "for --ephemeral: a validated URL, or the session id in it"),
    ("GETCARD_DEVICE_ID, GETCARD_PIN", "for --ephemeral: the credentials of a device"),
    ("GETCARD_PASSPHRASE_FILE", "a file whose first line is the passphrase of the file store"),
    ("NO_COLOR", "turn colors off, except those of a barcode; --color overrides it"),
    ("CLICOLOR_FORCE", "use colors even in a pipe"),
    ("COLORTERM, TERM", "what the terminal supports"),
    (
        "HTTPS_PROXY, ALL_PROXY, NO_PROXY",
        "the proxy to use, and hosts to reach without one; never used for this machine",
    ),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "certificate authorities to trust instead of the system's"),
];

/// The keys of the configuration file.
const CONFIG_KEYS: [(&str, &str); 11] = [
    ("school", "the short name of your school, for its sign-in page: school = \"ucsc\""),
    ("api_url", "the base URL of the service, as --api-url"),
    ("login_url", "the address of the sign-in page, with {school} for the short name"),
    ("store", "where to keep credentials: store = \"keychain\" or \"file\""),
    ("refresh", "seconds between barcodes in the full-screen view, 5 to 3600: refresh = 10"),
    ("accounts", "the accounts to show when you name none: accounts = [\"flexi\"]"),
    ("passphrase_command", "a command that prints the passphrase of the file store"),
    ("journal", "whether to keep a journal: journal = false turns it off"),
    ("term_ends", "the last day of the term, for forecast: term_ends = 2026-12-12"),
    (
        "low",
        "an amount for each account, by part of its name; a balance below it is marked low: low = { flexi = 10, board = \
         5 }",
    ),
    (
        "profiles",
        "any of these keys for one profile, in place of those above: profiles.home = { school = \"uiuc\" }, or a section \
         [profiles.home]",
    ),
];

/// Where files are by default: the configuration, the file store, the journal and locks, the cache.
fn directories(system: System) -> [&'static str; 4] {
    match system {
        System::Linux => {
            ["~/.config/getcard/", "~/.local/share/getcard/", "~/.local/state/getcard/", "~/.cache/getcard/"]
        }
        System::MacOs => [
            "~/Library/Application Support/getcard/",
            "~/Library/Application Support/getcard/",
            "~/Library/Application Support/getcard/",
            "~/Library/Caches/getcard/",
        ],
        System::Windows => [
            r"%APPDATA%\getcard\config\",
            r"%APPDATA%\getcard\data\",
            r"%LOCALAPPDATA%\getcard\data\",
            r"%LOCALAPPDATA%\getcard\cache\",
        ],
    }
}

fn files(system: System) -> Vec<Item> {
    let [config, data, state, cache] = directories(system);
    vec![
        Item::new(format!("{config}config.toml"), "the configuration; its keys: getcard help configuration"),
        Item::new(
            format!("{data}store.age"),
            "the file store, encrypted with a passphrase; only with --store file",
        ),
        Item::new(format!("{data}*.lock"), "locks of the file store"),
        Item::new(
            format!("{state}journal.jsonl"),
            "the journal: one line of JSON per call and event, without secrets or amounts; two older files of up to 1 MB \
             are kept beside it",
        ),
        Item::new(
            format!("{state}*.lock"),
            "locks, so that only one process at a time changes a profile or fetches its payload; with the last profile, \
             unlink --purge removes these, the journal, and the cache, but not the configuration or the file store",
        ),
        Item::new(
            format!("{state}*.mark"),
            "what history --new has shown; without it the next run shows the newest transactions",
        ),
        Item::new(
            cache,
            "the list of schools, the names of accounts and profiles for completion; no secrets, and safe to delete",
        ),
    ]
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<Item> {
    pairs.iter().map(|(name, meaning)| Item::new(*name, *meaning)).collect()
}

/// The variables of the options, then the others.
fn environment(command: &Command, system: System) -> Vec<Item> {
    let of_option = |arg: &clap::Arg| {
        let variable = arg.get_env()?.to_string_lossy().into_owned();
        let option = arg.get_long().filter(|_| !arg.is_hide_set());
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let help = help.trim_end_matches('.').replace('`', "");
        Some(Item::new(variable, option.map_or(help.clone(), |option| format!("as --{option}: {help}"))))
    };
    let mut items: Vec<Item> = command.get_arguments().filter_map(of_option).collect();
    items.extend(pairs(&OTHER_VARIABLES));
    match system {
        System::Linux => items.push(Item::new(
            "HOME, XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_DATA_HOME, XDG_CACHE_HOME",
            "where files are kept",
        )),
        System::MacOs => items.push(Item::new("HOME", "where files are kept")),
        // Windows is asked for its folders, whatever the variables say.
        System::Windows => {}
    }
    items
}

/// The topic as text, its lines at most `width` columns long.
#[must_use]
pub fn text(topic: Topic, command: &Command, system: System, width: usize) -> String {
    let mut lines = wrapped(topic.introduction(system), 0, width);
    lines.push(String::new());
    let items = topic.items(command, system);
    // Codes stand beside their meanings, longer names above them.
    let beside = items.iter().all(|item| item.name.len() <= 4);
    for item in &items {
        let nested = item.name.chars().take_while(|c| *c == ' ').count();
        let mut meaning = wrapped(&item.meaning, if beside { 7 } else { nested + 6 }, width);
        if beside && let Some(first) = meaning.first_mut() {
            first.replace_range(..7, &format!("  {:<5}", item.name));
        } else {
            lines.push(format!("  {}", item.name));
        }
        lines.append(&mut meaning);
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use crate::error::{Category, Exit};
    use crate::settings::KEYS;
    use clap::CommandFactory;

    #[test]
    fn every_exit_code_is_explained() {
        let failures = [
            Category::Authentication,
            Category::Authorization,
            Category::TransientUpstream,
            Category::Validation,
            Category::Internal,
        ];
        let ends = [Exit::Done, Exit::Unmet, Exit::Interrupted, Exit::Terminated];
        let codes = failures.map(Exit::Failed).into_iter().chain(ends).map(Exit::code);
        let items = Topic::ExitCodes.items(&Cli::command(), System::HERE);
        for code in codes {
            assert!(items.iter().any(|item| item.name == code.to_string()), "{code}");
        }
        for category in failures {
            let (_, meaning) = EXIT_CODES
                .iter()
                .find(|(name, _)| *name == Exit::Failed(category).code().to_string())
                .unwrap();
            assert!(meaning.starts_with(category.name()), "{meaning}");
        }
    }

    #[test]
    fn every_option_has_its_variable_and_every_key_its_line() {
        let items = Topic::Environment.items(&Cli::command(), System::HERE);
        for name in ["GETCARD_API_URL", "GETCARD_JOURNAL", "GETCARD_LOG_FORMAT", "GETCARD_PIN"] {
            assert!(items.iter().any(|item| item.name.contains(name)), "{name}");
        }
        for key in KEYS {
            assert!(CONFIG_KEYS.iter().any(|(name, _)| *name == key), "{key}");
        }
    }

    #[test]
    fn lines_keep_to_the_width() {
        let pages = Topic::ALL.into_iter().flat_map(|topic| System::ALL.map(|system| (topic, system)));
        for (topic, system) in pages {
            let text = text(topic, &Cli::command(), system, 60);
            let long = text.lines().find(|line| line.chars().count() > 60 && !line.contains("XDG"));
            assert_eq!(long, None, "{}", topic.name());
        }
    }
}
