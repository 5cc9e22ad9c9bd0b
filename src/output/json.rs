//! JSON that is exact and harmless: text is kept, and characters that act on a terminal are escaped.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use crate::error::{Error, Result};
use crate::model::text::is_hostile;

/// Escapes what [`is_hostile`] names, beside what JSON itself escapes.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_hostile) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let mut characters = rest[at..].chars();
            for unit in characters.next().map(|c| c.encode_utf16(&mut [0; 2]).to_vec()).unwrap_or_default() {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = characters.as_str();
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}

/// A document as one line.
///
/// # Errors
/// `internal_error` when it cannot be JSON.
pub fn line(document: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(256);
    append(&mut bytes, document)?;
    Ok(bytes)
}

/// Adds a document as one line to others.
///
/// # Errors
/// As [`line`].
pub fn append(lines: &mut Vec<u8>, document: &impl Serialize) -> Result<()> {
    document
        .serialize(&mut serde_json::Serializer::with_formatter(&mut *lines, Harmless))
        .map_err(|error| Error::internal(format!("cannot write JSON: {error}")))?;
    lines.push(b'\n');
    Ok(())
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

    proptest! {
        #[test]
        fn text_is_exact_and_harmless(text in any::<String>()) {
            let line = line(&text).unwrap();
            assert_eq!(serde_json::from_slice::<String>(&line).unwrap(), text);
            let body = std::str::from_utf8(&line).unwrap().trim_end_matches('\n');
            assert!(!body.contains(is_hostile));
        }
    }
}
