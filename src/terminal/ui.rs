//! Output to standard output and standard error: results, notes, warnings, errors, color.

use std::borrow::Cow;
use std::env;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::error::{Cause, Chain, Error, Report, Result};
use crate::model::text::clean;
use crate::output::json;
use crate::output::table::Style;
use crate::platform::console::Console;
use crate::secret::redact;
use crate::terminal::color::ColorWhen;
use crate::terminal::progress::Progress;
use crate::terminal::repeated_options::RepeatedOptions;
use crate::terminal::screen;
use crate::terminal::wait_line;

/// The user's options for output and prompts.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate option")]
pub struct UiOptions {
    /// Print JSON documents.
    pub json: bool,
    /// Print only results and errors.
    pub quiet: bool,
    /// Never prompt.
    pub no_input: bool,
    /// When to use color.
    pub color: ColorWhen,
    /// The options that suggested commands must repeat.
    pub repeated: RepeatedOptions,
    /// Show the chain behind an error.
    pub verbose: bool,
}

/// Standard output and standard error, with the user's options for them.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate option")]
pub struct Ui {
    /// Print JSON documents.
    pub json: bool,
    quiet: bool,
    no_input: bool,
    color: ColorWhen,
    repeated: RepeatedOptions,
    verbose: bool,
}

#[expect(clippy::unused_self, reason = "only the Ui may write")]
impl Ui {
    #[must_use]
    pub fn new(options: UiOptions) -> Self {
        let UiOptions { json, quiet, no_input, color, repeated, verbose } = options;
        Self { json, quiet, no_input, color, repeated, verbose }
    }

    /// For errors before the options are parsed.
    #[must_use]
    pub fn plain(json: bool) -> Self {
        Self {
            json,
            quiet: false,
            no_input: true,
            color: ColorWhen::Never,
            repeated: RepeatedOptions::default(),
            verbose: false,
        }
    }

    /// Returns whether results go to a terminal.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Returns whether prompting is possible.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        !self.no_input && io::stdin().is_terminal()
    }

    /// The terminal's width in columns, for tables; `None` (unlimited) without a terminal.
    #[must_use]
    pub fn width(&self) -> Option<u16> {
        if !self.is_terminal() {
            return None;
        }
        screen::size().map(|(columns, _)| columns)
    }

    /// The style of tables.
    #[must_use]
    pub fn table(&self) -> Style {
        Style { width: self.width(), color: self.use_color() }
    }

    /// Returns whether to color results.
    #[must_use]
    pub fn use_color(&self) -> bool {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let forced = set("CLICOLOR_FORCE") && env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        match self.color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto if forced => true,
            ColorWhen::Auto if set("NO_COLOR") => false,
            ColorWhen::Auto => self.is_terminal() && !self.is_dumb(),
        }
    }

    /// Returns whether the terminal lacks control sequences.
    #[must_use]
    pub fn is_dumb(&self) -> bool {
        env::var_os("TERM").is_some_and(|term| term == "dumb")
            || (self.is_terminal() && !Console::draws_escapes())
    }

    /// Returns whether an option, not only the environment, disabled color.
    #[must_use]
    pub fn refuses_color(&self) -> bool {
        self.color == ColorWhen::Never
    }

    /// Writes a result.
    ///
    /// # Errors
    /// [`Error::ClosedPipe`] if the reader is gone; `internal_error` if writing fails.
    pub fn result(&self, bytes: impl AsRef<[u8]>) -> Result<()> {
        wait_line::erase();
        let mut out = io::stdout().lock();
        out.write_all(bytes.as_ref()).and_then(|()| out.flush()).map_err(output_error)
    }

    /// Writes a result as one line of JSON.
    ///
    /// # Errors
    /// Like [`Ui::result`].
    pub fn document(&self, document: &impl Serialize) -> Result<()> {
        self.result(json::line(document)?)
    }

    /// Prints a note to standard error.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            Self::say(&self.suggestion(text));
        }
    }

    /// Prints a note without masking text that looks like a secret, such as a correlation id.
    pub fn note_verbatim(&self, text: &str) {
        if !self.quiet {
            Self::write_line(&clean(text));
        }
    }

    /// Prints a warning about a problem that did not stop the command.
    pub fn warn(&self, text: &str) {
        if !self.quiet {
            Self::say(&self.suggestion(&format!("warning: {text}")));
        }
    }

    /// A progress line for reading transactions; hidden without a terminal.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress::transactions(!self.quiet)
    }

    /// Prints the error that ends the command.
    pub fn error(&self, error: &Error) {
        let Error::Failed(report) = error else { return };
        let report = self.shown(report);
        if self.json {
            let line = json::line(&ErrorLine { error: &report }).unwrap_or_default();
            let _ = io::stderr().lock().write_all(&line);
            return;
        }
        // The secrets are masked already, and the code next to the method is not a secret.
        Self::write_line(&format!("error: {}", clean(&report.line())));
        if self.verbose {
            for cause in report.chain.iter().flat_map(Chain::messages) {
                Self::say(&format!("  caused by: {cause}"));
            }
        }
        if let Some(hint) = &report.hint {
            Self::write_line(&format!("hint: {hint}"));
        }
    }

    /// The report with secrets masked, control characters removed and the hint completed.
    fn shown(&self, report: &Report) -> Report {
        let mut report = report.clone();
        report.message = redact::text(&clean(&report.message)).into_owned();
        report.hint =
            report.hint.map(|hint| redact::text(&clean(&self.suggestion(&hint))).into_owned().into());
        report
    }

    /// The options that suggested commands must repeat.
    #[must_use]
    pub fn repeated(&self) -> &RepeatedOptions {
        &self.repeated
    }

    /// Inserts the options that must be repeated into each `getcard` command in a text.
    #[must_use]
    pub fn suggestion<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.repeated.in_commands(text)
    }

    /// Prints a line to standard error. If that is closed, there is nowhere left to report it.
    fn say(text: &str) {
        Self::write_line(&redact::text(&clean(text)));
    }

    fn write_line(text: &str) {
        wait_line::erase();
        let _ = io::stderr().lock().write_all(format!("{text}\n").as_bytes());
    }
}

#[derive(Serialize)]
struct ErrorLine<'a> {
    error: &'a Report,
}

/// Converts the error of writing a result.
#[expect(clippy::needless_pass_by_value, reason = "it is mapped over results")]
fn output_error(error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::BrokenPipe {
        Error::ClosedPipe
    } else {
        Error::new(Cause::Output, format!("cannot write the result: {error}"))
    }
}
