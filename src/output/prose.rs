//! Sentences for people: whole words in lines of the terminal's width.

/// The words of a text in lines of at most `width` characters, each behind an indent.
#[must_use]
pub fn wrapped(text: &str, indent: usize, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = " ".repeat(indent);
    for word in text.split_whitespace() {
        let begun = line.len() > indent;
        if begun && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
        } else if begun {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_and_lines_short() {
        assert_eq!(wrapped("one two  three", 2, 9), ["  one two", "  three"]);
        assert_eq!(wrapped("incomprehensibilities, all", 1, 9), [" incomprehensibilities,", " all"]);
        assert_eq!(wrapped("one two", 0, usize::MAX), ["one two"]);
        assert_eq!(wrapped("", 1, 9), [" "]);
    }
}
