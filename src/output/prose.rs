//! Wraps sentences for people to the terminal's width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Wraps a text at word boundaries to at most `width` columns, with an indent. Longer words overflow.
#[must_use]
pub fn wrapped(text: &str, indent: usize, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = " ".repeat(indent);
    for word in text.split_whitespace() {
        let begun = line.len() > indent;
        if begun && line.width().saturating_add(1 + word.width()) > width {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
        } else if begun {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// Wraps a text to at most `width` columns, breaking longer words, because nothing beyond the width would be
/// visible. An empty text gives no lines.
#[must_use]
pub fn fitted(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in wrapped(text, 0, width) {
        let mut rest = line.as_str();
        while !rest.is_empty() {
            let (line, after) = rest.split_at(fitting(rest, width));
            lines.push(line.to_owned());
            rest = after;
        }
    }
    lines
}

/// The length in bytes of the longest prefix that fits into `width` columns; at least one character.
fn fitting(text: &str, width: usize) -> usize {
    let mut used = 0;
    let too_wide = text.char_indices().find(|(at, character)| {
        used += character.width().unwrap_or(0);
        used > width && *at > 0
    });
    too_wide.map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_at_words() {
        assert_eq!(wrapped("one two  three", 2, 9), ["  one two", "  three"]);
        assert_eq!(wrapped("incomprehensibilities, all", 1, 9), [" incomprehensibilities,", " all"]);
        assert_eq!(wrapped("one two", 0, usize::MAX), ["one two"]);
        assert_eq!(wrapped("", 1, 9), [" "]);
    }

    #[test]
    fn long_words_are_broken_to_fit() {
        assert_eq!(fitted("cannot reach the service", 12), ["cannot reach", "the service"]);
        assert_eq!(fitted("学食学食 x", 5), ["学食", "学食", "x"]);
        assert_eq!(fitted("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(fitted("  ", 4), [""; 0]);
        assert_eq!(fitted("ab", 0), ["a", "b"]);
    }
}
