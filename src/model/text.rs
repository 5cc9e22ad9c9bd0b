//! Text of the service is hostile: which characters never reach a terminal.

use std::borrow::Cow;

/// Whether a character acts on a terminal or hides from its reader instead of showing something:
/// controls, bidirectional marks, zero-width and other invisible characters.
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

/// Where the first hostile character stands, in bytes.
#[must_use]
pub fn find_hostile(text: &str) -> Option<usize> {
    // Nearly all text is plain, which its bytes tell sooner than its characters.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    text.find(is_hostile)
}

/// The text as it may be shown on one line: hostile characters removed, line ends and tabs as spaces.
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
    fn harmless_text_is_kept_as_it_is() {
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

    proptest! {
        #[test]
        fn nothing_hostile_is_left(text in any::<String>()) {
            assert_eq!(find_hostile(&text), text.find(is_hostile));
            assert!(!clean(&text).contains(is_hostile));
        }
    }
}
