//! The commands in groups, for the help of getcard itself.

use std::fmt::Write;

use clap::Command;

/// The groups in the order of their use, each with its commands.
const GROUPS: [(&str, &[&str]); 4] = [
    ("Card", &["login", "link", "status", "barcode", "lost", "found", "unlink", "demo"]),
    ("Money", &["balance", "forecast", "history"]),
    ("This machine", &["profiles", "store", "doctor", "journal", "completions", "help"]),
    ("Developers", &["probe", "schools", "sandbox"]),
];

/// The list of commands, each with what it does.
#[must_use]
pub fn text(command: &Command) -> String {
    let commands = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    let width = commands.map(|sub| sub.get_name().len()).max().unwrap_or_default();
    let mut text = String::new();
    for (group, names) in GROUPS {
        text.push_str(group);
        text.push_str(":\n");
        for sub in names.iter().filter_map(|name| command.find_subcommand(name)) {
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            // Writing to a string does not fail.
            let _ = writeln!(text, "  {:width$}  {about}", sub.get_name());
        }
        text.push('\n');
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_command_is_in_one_group() {
        let command = crate::cli::Cli::command();
        let grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            let count = grouped.iter().filter(|name| **name == sub.get_name()).count();
            assert_eq!(count, 1, "{}", sub.get_name());
        }
    }
}
