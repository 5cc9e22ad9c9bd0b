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

/// Names the variable that an invalid value came from, suggests `--output` for a stray file name, and shows the usage
/// of the called subcommand without variables.
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
    let mut called = called(&command, arguments.get(1..).unwrap_or_default()).clone();
    if error.kind() == ErrorKind::UnknownArgument
        && let Some(ContextValue::String(stray)) = error.get(ContextKind::InvalidArg)
        && !stray.starts_with('-')
        && called.get_arguments().any(|arg| arg.get_long() == Some("output"))
    {
        let tip = StyledStr::from(format!("to write to a file, use '--output {stray}'"));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error.insert(ContextKind::Usage, ContextValue::StyledStr(called.render_usage()));
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

/// The called subcommand, or the command itself.
fn called<'a>(command: &'a Command, arguments: &[OsString]) -> &'a Command {
    arguments.iter().fold(command, |command, argument| command.find_subcommand(argument).unwrap_or(command))
}
