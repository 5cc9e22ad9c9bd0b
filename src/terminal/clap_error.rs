//! Prints clap's output: help on standard output, usage errors like any other error.

use std::io::{self, Write};

use clap::error::ErrorKind;

use crate::error::{Category, Cause, Error, Exit};
use crate::model::text::{clean, find_hostile};
use crate::terminal::ui::Ui;

/// Prints the help or error and returns the exit status.
#[must_use]
pub fn tell(error: &clap::Error) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // If the pipe is closed, its reader has read enough.
        let _ = error.print();
        return Exit::Done;
    }
    let json = std::env::args_os().take_while(|arg| arg != "--").any(|arg| arg == "--json");
    if json {
        let error = as_error(&error.render().to_string());
        Ui::plain(true).error(&error);
        return error.exit();
    }
    if find_hostile(&error.to_string().replace('\n', "")).is_none() {
        // Standard error may be closed; the exit code says the same.
        let _ = error.print();
    } else {
        // The arguments may contain escape sequences; they are removed together with clap's colors.
        let text: Vec<_> = error.to_string().lines().map(|line| clean(line).into_owned()).collect();
        let _ = writeln!(io::stderr().lock(), "{}", text.join("\n"));
    }
    Exit::Failed(Category::Validation)
}

/// Converts the text of a usage error.
fn as_error(text: &str) -> Error {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let tip = lines.find_map(|line| line.strip_prefix("tip: ")).unwrap_or("run: getcard --help");
    Error::new(Cause::Usage, first).hint(tip.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_message_and_a_tip_the_hint() {
        let text = "error: unrecognized subcommand 'blance'\n\n  tip: a similar subcommand exists: 'balance'\n\nUsage: …";
        let expected = Error::new(Cause::Usage, "unrecognized subcommand 'blance'")
            .hint("a similar subcommand exists: 'balance'");
        assert_eq!(as_error(text), expected);
    }
}
