//! The log on standard error that `-v` turns on. Secrets are masked where events are made (see [`crate::redact`]);
//! here what acts on a terminal is escaped, for replies of the service are in it.

use std::fmt::Write as _;
use std::io::{self, Write};

use tracing::Level;
use tracing_subscriber::filter::LevelFilter;

use crate::model::text::is_hostile;

/// Turns the log on: the calls with `-v`, everything with `-vv`.
pub fn init(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => Level::INFO,
        _ => Level::DEBUG,
    };
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::from_level(level))
        .with_writer(|| Harmless(io::stderr()))
        .with_ansi(false)
        .finish();
    // A second call, as in a test, keeps the first log.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Writes an event, which comes as one buffer, as one line.
struct Harmless<W>(W);

impl<W: Write> Write for Harmless<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.0.write_all(line(&String::from_utf8_lossy(event)).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The text on one line, with every character escaped that would act on a terminal or hide from its reader.
fn line(event: &str) -> String {
    let mut line = String::with_capacity(event.len() + 1);
    for character in event.trim_end_matches('\n').chars() {
        if is_hostile(character) {
            // Writing to a string does not fail.
            let _ = write!(line, "{}", character.escape_unicode());
        } else {
            line.push(character);
        }
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_harmless_line() {
        let mut written = Vec::new();
        let event = "reply={\"a\":\"\x1b[31mx\u{202e}\r\nINFO forged\u{85}\"} é 学\n".as_bytes();
        assert_eq!(Harmless(&mut written).write(event).unwrap(), event.len());
        let line = String::from_utf8(written).unwrap();
        assert_eq!(line, "reply={\"a\":\"\\u{1b}[31mx\\u{202e}\\u{d}\\u{a}INFO forged\\u{85}\"} é 学\n");
    }
}
