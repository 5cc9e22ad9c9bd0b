//! Parses the arguments and environment of this process into a command, or an error that names what was
//! wrong.

use std::env;
use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, FromArgMatches};

use crate::cli::{Cli, help};
use crate::settings::global::boolean;

/// Parses the arguments of this process; an empty variable counts as unset.
///
/// # Errors
/// clap's error, which may also be requested help.
pub fn parse() -> Result<Cli, clap::Error> {
    let arguments: Vec<OsString> = env::args_os().collect();
    // Hiding options in the help of each command takes time that other commands should not wait for.
    let wants_help = arguments.iter().any(|argument| argument == "-h" || argument == "--help");
    let command = if wants_help { help::command_to_show() } else { help::command() };
    let command = without_empty_variables(command);
    let parsed = command.clone().try_get_matches_from(&arguments);
    parsed
        .and_then(|matches| Cli::from_arg_matches(&matches))
        .map_err(|error| explain(error, command, &arguments))
}

/// Returns whether the user wants JSON, as far as invalid arguments allow to tell.
#[must_use]
pub fn wants_json() -> bool {
    let is_set = || env::var("GETCARD_JSON").is_ok_and(|value| boolean(&value) == Ok(true));
    env::args_os().take_while(|argument| argument != "--").any(|argument| argument == "--json") || is_set()
}

fn without_empty_variables(command: Command) -> Command {
    let is_empty = |name: &std::ffi::OsStr| env::var_os(name).is_some_and(|value| value.is_empty());
    command.mut_args(|arg| match arg.get_env() {
        Some(name) if is_empty(name) => arg.env(None::<&str>),
        _ => arg,
    })
}

/// Names the variable that an invalid value came from, and shows the usage of the called subcommand without
/// variables.
fn explain(mut error: clap::Error, mut command: Command, arguments: &[OsString]) -> clap::Error {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return error;
    }
    if let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidArg)
        && let Some(variable) = variable_of(name, &command, arguments)
    {
        let named = format!("{variable} ({name})");
        error.insert(ContextKind::InvalidArg, ContextValue::String(named));
    }
    command.build();
    let called = arguments.get(1..).unwrap_or_default();
    error.insert(ContextKind::Usage, ContextValue::StyledStr(usage(&mut command, called)));
    error
}

/// The variable that set an option, if the option is not among the arguments.
fn variable_of(name: &str, command: &Command, arguments: &[OsString]) -> Option<String> {
    let option = name.split([' ', '=', '[']).next()?;
    let typed = arguments.iter().any(|argument| argument.to_string_lossy().split('=').next() == Some(option));
    let arg = command.get_arguments().find(|arg| arg.get_long() == option.strip_prefix("--"))?;
    let variable = arg.get_env().filter(|variable| !typed && env::var_os(variable).is_some())?;
    Some(variable.to_string_lossy().into_owned())
}

/// The usage line of the called subcommand.
fn usage(command: &mut Command, arguments: &[OsString]) -> StyledStr {
    let called = arguments.iter().position(|argument| command.find_subcommand(argument).is_some());
    if let Some(at) = called
        && let Some(sub) = command.find_subcommand_mut(&arguments[at])
    {
        return usage(sub, &arguments[at + 1..]);
    }
    command.render_usage()
}
