//! The log on standard error (`-v`). Secrets are masked where events are created; see
//! [`crate::secret::redact`].

use clap::ValueEnum;
use std::fmt::{self, Write as _};
use std::io::{self, IsTerminal};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::model::text::clean;
use crate::model::time;
use crate::output::json;

/// The form of the log on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub enum LogFormat {
    /// Readable lines.
    #[default]
    Text,
    /// One JSON document per line.
    Json,
}

/// Enables the log: calls with `-v`, everything with `-vv`.
pub fn init(verbose: u8, format: LogFormat) {
    let level = match verbose {
        0 => return,
        1 => Level::INFO,
        _ => Level::DEBUG,
    };
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::from_level(level))
        .with_writer(io::stderr)
        .log_internal_errors(false)
        .event_format(Lines(format))
        .finish();
    // A second call, in a test for example, keeps the first log.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Formats events as lines without control sequences.
struct Lines(LogFormat);

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let (level, target) = (*event.metadata().level(), event.metadata().target());
        writer.write_str(&match self.0 {
            LogFormat::Text => {
                text_line(Timestamp::now(), level, target, &fields, io::stderr().is_terminal())
            }
            LogFormat::Json => json_line(Timestamp::now(), level, target, fields),
        })
    }
}

/// Formats `20:14:47.123 info call: method=commerce.retrieveAccounts …` in local time; with `indent`, JSON
/// follows pretty-printed below.
fn text_line(now: Timestamp, level: Level, target: &str, fields: &Fields, indent: bool) -> String {
    let time = now.to_zoned(TimeZone::system()).strftime("%H:%M:%S%.3f").to_string();
    let level = level.as_str().to_lowercase();
    let mut line = format!("{time} {level} {}:", target.trim_start_matches("getcard::"));
    if let Some(message) = &fields.message {
        line.push(' ');
        line.push_str(message);
    }
    let mut documents = String::new();
    for (name, value) in &fields.others {
        if indent && let Some(json) = as_json(value) {
            let pretty = json::pretty(json).trim_end().replace('\n', "\n    ");
            let _ = write!(documents, "\n    {name}: {pretty}");
            continue;
        }
        // Writing to a String cannot fail.
        let _ = match value {
            Value::String(text) => write!(line, " {name}={text}"),
            other => write!(line, " {name}={other}"),
        };
    }
    clean(&line).into_owned() + &documents + "\n"
}

/// The value as JSON, if it is a JSON object or array.
fn as_json(value: &Value) -> Option<&RawValue> {
    let text = value.as_str().filter(|text| text.starts_with(['{', '[']))?;
    serde_json::from_str(text).ok()
}

fn json_line(now: Timestamp, level: Level, target: &str, fields: Fields) -> String {
    let mut document = Map::new();
    document.insert("at".to_owned(), time::text(now).into());
    document.insert("level".to_owned(), level.as_str().to_lowercase().into());
    document.insert("target".to_owned(), target.into());
    if let Some(message) = fields.message {
        document.insert("message".to_owned(), message.into());
    }
    let parsed = |value: Value| match as_json(&value) {
        Some(json) => serde_json::from_str(json.get()).unwrap_or(value),
        None => value,
    };
    document.extend(fields.others.into_iter().map(|(name, value)| (name.to_owned(), parsed(value))));
    let line = json::line(&document).unwrap_or_default();
    String::from_utf8(line).unwrap_or_default()
}

/// The fields of an event.
#[derive(Default)]
struct Fields {
    message: Option<String>,
    others: Vec<(&'static str, Value)>,
}

impl Fields {
    fn push(&mut self, field: &Field, value: impl Into<Value>) {
        // Events from the `log` crate, which some dependencies use, carry fields about themselves.
        if !field.name().starts_with("log.") {
            self.others.push((field.name(), value.into()));
        }
    }
}

impl Visit for Fields {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.push(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.push(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.push(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.push(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.push(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}");
        if field.name() == "message" {
            self.message = Some(text);
        } else {
            self.push(field, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Fields {
        let others = vec![("reply", Value::from("{\"x\":\"\x1b[31m\u{202e}\"}")), ("status", 200.into())];
        Fields { message: Some("no reply".to_owned()), others }
    }

    #[test]
    fn a_text_line_is_one_harmless_line() {
        let line = text_line(Timestamp::UNIX_EPOCH, Level::INFO, "getcard::call", &fields(), false);
        assert!(line.ends_with(" info call: no reply reply={\"x\":\"[31m\"} status=200\n"), "{line:?}");
        assert_eq!(&line[8..9], ".");
    }

    #[test]
    fn json_is_indented_on_a_terminal() {
        let others = vec![("reply", Value::from(r#"{"x":[1]}"#)), ("elapsed_ms", 1.5.into())];
        let fields = Fields { message: None, others };
        let line = text_line(Timestamp::UNIX_EPOCH, Level::INFO, "getcard::call", &fields, true);
        assert!(line.contains(" elapsed_ms=1.5\n    reply: {\n      \"x\": ["), "{line}");
    }

    #[test]
    fn a_json_line_is_exact() {
        let line = json_line(Timestamp::UNIX_EPOCH, Level::DEBUG, "getcard::call", fields());
        assert!(!line.contains(['\x1b', '\u{202e}']) && line.ends_with("}\n"));
        let document: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(document["reply"], "{\"x\":\"\x1b[31m\u{202e}\"}", "not valid JSON, so text");
        let valid = Fields { message: None, others: vec![("reply", r#"{"x":1}"#.into())] };
        let line = json_line(Timestamp::UNIX_EPOCH, Level::DEBUG, "getcard::call", valid);
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["reply"]["x"], 1);
        assert_eq!((&document["status"], &document["level"]), (&Value::from(200), &Value::from("debug")));
        assert_eq!(document["at"], "1970-01-01T00:00:00.000Z");
    }
}
