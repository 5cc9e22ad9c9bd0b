//! Escapes text for XML documents.

/// Escapes text for an XML 1.0 element or attribute. Characters that XML does not allow (controls, U+FFFE and
/// U+FFFF) become U+FFFD, because no escape makes them legal; line breaks and tabs become spaces.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            control if control.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_is_escaped_and_text_is_kept() {
        assert_eq!(escaped("a<b & \"c\" 'd' é 学"), "a&lt;b &amp; &quot;c&quot; &apos;d&apos; é 学");
    }

    #[test]
    fn characters_that_xml_does_not_allow_are_replaced() {
        assert_eq!(
            escaped("\0a\u{1b}\u{fffe}\u{ffff}\u{85}\t\n"),
            "\u{fffd}a\u{fffd}\u{fffd}\u{fffd}\u{fffd}  "
        );
    }

    proptest! {
        #[test]
        fn escaped_text_has_no_illegal_characters(text in any::<String>()) {
            let legal = |c: char| matches!(c, ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
            let escaped = escaped(&text);
            prop_assert!(escaped.chars().all(|c| legal(c) && !"<>\"'".contains(c)));
            prop_assert_eq!(escaped.chars().filter(|c| *c == '&').count(), escaped.chars().filter(|c| *c == ';').count()
                - text.chars().filter(|c| *c == ';').count());
        }
    }
}
