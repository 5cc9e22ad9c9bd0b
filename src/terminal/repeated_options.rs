//! Repeats options of this run in suggested commands, so that they refer to the same card.

use std::borrow::Cow;
use std::fmt::Write;

/// The commands that take these options.
pub const COMMANDS: [&str; 17] = [
    "balance", "barcode", "doctor", "forecast", "found", "history", "journal", "link", "login", "lost",
    "probe", "profiles", "schools", "status", "store", "unlink", "logout",
];

/// `--profile`, `--store` and `--api-url`, where this run has a value other than the default.
#[derive(Debug, Clone, Default)]
pub struct RepeatedOptions(Vec<(&'static str, String)>);

impl RepeatedOptions {
    /// Keeps the options that have a value.
    #[must_use]
    pub fn new(options: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Self {
        Self(options.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
    }

    /// Inserts the options into each `getcard …` command in a text, unless the command already has them.
    #[must_use]
    pub fn in_commands<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.0.is_empty() || !text.contains("getcard ") {
            return Cow::Borrowed(text);
        }
        let mut parts = text.split("getcard ");
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            whole.push_str("getcard ");
            let end = part.find([',', ';', '`', '\n']).unwrap_or(part.len());
            let command = &part[..end];
            let name = command.split(' ').next().unwrap_or_default();
            if COMMANDS.contains(&name) {
                for (option, value) in self.0.iter().filter(|(option, _)| !command.contains(option)) {
                    // Writing to a String cannot fail.
                    let _ = write!(whole, "{option} {} ", quoted(value));
                }
            }
            whole.push_str(part);
        }
        Cow::Owned(whole)
    }
}

/// Quotes a value as a single shell word.
fn quoted(value: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=[]".contains(c);
    if value.chars().all(plain) {
        Cow::Borrowed(value)
    } else {
        Cow::Owned(format!("'{}'", value.replace('\'', "'\\''")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> RepeatedOptions {
        RepeatedOptions::new([
            ("--profile", Some("work".to_owned())),
            ("--store", Some("file".to_owned())),
            ("--api-url", None),
        ])
    }

    #[test]
    fn a_suggested_command_repeats_the_options() {
        assert_eq!(
            options().in_commands("run: getcard link --replace, or: getcard status --check"),
            "run: getcard --profile work --store file link --replace, or: getcard --profile work --store file status --check"
        );
    }

    #[test]
    fn options_of_the_command_itself_are_not_repeated() {
        let hint = "run: getcard unlink --store keychain";
        assert_eq!(options().in_commands(hint), "run: getcard --profile work unlink --store keychain");
        for text in ["run: getcard demo", "another getcard is running", "update getcard, then try again"] {
            assert_eq!(options().in_commands(text), text);
        }
    }

    #[test]
    fn values_are_shell_quoted() {
        assert_eq!(quoted("https://x:1/a"), "https://x:1/a");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
