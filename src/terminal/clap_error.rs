//! Prints clap's output: help on standard output, usage errors like any other error.

use clap::error::ErrorKind;

use crate::error::{Cause, Error, Exit};
use crate::model::text::clean;
use crate::terminal::ui::Ui;

/// Prints the help or error, as JSON if asked, and returns the exit status.
#[must_use]
pub fn print(error: &clap::Error, json: bool) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // If the pipe is closed, its reader has read enough.
        let _ = error.print();
        return Exit::Done;
    }
    let ui = Ui::plain(json);
    let wrong = Wrong::of(error.kind(), &error.render().to_string());
    if json {
        ui.error(&wrong.error());
    } else {
        ui.note(&format!("error: {}", wrong.message));
        if let Some(usage) = &wrong.usage {
            ui.note(&format!("Usage: {usage}"));
        }
        ui.note(&format!("hint: {}", wrong.hint));
    }
    wrong.error().exit()
}

/// A usage error from clap.
#[derive(Debug, PartialEq, Eq)]
struct Wrong {
    message: String,
    /// The usage line, if the error is about missing or unknown arguments.
    usage: Option<String>,
    hint: String,
}

impl Wrong {
    /// Parses clap's text: a message, which may continue in indented lines, tips, and the usage line.
    fn of(kind: ErrorKind, text: &str) -> Self {
        let lines = || text.lines().map(str::trim);
        let usage = lines().find_map(|line| line.strip_prefix("Usage: ")).unwrap_or("getcard");
        let command = command(usage);
        let message = lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        let message = message.trim_start_matches("error: ").to_owned();
        let tips: Vec<_> = lines().filter_map(|line| line.strip_prefix("tip: ")).map(str::trim).collect();
        let help = format!("run: {command} --help");
        let hint = if tips.is_empty() { help } else { format!("{}, or {help}", tips.join("; ")) };
        let about_shape = matches!(
            kind,
            ErrorKind::MissingRequiredArgument
                | ErrorKind::UnknownArgument
                | ErrorKind::InvalidSubcommand
                | ErrorKind::WrongNumberOfValues
        );
        let [message, usage, hint] = [message, usage.to_owned(), hint].map(|text| clean(&text).into_owned());
        Self { message, usage: about_shape.then_some(usage), hint }
    }

    fn error(&self) -> Error {
        Error::new(Cause::Usage, self.message.clone()).hint(self.hint.clone())
    }
}

/// The command at the start of a usage line, without its arguments.
fn command(usage: &str) -> String {
    let is_name = |word: &&str| word.starts_with(|c: char| c.is_ascii_alphanumeric());
    usage.split(' ').take_while(is_name).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tip_is_the_hint() {
        let text = "error: unrecognized subcommand 'blance'\n\n  tip: a similar subcommand exists: 'balance'\n\n\
            Usage: getcard [OPTIONS] [COMMAND]\n\nFor more information, try '--help'.";
        let expected = Wrong {
            message: "unrecognized subcommand 'blance'".to_owned(),
            usage: Some("getcard [OPTIONS] [COMMAND]".to_owned()),
            hint: "a similar subcommand exists: 'balance', or run: getcard --help".to_owned(),
        };
        assert_eq!(Wrong::of(ErrorKind::InvalidSubcommand, text), expected);
    }

    #[test]
    fn values_and_missing_arguments_belong_to_the_message() {
        let text = "error: invalid value 'x' for '--store <STORE>'\n  [possible values: keychain, file]\n\n\
            Usage: getcard balance [OPTIONS] [ACCOUNT]...\n";
        let wrong = Wrong::of(ErrorKind::InvalidValue, text);
        assert_eq!(
            wrong.message,
            "invalid value 'x' for '--store <STORE>' [possible values: keychain, file]"
        );
        assert_eq!((wrong.usage, wrong.hint.as_str()), (None, "run: getcard balance --help"));
        let text = "error: the following required arguments were not provided:\n  --to <STORE>\n\n\
            Usage: getcard store migrate --to <STORE>\n";
        let wrong = Wrong::of(ErrorKind::MissingRequiredArgument, text);
        assert_eq!(wrong.message, "the following required arguments were not provided: --to <STORE>");
        assert_eq!(wrong.hint, "run: getcard store migrate --help");
    }
}
