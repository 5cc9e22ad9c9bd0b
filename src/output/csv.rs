//! CSV that a spreadsheet shows and does not run.

use std::borrow::Cow;

use csv::{Terminator, WriterBuilder};

use crate::error::{Cause, Error, Result};
use crate::model::text::clean;

/// A cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Words, perhaps the service's.
    Text(Option<&'a str>),
    /// A number or a time: written as it is.
    Plain(Option<String>),
}

/// Rows as lines; a cell that is missing is empty.
///
/// # Errors
/// `internal_error` when the rows differ in length.
pub fn lines<'a>(rows: impl IntoIterator<Item = Vec<Cell<'a>>>) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(Vec::new());
    let failed =
        |error: &dyn std::fmt::Display| Error::new(Cause::Unexpected, format!("cannot write CSV: {error}"));
    for row in rows {
        let cells = row.into_iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text.unwrap_or_default()),
            Cell::Plain(text) => Cow::Owned(text.unwrap_or_default()),
        });
        writer
            .write_record(cells.map(|cell| cell.into_owned().into_bytes()))
            .map_err(|error| failed(&error))?;
    }
    writer.into_inner().map_err(|error| failed(&error.error()))
}

/// Text without hostile characters; what a spreadsheet would take for a formula is marked as text.
fn harmless(text: &str) -> Cow<'_, str> {
    let shown = clean(text);
    let first = shown.trim_start().chars().next();
    let runs = first.is_some_and(|first| matches!(first, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
    if runs { Cow::Owned(format!("'{shown}")) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    fn line(cells: Vec<Cell<'_>>) -> String {
        String::from_utf8(lines([cells]).unwrap()).unwrap()
    }

    #[test]
    fn formulas_in_text_become_text_and_numbers_stay_numbers() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\u{202e}=1", "＝1", "\u{1b}=1"] {
            let line = line(vec![Cell::Text(Some(formula)), Cell::Plain(Some("-12.35".to_owned()))]);
            assert!(line.starts_with('\'') && line.ends_with(",-12.35\n"), "{line}");
        }
        assert_eq!(line(vec![Cell::Text(Some("a=1")), Cell::Text(None)]), "a=1,\n");
    }

    #[test]
    fn text_is_quoted_where_it_must_be() {
        assert_eq!(line(vec![Cell::Text(Some("Perk, \"Baskin\""))]), "\"Perk, \"\"Baskin\"\"\"\n");
        assert_eq!(line(vec![Cell::Text(Some("two\r\nlines"))]), "two lines\n");
    }

    proptest! {
        #[test]
        fn every_text_is_one_harmless_cell(text in any::<String>()) {
            let bytes = lines([vec![Cell::Text(Some(&text)), Cell::Plain(Some("1".to_owned()))]]).unwrap();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
            let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            assert_eq!(records.len(), 1);
            assert!(!records[0][0].trim_start().starts_with(['=', '+', '-', '@']));
            assert_eq!(&records[0][1], "1");
        }
    }
}
