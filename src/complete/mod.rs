//! Dynamic shell completion, without network or keychain.

pub mod scripts;
pub mod shell;

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::Command;
use clap::builder::StyledStr;
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate};

use crate::cache::account_names::AccountNames;
use crate::cache::profiles::Profiles;
use crate::cache::schools::Cache;
use crate::cli::help::topics::Topic;
use crate::get::method;
use crate::model::school::{School, is_short_name};
use crate::platform::paths::Paths;
use crate::sandbox::Fault;
use crate::settings;
use crate::settings::endpoint::{self, Endpoint};

/// The variable that a completion script sets.
pub const VARIABLE: &str = "GETCARD_COMPLETE";

/// Answers a completion request from a script; returns false if there is none.
#[must_use]
pub fn answer(command: fn() -> Command) -> bool {
    if std::env::var_os(VARIABLE).is_none() {
        return false;
    }
    let directory = std::env::current_dir().ok();
    let answering = CompleteEnv::with_factory(|| with_values(command())).var(VARIABLE).completer("getcard");
    // No error output: the user is in the middle of typing.
    answering.try_complete(std::env::args_os(), directory.as_deref()).unwrap_or(true)
}

/// Adds completion candidates for values to the command line.
#[must_use]
pub fn with_values(command: Command) -> Command {
    let topics = topics(&command);
    let candidate =
        |(name, about): &(String, Option<StyledStr>)| CompletionCandidate::new(name).help(about.clone());
    values(command, &ArgValueCandidates::new(move || topics.iter().map(candidate).collect()))
}

fn values(command: Command, topics: &ArgValueCandidates) -> Command {
    let command = command.mut_args(|arg| {
        let of_account =
            arg.get_value_names().is_some_and(|names| names.iter().any(|name| name == "ACCOUNT"));
        match arg.get_id().as_str() {
            _ if of_account => arg.add(ArgValueCompleter::new(accounts)),
            "profile" => arg.add(ArgValueCandidates::new(profiles)),
            "school" => arg.add(ArgValueCandidates::new(schools)),
            "topic" => arg.add(topics.clone()),
            "service" => arg.add(ArgValueCandidates::new(methods)),
            "method" => arg.add(ArgValueCandidates::new(method_names)),
            "since" | "until" => arg.add(ArgValueCandidates::new(times)),
            "fault" => {
                arg.add(ArgValueCandidates::new(|| Fault::names().map(CompletionCandidate::new).collect()))
            }
            _ => arg,
        }
    });
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, |sub| values(sub, topics)))
}

/// The methods as `service.method`, for `probe`.
fn methods() -> Vec<CompletionCandidate> {
    method::ALL.iter().map(|method| CompletionCandidate::new(method.to_string())).collect()
}

fn method_names() -> Vec<CompletionCandidate> {
    method::ALL.iter().map(|method| CompletionCandidate::new(&*method.name)).collect()
}

/// The usual forms of a time; any date or RFC 3339 timestamp is accepted too.
fn times() -> Vec<CompletionCandidate> {
    ["today", "7d", "30d", "6w", "3m", "12m"].into_iter().map(CompletionCandidate::new).collect()
}

fn known() -> AccountNames {
    Paths::of_user().map_or_else(|_| AccountNames::default(), |paths| AccountNames::load(paths.cache_dir()))
}

/// Account names that start with the typed text, ignoring case.
fn accounts(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    let known = known();
    let begins = |name: &&str| name.to_lowercase().starts_with(&typed);
    known.accounts().into_iter().filter(begins).map(CompletionCandidate::new).collect()
}

/// The profiles with a lock file (whose name starts with the profile's), the cached ones and those of the
/// configuration.
fn profiles() -> Vec<CompletionCandidate> {
    let files = Paths::of_user().ok().and_then(|paths| std::fs::read_dir(paths.state_dir()).ok());
    let name = |file: std::io::Result<std::fs::DirEntry>| {
        let name = file.ok()?.file_name().into_string().ok()?;
        Some(name.strip_suffix(".lock")?.split_once('@')?.0.to_owned())
    };
    let mut names: Vec<String> = files.into_iter().flatten().filter_map(name).collect();
    let known = Paths::of_user().map(|paths| Profiles::within(paths.cache_dir()).list()).unwrap_or_default();
    names.extend(known.into_iter().map(|profile| profile.name));
    let config = std::env::var_os("GETCARD_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
    let config = config.or_else(|| Paths::of_user().ok().map(|paths| paths.config_file()));
    names.extend(config.map(|path| settings::configured_profiles(&path)).unwrap_or_default());
    names.push("default".to_owned());
    names.sort();
    names.dedup();
    names.into_iter().map(CompletionCandidate::new).collect()
}

/// The schools from the list that getcard fetched last.
fn schools() -> Vec<CompletionCandidate> {
    let url = std::env::var("GETCARD_API_URL").unwrap_or_else(|_| endpoint::DEFAULT.to_owned());
    let cached = Paths::of_user()
        .ok()
        .zip(url.parse::<Endpoint>().ok())
        .map(|(paths, endpoint)| Cache::within(paths.cache_dir(), &endpoint.origin()).schools());
    let candidate = |school: School| {
        // Shells insert candidates unquoted.
        let short_name = school.short_name.filter(|name| is_short_name(name.exact()))?;
        Some(CompletionCandidate::new(&*short_name).help(school.name.map(|name| String::from(name).into())))
    };
    cached.unwrap_or_default().into_iter().filter_map(candidate).collect()
}

/// The commands and topics for `help`, with their descriptions.
fn topics(command: &Command) -> Vec<(String, Option<StyledStr>)> {
    let commands = command.get_subcommands().map(|sub| (sub.get_name().to_owned(), sub.get_about().cloned()));
    let topics = Topic::ALL.iter().map(|topic| (topic.name().to_owned(), None));
    commands.chain(topics).collect()
}
