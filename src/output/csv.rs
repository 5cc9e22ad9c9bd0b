//! CSV that is safe to open in a spreadsheet.

use crate::model::text::clean;

/// A cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Text, possibly from the service.
    Text(Option<&'a str>),
    /// A number or a timestamp, written as it is.
    Plain(Option<String>),
}

/// The characters at which a spreadsheet may split a line, whatever separator it is set to.
const SEPARATORS: [char; 4] = [',', ';', '\t', '"'];

/// Formats rows as lines; a missing cell is empty.
#[must_use]
pub fn lines<'a>(rows: impl IntoIterator<Item = Vec<Cell<'a>>>) -> Vec<u8> {
    let mut lines = String::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                lines.push(',');
            }
            match cell {
                Cell::Text(text) => push_text(&mut lines, text.unwrap_or_default()),
                Cell::Plain(text) => lines.push_str(text.as_deref().unwrap_or_default()),
            }
        }
        lines.push('\n');
    }
    lines.into_bytes()
}

/// Appends text without hostile characters, quoted if it contains a separator. Anything that a spreadsheet
/// would take for a formula, at the start or after a separator, is prefixed with an apostrophe.
fn push_text(line: &mut String, text: &str) {
    let shown = clean(text);
    let is_quoted = shown.contains(SEPARATORS);
    if is_quoted {
        line.push('"');
    }
    for part in shown.split_inclusive(SEPARATORS) {
        if is_formula(part) {
            line.push('\'');
        }
        line.push_str(part);
        // A quote inside quotes is doubled.
        if part.ends_with('"') {
            line.push('"');
        }
    }
    if is_quoted {
        line.push('"');
    }
}

fn is_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    fn line(cells: Vec<Cell<'_>>) -> String {
        String::from_utf8(lines([cells])).unwrap()
    }

    #[test]
    fn formulas_in_text_are_disarmed_and_numbers_are_kept() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\u{202e}=1", "＝1", "\u{1b}=1"] {
            let line = line(vec![Cell::Text(Some(formula)), Cell::Plain(Some("-12.35".to_owned()))]);
            assert!(line.starts_with('\'') && line.ends_with(",-12.35\n"), "{line}");
        }
        assert_eq!(line(vec![Cell::Text(Some("a=1")), Cell::Text(None)]), "a=1,\n");
    }

    #[test]
    fn text_is_quoted_if_necessary() {
        assert_eq!(line(vec![Cell::Text(Some("Perk, \"Baskin\""))]), "\"Perk, \"\"Baskin\"\"\"\n");
        assert_eq!(line(vec![Cell::Text(Some("two\r\nlines"))]), "two lines\n");
        assert_eq!(line(vec![Cell::Text(Some("a;b"))]), "\"a;b\"\n");
    }

    #[test]
    fn formulas_after_a_separator_are_disarmed() {
        let cells = [
            ("a,=1", "\"a,'=1\"\n"),
            ("a; @x", "\"a;' @x\"\n"),
            ("a\"-1", "\"a\"\"'-1\"\n"),
            ("a\t+1", "a +1\n"),
        ];
        for (text, expected) in cells {
            assert_eq!(line(vec![Cell::Text(Some(text))]), expected);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_single_harmless_cell(text in any::<String>()) {
            let bytes = lines([vec![Cell::Text(Some(&text)), Cell::Plain(Some("1".to_owned()))]]);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
            let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            assert_eq!(records.len(), 1);
            assert!(!records[0][0].split([',', ';', '\t', '"']).any(is_formula));
            assert_eq!(&records[0][1], "1");
        }
    }
}
