//! Untrusted text from the service: which characters must not reach a terminal, and a type that removes them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The maximum length of a text in a reply, in bytes; names and ids are far shorter.
const MAX_BYTES: usize = 1024;

/// Text from the service: sanitized wherever it is used as a string, exact in JSON.
///
/// It is sanitized on construction, so that no output can forget to do it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Text {
    exact: String,
    /// Set if it differs from `exact`.
    clean: Option<Box<str>>,
}

impl Text {
    /// The text as the service sent it, for JSON and comparisons.
    #[must_use]
    pub fn exact(&self) -> &str {
        &self.exact
    }
}

/// Joins texts with commas.
#[must_use]
pub fn list(texts: &[Text]) -> String {
    texts.iter().map(|text| &**text).collect::<Vec<&str>>().join(", ")
}

impl From<Text> for String {
    /// The sanitized text.
    fn from(text: Text) -> Self {
        match text.clean {
            Some(clean) => clean.into(),
            None => text.exact,
        }
    }
}

impl From<String> for Text {
    fn from(exact: String) -> Self {
        let clean = match clean(&exact) {
            Cow::Borrowed(_) => None,
            Cow::Owned(clean) => Some(clean.into()),
        };
        Self { exact, clean }
    }
}

impl From<&str> for Text {
    fn from(exact: &str) -> Self {
        exact.to_owned().into()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.clean.as_deref().unwrap_or(&self.exact)
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.exact == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.exact == *other
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.exact.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let exact = String::deserialize(deserializer)?;
        if exact.len() > MAX_BYTES {
            return Err(D::Error::custom(format!("text longer than {MAX_BYTES} bytes")));
        }
        Ok(exact.into())
    }
}

/// Returns whether a character affects a terminal or is invisible: controls, bidirectional marks, zero-width
/// and other invisible characters.
#[must_use]
pub fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// The byte offset of the first hostile character.
#[must_use]
pub fn find_hostile(text: &str) -> Option<usize> {
    // Nearly all text is ASCII, which is faster to check by bytes.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    text.find(is_hostile)
}

/// Sanitizes text for display on one line: removes hostile characters and turns line breaks and tabs into spaces.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if find_hostile(text).is_none() {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().filter_map(|character| match character {
        '\n' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        other => (!is_hostile(other)).then_some(other),
    });
    Cow::Owned(shown.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    #[test]
    fn harmless_text_is_unchanged() {
        for text in ["", "Café Ivéta", "学食 🍜", "naïve e\u{301}", "a  b"] {
            assert!(matches!(clean(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn hostile_characters_are_removed() {
        assert_eq!(clean("\x1b[2J\x1b]0;pwned\x07Board\r\n"), "[2J]0;pwnedBoard ");
        assert_eq!(clean("a\u{202e}b\u{200b}c\u{9b}31md\u{feff}"), "abc31md");
        assert_eq!(clean("one\ttwo\u{2028}three"), "one two three");
    }

    #[test]
    fn text_displays_sanitized_and_serializes_exactly() {
        let text = Text::from("a\u{202e}b\x1b[31m");
        assert_eq!((text.to_string(), &*text), ("ab[31m".to_owned(), "ab[31m"));
        assert_eq!(serde_json::to_value(&text).unwrap(), "a\u{202e}b\x1b[31m");
        assert_eq!(serde_json::from_str::<Text>("\"a\\u202eb\\u001b[31m\"").unwrap(), text);
        assert_eq!(format!("{:>4}|", Text::from("ab")), "  ab|");
    }

    #[test]
    fn long_text_from_the_service_is_rejected() {
        let read = |length: usize| serde_json::from_value::<Text>("x".repeat(length).into());
        assert!(read(MAX_BYTES).is_ok());
        assert_eq!(read(MAX_BYTES + 1).unwrap_err().to_string(), "text longer than 1024 bytes");
    }

    proptest! {
        #[test]
        fn cleaned_text_has_no_hostile_characters(text in any::<String>()) {
            assert_eq!(find_hostile(&text), text.find(is_hostile));
            assert!(!clean(&text).contains(is_hostile));
        }
    }
}
