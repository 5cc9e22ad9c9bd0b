//! The help that teaches: the command line with examples, and the topics beside the commands.

pub mod documents;
pub mod examples;
mod groups;
pub mod item;
pub mod topics;

use clap::{Command, CommandFactory};

use crate::cli::Cli;
use crate::platform::system::System;

/// What the help of getcard itself begins with after its usage.
const FIRST_STEPS: &str = "Start here:
  getcard demo       See everything without an account
  getcard login      Sign in and link the card, once
  getcard barcode    Show the barcode at the register";

/// What the help of getcard itself ends with.
const MORE: &str = "Run `getcard help COMMAND` for the options and examples of a command, or \
    `getcard help TOPIC` for one of: exit-codes, environment, configuration, files, json.";

/// What the help of a command ends with.
const GLOBAL_OPTIONS: &str = "Global options such as --profile, --json and --timeout: getcard --help";

/// The heading of the options that every command takes.
pub const GLOBAL: &str = "Global options";

/// The order of the parts in the help of getcard itself.
const TEMPLATE: &str =
    "{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}Global options:\n{options}{after-help}";

/// The command line, each command with its examples.
#[must_use]
pub fn command() -> Command {
    command_on(System::HERE)
}

/// The command line with the examples of a system.
#[must_use]
pub fn command_on(system: System) -> Command {
    let command = Cli::command();
    let first = format!("{FIRST_STEPS}\n\n{}", groups::text(&command));
    with_examples(command.before_help(first).after_help(MORE).help_template(TEMPLATE), "", system)
}

/// The command line as its help shows it: the global options stand in the help of getcard itself only.
#[must_use]
pub fn command_to_show() -> Command {
    let mut command = command();
    command.build();
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, without_global_options))
}

fn without_global_options(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let after = command.get_after_help().map(|examples| format!("{examples}\n\n{GLOBAL_OPTIONS}"));
    let command = command
        .mut_args(|arg| {
            let global = arg.get_help_heading() == Some(GLOBAL);
            arg.hide(global)
        })
        .after_help(after.unwrap_or_else(|| GLOBAL_OPTIONS.to_owned()));
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, without_global_options))
}

fn with_examples(mut command: Command, path: &str, system: System) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command = command.mut_subcommand(name, |sub| with_examples(sub, &path, system));
    }
    match examples::of(path, system).as_slice() {
        [] => command,
        examples => command.after_help(examples::text(examples)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::error::ErrorKind;

    /// Every subcommand, with its path.
    fn all(command: &Command, path: &str) -> Vec<String> {
        let below = command.get_subcommands().flat_map(|sub| {
            let path = format!("{path} {}", sub.get_name()).trim().to_owned();
            let mut all = all(sub, &path);
            all.push(path);
            all
        });
        below.collect()
    }

    /// The words of a line that is typed into a shell, as far as examples go.
    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(|word| word.trim_matches(['\'', '"', '(', ')']).to_owned()).collect()
    }

    #[test]
    fn every_command_has_examples_that_can_be_typed() {
        let command = command();
        let paths = all(&command, "");
        for (system, path) in
            System::ALL.into_iter().flat_map(|system| paths.iter().map(move |path| (system, path)))
        {
            let examples = examples::of(path, system);
            assert!(!examples.is_empty(), "{path} has no examples on {system:?}");
            for example in examples {
                let typed = example.line.split(['|', '>', '<', ';']).map(words);
                let typed: Vec<_> =
                    typed.filter(|words| words.first().is_some_and(|word| word == "getcard")).collect();
                assert!(!typed.is_empty(), "{}", example.line);
                for words in typed {
                    let parsed = command.clone().try_get_matches_from(&words);
                    let refused = parsed.err().filter(|error| error.kind() != ErrorKind::DisplayHelp);
                    assert!(refused.is_none(), "{}: {}", example.line, refused.unwrap());
                }
            }
        }
    }

    #[test]
    fn global_options_are_shown_once() {
        let mut command = command_to_show();
        assert!(command.render_long_help().to_string().contains("--profile <NAME>"));
        for path in [&["balance"][..], &["store", "migrate"]] {
            let mut command = command_to_show();
            let sub =
                path.iter().fold(&mut command, |command, name| command.find_subcommand_mut(name).unwrap());
            let help = sub.render_long_help().to_string();
            assert!(
                !help.contains("--profile <NAME>") && help.trim_end().ends_with(GLOBAL_OPTIONS),
                "{help}"
            );
        }
    }

    #[test]
    fn help_ends_with_examples() {
        let mut command = command();
        command.build();
        let help = command.find_subcommand_mut("balance").unwrap().render_help().to_string();
        assert!(help.contains("\nExamples:\n  # Show the balances\n  getcard balance\n"), "{help}");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&command.render_long_help().to_string()).ends_with(&words(MORE)));
    }
}
