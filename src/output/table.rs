//! Tables for people: aligned, within the terminal's width, without hostile characters.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use crate::model::text::clean;

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Words, aligned left.
    Text(&'static str),
    /// Amounts and counts, aligned right.
    Number(&'static str),
}

/// Lays out rows under their columns' titles, in at most `width` columns of a terminal.
#[must_use]
pub fn render(columns: &[Column], rows: &[Vec<String>], width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if let Some(width) = width {
        table.set_width(width);
    }
    table.set_header(columns.iter().map(|column| match column {
        Column::Text(title) | Column::Number(title) => *title,
    }));
    for row in rows {
        table.add_row(row.iter().map(|cell| clean(cell).into_owned()));
    }
    for (at, column) in columns.iter().enumerate() {
        if let (Column::Number(_), Some(column)) = (column, table.column_mut(at)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    // The style pads every cell on both sides; nothing stands left of the first and right of the last one.
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.strip_prefix(' ').unwrap_or(&line).trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 2] = [Column::Text("ACCOUNT"), Column::Number("BALANCE")];

    fn rows(cells: &[[&str; 2]]) -> Vec<Vec<String>> {
        cells.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    }

    #[test]
    fn numbers_are_aligned_right_and_wide_characters_count_double() {
        let rows = rows(&[["Board", "3 meals"], ["学食", "$12.35"]]);
        let expected = "ACCOUNT  BALANCE\nBoard    3 meals\n学食      $12.35\n";
        assert_eq!(render(&COLUMNS, &rows, None), expected);
    }

    #[test]
    fn hostile_text_is_harmless() {
        assert!(!render(&COLUMNS, &rows(&[["\x1b[31mx\r\ny", "1"]]), None).contains('\x1b'));
    }

    #[test]
    fn a_narrow_terminal_is_not_overflown() {
        let text = render(&COLUMNS, &rows(&[["A very long account name indeed", "$1,234.00"]]), Some(24));
        assert!(text.lines().all(|line| line.chars().count() <= 24), "{text}");
    }
}
