//! Transcripts of runs for snapshots: standard output, standard error and exit code together, with what varies redacted.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::getcard::{Getcard, Outcome};

/// What varies from run to run beside the date, and what stands for it.
const VARIES: [(&str, &str); 14] = [
    (r"127\.0\.0\.1:\d+", "127.0.0.1:[port]"),
    (r"(?:/private)?(?:/var)?/tmp/\.tmp\w{6}", "[directory]"),
    (r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "[id]"),
    (r"[0-9a-f]{2}…[0-9a-f]{2}", "[device]"),
    (r"\b\d{22}\b", "[payload]"),
    (r"(for example: getcard forecast --until )\S+", "$1[day]"),
    (r"(fetched|until) \d\d:\d\d:\d\d", "$1 [time]"),
    (r#""(\w+_ms|age_seconds)":\d+(?:\.\d+)?"#, r#""$1":[duration]"#),
    (r"\b\d+(?:\.\d+)? ms\b", "[duration]"),
    (r"\b\d+ s old\b", "[age]"),
    (r"(try again in )(?:10|\d) s\b", "$1[a few] s"),
    (r"getcard/?(?: |\b)\d+\.\d+\.\d+\S*", "getcard [version]"),
    (r"unix:\S*/dbus-\S+", "[bus]"),
    (r"\(os error \d+\)", "(os error)"),
];

/// Runs of one user, one after the other.
pub struct Transcript<'a> {
    user: &'a Getcard,
    pub text: String,
}

impl<'a> Transcript<'a> {
    /// A transcript without runs.
    pub fn of(user: &'a Getcard) -> Self {
        Self::after(user, String::new())
    }

    /// A transcript that goes on with another user.
    pub fn after(user: &'a Getcard, text: String) -> Self {
        Self { user, text }
    }

    /// Says what happens between two runs.
    pub fn note(&mut self, note: &str) {
        writeln!(self.text, "# {note}\n").unwrap();
    }

    /// Runs a command without standard input.
    pub fn run(&mut self, line: &str) {
        let outcome = self.user.run(&words(line));
        self.append(line, &outcome);
    }

    /// Runs a command with this standard input.
    pub fn run_with_stdin(&mut self, line: &str, input: impl AsRef<[u8]>) {
        let outcome = self.user.run_with_stdin(&words(line), input);
        self.append(line, &outcome);
    }

    fn append(&mut self, line: &str, outcome: &Outcome) {
        let code = outcome.code.expect("no signal ends it");
        writeln!(self.text, "$ getcard {line}\n{}", outcome.text()).unwrap();
        if !outcome.stderr.is_empty() {
            writeln!(self.text, "-- stderr --\n{}", outcome.stderr).unwrap();
        }
        writeln!(self.text, "-- exit code {code} --\n").unwrap();
    }

    /// Compares all of it with the snapshot of this name.
    #[track_caller]
    pub fn assert(&self, name: &str) {
        let mut filters = VARIES.map(|(varies, stands)| (varies.to_owned(), stands.to_owned())).to_vec();
        // A test may run over midnight.
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        for day in [today.yesterday().unwrap(), today] {
            filters.push((format!(r"{day}(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?"), "[time]".to_owned()));
        }
        self.assert_but(name, &filters);
    }

    /// Compares all of it with the snapshot of this name, with nothing redacted.
    #[track_caller]
    pub fn assert_exactly(&self, name: &str) {
        self.assert_but(name, &[]);
    }

    #[track_caller]
    fn assert_but(&self, name: &str, filters: &[(String, String)]) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_filters(filters.iter().map(|(varies, stands)| (varies.as_str(), stands.as_str())));
        settings.bind(|| insta::assert_snapshot!(name, self.text));
    }
}

/// The words of a line; single quotes keep a word with blanks together.
pub fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
