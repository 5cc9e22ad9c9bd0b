//! Tables: aligned, fitted to the terminal's width, optionally in color, without hostile characters.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width};
use unicode_width::UnicodeWidthStr;

use crate::model::text::clean;

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Text, left-aligned.
    Text(&'static str),
    /// Amounts and counts, right-aligned.
    Number(&'static str),
}

/// A cell: its text and its color.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    text: String,
    tone: Tone,
}

/// A semantic color.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    /// Titles and totals.
    Strong,
    /// Money received.
    Good,
    /// A low balance.
    Warning,
}

/// Where a table is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// The terminal's width in columns, if there is a terminal.
    pub width: Option<u16>,
    pub color: bool,
}

impl Cell {
    #[must_use]
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }

    /// The text without hostile characters, each word wrapped in the marks of its tone.
    fn marked(&self, color: bool) -> String {
        let text = clean(&self.text);
        match self.tone.mark().filter(|_| color) {
            Some(mark) => {
                text.split(' ').map(|word| format!("{mark}{word}{END}")).collect::<Vec<_>>().join(" ")
            }
            None => text.into_owned(),
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(text, Tone::Plain)
    }
}

/// Ends a tone. Marks have zero width, so they do not affect the alignment, and count as hostile characters,
/// so they cannot occur in text from the service.
const END: char = '\u{2064}';

impl Tone {
    const ALL: [Self; 3] = [Self::Strong, Self::Good, Self::Warning];

    fn mark(self) -> Option<char> {
        match self {
            Self::Plain => None,
            Self::Strong => Some('\u{2061}'),
            Self::Good => Some('\u{2062}'),
            Self::Warning => Some('\u{2063}'),
        }
    }

    fn sgr(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "\x1b[1m",
            Self::Good => "\x1b[32m",
            Self::Warning => "\x1b[1;33m",
        }
    }
}

/// Lays out rows below the column titles.
#[must_use]
pub fn render<C: Clone + Into<Cell>>(columns: &[Column], rows: &[Vec<C>], style: Style) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(columns.iter().map(|column| match column {
        Column::Text(title) | Column::Number(title) => Cell::new(*title, Tone::Strong).marked(style.color),
    }));
    for row in rows {
        table.add_row(row.iter().map(|cell| cell.clone().into().marked(style.color)));
    }
    if let Some(width) = style.width {
        table.set_width(width);
        if let Some(least) = least_widths(&table, columns, width) {
            table.set_constraints(least.into_iter().map(Width::Fixed).map(ColumnConstraint::LowerBoundary));
        }
    }
    for (at, column) in columns.iter().enumerate() {
        if let (Column::Number(_), Some(column)) = (column, table.column_mut(at)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    // The preset pads every cell on both sides; trim the padding at both ends of the line.
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(&colored(line.strip_prefix(' ').unwrap_or(&line).trim_end()));
        text.push('\n');
    }
    text
}

/// The least widths of columns, padding included, at which no word is broken and, if they fit, no number is wrapped;
/// `None` if words do not fit.
fn least_widths(table: &Table, columns: &[Column], width: u16) -> Option<Vec<u16>> {
    let longest_word = |text: &str| text.split(' ').map(UnicodeWidthStr::width).max().unwrap_or_default();
    let least = |numbers_whole: bool| -> Vec<u16> {
        let column = |(at, column)| {
            let whole = numbers_whole && matches!(column, &Column::Number(_));
            let cells = table.column_cells_with_header_iter(at).flatten().map(comfy_table::Cell::content);
            let widest = cells.map(|cell| if whole { cell.width() } else { longest_word(&cell) }).max();
            u16::try_from(widest.unwrap_or_default() + 2).unwrap_or(u16::MAX)
        };
        columns.iter().enumerate().map(column).collect()
    };
    let fits = |least: &Vec<u16>| least.iter().copied().map(u32::from).sum::<u32>() <= width.into();
    [least(true), least(false)].into_iter().find(fits)
}

/// Replaces the marks by control sequences, which are reset at the end of the line at the latest.
fn colored(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut open = false;
    for character in line.chars() {
        if let Some(tone) = Tone::ALL.into_iter().find(|tone| tone.mark() == Some(character)) {
            text.push_str(tone.sgr());
            open = true;
        } else if character == END {
            text.push_str(if open { RESET } else { "" });
            open = false;
        } else {
            text.push(character);
        }
    }
    text.push_str(if open { RESET } else { "" });
    text
}

const RESET: &str = "\x1b[0m";

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 2] = [Column::Text("ACCOUNT"), Column::Number("BALANCE")];
    const PIPE: Style = Style { width: None, color: false };

    fn rows(cells: &[[&str; 2]]) -> Vec<Vec<Cell>> {
        cells.iter().map(|row| row.map(Cell::from).to_vec()).collect()
    }

    #[test]
    fn numbers_are_aligned_right_and_wide_characters_count_double() {
        let rows = rows(&[["Board", "3 meals"], ["学食", "$12.35"]]);
        let expected = "ACCOUNT  BALANCE\nBoard    3 meals\n学食      $12.35\n";
        assert_eq!(render(&COLUMNS, &rows, PIPE), expected);
    }

    #[test]
    fn tones_are_colors_only_if_color_is_on() {
        let low = Cell::new("3 meals", Tone::Warning);
        let rows =
            vec![vec![Cell::from("Board"), low], vec![Cell::from("\u{2063}Flexi"), Cell::from("$1.00")]];
        let colored = render(&COLUMNS, &rows, Style { color: true, ..PIPE });
        let expected = "\x1b[1mACCOUNT\x1b[0m  \x1b[1mBALANCE\x1b[0m\n\
            Board    \x1b[1;33m3\x1b[0m \x1b[1;33mmeals\x1b[0m\nFlexi      $1.00\n";
        assert_eq!(colored, expected);
        let plain = render(&COLUMNS, &rows, PIPE);
        assert_eq!(plain, "ACCOUNT  BALANCE\nBoard    3 meals\nFlexi      $1.00\n");
    }

    #[test]
    fn hostile_text_is_harmless() {
        assert!(!render(&COLUMNS, &rows(&[["\x1b[31mx\r\ny", "1"]]), PIPE).contains('\x1b'));
    }

    #[test]
    fn words_are_broken_and_numbers_wrapped_only_if_they_must_be() {
        let columns = [Column::Text("WHEN"), Column::Text("PLACE"), Column::Number("AMOUNT")];
        let rows =
            vec![["2026-11-21 16:32", "Porter/Kresge Dining Hall", "-1 meal"].map(Cell::from).to_vec()];
        for width in 15..60 {
            let text = render(&columns, &rows, Style { width: Some(width), ..PIPE });
            let widest = text.lines().map(UnicodeWidthStr::width).max();
            assert!(widest.is_some_and(|widest| widest <= width.into()), "{width}: {text}");
            let words = text.contains("2026-11-21 ") && text.contains(" Porter/Kresge ");
            assert!(width < 35 || words, "{width}: {text}");
            assert!(width < 36 || text.contains(" -1 meal\n"), "{width}: {text}");
        }
    }

    #[test]
    fn a_table_fits_a_narrow_terminal() {
        let rows = rows(&[["A very long account name indeed", "$1,234.00"]]);
        let text = render(&COLUMNS, &rows, Style { width: Some(24), ..PIPE });
        assert!(text.lines().all(|line| line.chars().count() <= 24), "{text}");
    }
}
