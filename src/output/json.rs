//! JSON output that is exact and safe: text is preserved, and characters that affect a terminal are escaped.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};
use serde_json::value::RawValue;

use crate::error::{Cause, Error, Result};
use crate::model::text::{find_hostile, is_hostile};

/// Escapes [hostile](is_hostile) characters in addition to what JSON requires.
struct EscapingFormatter;

impl Formatter for EscapingFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = find_hostile(rest) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let mut characters = rest[at..].chars();
            for unit in characters.next().map(|c| c.encode_utf16(&mut [0; 2]).to_vec()).unwrap_or_default() {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = characters.as_str();
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }

    /// Writes JSON from outside. Line breaks and tabs can only occur between its values and are dropped;
    /// everything else goes through the string escapes.
    fn write_raw_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        for part in fragment.split(['\n', '\r', '\t']) {
            self.write_string_fragment(writer, part)?;
        }
        Ok(())
    }
}

/// Serializes a document as one line.
///
/// # Errors
/// [`Cause::Unexpected`] if it cannot be serialized.
pub fn line(document: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(256);
    append(&mut bytes, document)?;
    Ok(bytes)
}

/// Appends a document as one line.
///
/// # Errors
/// Like [`line`].
pub fn append(lines: &mut Vec<u8>, document: &impl Serialize) -> Result<()> {
    document
        .serialize(&mut serde_json::Serializer::with_formatter(&mut *lines, EscapingFormatter))
        .map_err(|error| Error::new(Cause::Unexpected, format!("cannot write JSON: {error}")))?;
    lines.push(b'\n');
    Ok(())
}

/// The maximum nesting depth that is broken into lines.
const DEEPEST: usize = 64;

/// Pretty-prints JSON, one value per line, with numbers and order unchanged.
#[must_use]
pub fn pretty(json: &RawValue) -> String {
    let mut text = String::new();
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    let mut opened = false;
    for character in json.get().chars() {
        if in_string {
            push_escaped(&mut text, character);
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
            continue;
        }
        match character {
            ' ' | '\n' | '\r' | '\t' => continue,
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if !opened {
                    break_line(&mut text, depth);
                }
            }
            _ if opened => break_line(&mut text, depth),
            _ => {}
        }
        text.push(character);
        in_string = character == '"';
        opened = matches!(character, '{' | '[');
        match character {
            '{' | '[' => depth += 1,
            ',' => break_line(&mut text, depth),
            ':' => text.push(' '),
            _ => {}
        }
    }
    text.push('\n');
    text
}

fn break_line(text: &mut String, depth: usize) {
    if depth <= DEEPEST {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", depth));
    }
}

fn push_escaped(text: &mut String, character: char) {
    if is_hostile(character) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    } else {
        text.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    #[test]
    fn hostile_characters_are_escaped() {
        let line = line(&"a\x1b[31m\u{202e}\u{e0041}é\"\u{7f}").unwrap();
        let expected = "\"a\\u001b[31m\\u202e\\udb40\\udc41é\\\"\\u007f\"\n";
        assert_eq!(String::from_utf8(line).unwrap(), expected);
    }

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn raw_json_is_escaped_and_exact() {
        let outside = raw("{\"a\u{202e}\\u001b\":\n\t1.10, \"b\":[\u{20}]}");
        let line = String::from_utf8(line(&outside).unwrap()).unwrap();
        assert_eq!(line, "{\"a\\u202e\\u001b\":1.10, \"b\":[ ]}\n");
    }

    #[test]
    fn pretty_json_has_one_value_per_line() {
        let json = r#"{"a":[1.10,{"b\"{":"x,@y"}],"c":{},"d":[ ],"e":null}"#.replace('@', "\u{9b}");
        let expected = r#"{
  "a": [
    1.10,
    {
      "b\"{": "x,\u009by"
    }
  ],
  "c": {},
  "d": [],
  "e": null
}
"#;
        assert_eq!(pretty(&raw(&json)), expected);
    }

    #[test]
    fn deep_json_is_not_indented_without_limit() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(pretty(&raw(&deep)).len() < 40_000);
    }

    proptest! {
        #[test]
        fn pretty_json_parses_to_the_same_value(keys in proptest::collection::vec(any::<String>(), 0..5), number in any::<i64>()) {
            let value = serde_json::json!({ "keys": keys, "number": number, "empty": [[], {}] });
            let pretty = pretty(&raw(&value.to_string()));
            assert_eq!(serde_json::from_str::<serde_json::Value>(&pretty).unwrap(), value);
            assert!(!pretty.replace('\n', "").contains(is_hostile));
        }

        #[test]
        fn strings_are_exact_and_harmless(text in any::<String>()) {
            let line = line(&text).unwrap();
            assert_eq!(serde_json::from_slice::<String>(&line).unwrap(), text);
            let body = std::str::from_utf8(&line).unwrap().trim_end_matches('\n');
            assert!(!body.contains(is_hostile));
        }
    }
}
