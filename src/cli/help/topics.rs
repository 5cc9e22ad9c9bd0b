//! The topics of `getcard help` that are no command: exit codes, environment variables, files.

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
    /// The files that getcard reads and writes, and the keys of its configuration.
    Files,
    /// The JSON documents of every command.
    Json,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 4] = [Self::ExitCodes, Self::Environment, Self::Files, Self::Json];

    /// The name that `getcard help` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ExitCodes => "exit-codes",
            Self::Environment => "environment",
            Self::Files => "files",
            Self::Json => "json",
        }
    }

    /// What is said of the topic, before its items.
    #[must_use]
    pub fn introduction(self, system: System) -> &'static str {
        match self {
            Self::ExitCodes => {
                "How a command ended. With --json an error is one line of JSON on standard error, with the \
                 category and a code of its own."
            }
            Self::Environment => {
                "An option on the command line beats its variable; a variable beats the configuration file."
            }
            Self::Files => match system {
                System::Linux => {
                    "Paths where no XDG variable names others; getcard doctor shows those in use. The configuration \
                     file is TOML; its keys are listed below it."
                }
                System::MacOs | System::Windows => {
                    "The configuration file is TOML; its keys are listed below it."
                }
            },
            Self::Json => {
                "What commands print with --json: one document, or one a line where that is said. Text is exact, with \
                 characters that act on a terminal escaped; amounts are exact decimals; fields that do not apply are \
                 null. getcard help json --json prints the same as JSON Schema (2020-12)."
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
            Self::Files => files(system),
            Self::Json => documents::items(),
        }
    }
}

const EXIT_CODES: [(&str, &str); 8] = [
    ("0", "done"),
    (
        "1",
        "internal_error: an answer of unexpected shape, an unusable barcode, a store that is absent, locked, \
         denied or does not answer; doctor found something that fails",
    ),
    (
        "2",
        "validation_error: wrong usage, something that there is not, already linked without --replace, a \
         broken configuration file",
    ),
    ("3", "authentication_error: not linked, or the credentials are dead"),
    ("4", "authorization_error: the card may not do this"),
    (
        "5",
        "transient_upstream_error, after the retries: no network, a timeout, too many calls, a service that \
         is down, a network that wants a sign-in",
    ),
    (
        "6",
        "a condition that was asked for does not hold: balance --below, barcode --until-charged, history \
         --reconcile",
    ),
    ("130", "interrupted by Ctrl-C"),
];

fn terminated(system: System) -> &'static str {
    match system {
        System::Linux | System::MacOs => "ended by SIGTERM or SIGHUP",
        System::Windows => "ended with its window, or by signing out",
    }
}

const OTHER_VARIABLES: [(&str, &str); 8] = [
    ("GETCARD_VALIDATED_URL", "for --ephemeral: a validated URL, or the session id in it"),
    ("GETCARD_DEVICE_ID, GETCARD_PIN", "for --ephemeral: the credentials of a device"),
    ("GETCARD_PASSPHRASE_FILE", "a file whose first line is the passphrase of the file store"),
    ("NO_COLOR", "no colors, unless --color says otherwise; a barcode keeps its black and white"),
    ("CLICOLOR_FORCE", "colors in a pipe too"),
    ("COLORTERM, TERM", "how many colors the terminal has"),
    ("HTTPS_PROXY, ALL_PROXY, NO_PROXY", "the proxy to a service elsewhere, and for whom there is none"),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "certificate authorities in place of the system's"),
];

/// The keys of the configuration file.
const CONFIG_KEYS: [(&str, &str); 11] = [
    ("  school", "the short name of the school whose sign-in page login opens, such as \"ucsc\""),
    ("  api_url", "the base URL of the service, as --api-url"),
    ("  login_url", "the address of the sign-in page, with {school} where the short name goes"),
    ("  store", "where credentials are kept: \"keychain\", \"file\" or \"memory\""),
    ("  refresh", "seconds between refreshes of the barcode view, 5 to 3600"),
    ("  accounts", "the accounts that are shown when none are named, for example [\"flexi\"]"),
    ("  passphrase_command", "a command that prints the passphrase of the file store"),
    ("  journal", "false: no journal is kept"),
    ("  term_ends", "the last day of the term, until which forecast looks, for example 2026-12-12"),
    (
        "  low",
        "a table of the amounts below which accounts are low, by a part of their names, for example [low] with \
         flexi = 10 under it",
    ),
    (
        "  profiles",
        "tables of keys that are different for a profile, for example [profiles.work] with school = \"uiuc\" under it",
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
    let mut items = vec![Item::new(
        format!("{config}config.toml"),
        "the configuration; another file is named with --config",
    )];
    items.extend(pairs(&CONFIG_KEYS));
    items.extend([
        Item::new(
            format!("{data}store.age"),
            "the file store, sealed with a passphrase; only with --store file",
        ),
        Item::new(
            format!("{state}journal.jsonl"),
            "the journal: one line of JSON a call and event, without secrets and amounts, and two older files of 1 MB",
        ),
        Item::new(
            format!("{state}*.lock"),
            "lock files, so that only one process changes a profile, or fetches its payload, at a time; with the last \
             profile, unlink --purge removes the journal, the cache and these, but not the configuration and the file store",
        ),
        Item::new(
            format!("{state}*.mark"),
            "what history --new has shown; without it the next run shows the newest transactions",
        ),
        Item::new(
            cache,
            "the list of schools, names of accounts for completion, and which profiles there are, without their secrets; \
             may be deleted at any time",
        ),
    ]);
    items
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
            assert!(CONFIG_KEYS.iter().any(|(name, _)| name.trim() == key), "{key}");
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
