//! Where everything goes on the screen: the barcode first, in the shape that scans best, text in what it leaves.

use ratatui::layout::Rect;

use super::screen::Screen;
use crate::barcode::cells::Grid;
use crate::barcode::fit::{Fit, Room, Size, Wish, fit};
use crate::barcode::layout::Layout;
use crate::barcode::symbol::{EncodeError, Symbol};

/// What the user asked for of the barcode's shape and size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wishes {
    /// Barcode and nothing else.
    pub bare: bool,
    /// Size of the barcode.
    pub size: Size,
    /// Data columns.
    pub columns: Option<u8>,
    /// Error correction level.
    pub level: Option<u8>,
}

/// What stands in the middle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// No payload yet.
    Nothing,
    /// The barcode.
    Barcode {
        /// Its measures.
        layout: Layout,
        /// Its cells.
        grid: Grid,
    },
    /// The terminal is too small; it needs so many columns and lines.
    TooSmall(u16, u16),
    /// The payload cannot be a barcode of the shape asked for.
    Unusable(EncodeError),
}

/// A division of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Above the barcode.
    pub header: Rect,
    /// What the barcode may take.
    pub body: Rect,
    /// Below the barcode.
    pub footer: Rect,
    /// What stands in the body.
    pub subject: Subject,
}

/// Lines of text around the barcode.
#[derive(Debug, Clone, Copy)]
struct Text {
    header: u16,
    footer: u16,
}

/// The text that is given up line by line until the barcode fits; freshness is told to the last.
const DIVISIONS: [Text; 3] =
    [Text { header: 1, footer: 2 }, Text { header: 0, footer: 2 }, Text { header: 0, footer: 1 }];

impl Stage {
    /// The best division for a payload.
    #[must_use]
    pub fn plan(payload: Option<&str>, screen: Screen, wishes: Wishes) -> Self {
        let divisions = if wishes.bare { &DIVISIONS[2..] } else { &DIVISIONS[..] };
        let mut subject = Subject::Nothing;
        for text in divisions {
            let lines = screen.lines.saturating_sub(text.header + text.footer);
            subject = subject_in(payload, Room { lines, ..room(screen) }, wishes, *text);
            match &subject {
                Subject::TooSmall(..) => {}
                Subject::Barcode { layout, .. } => {
                    let text = if wishes.bare { *text } else { generous(*text, lines - layout.height()) };
                    return Self::divide(screen, text, subject);
                }
                Subject::Nothing | Subject::Unusable(_) => return Self::divide(screen, *text, subject),
            }
        }
        Self::divide(screen, DIVISIONS[2], subject)
    }

    fn divide(screen: Screen, text: Text, subject: Subject) -> Self {
        let header = text.header.min(screen.lines);
        let footer = text.footer.min(screen.lines - header);
        let body = screen.lines - header - footer;
        let strip = |y, height| Rect { x: 0, y, width: screen.columns, height };
        Self {
            header: strip(0, header),
            body: strip(header, body),
            footer: strip(header + body, footer),
            subject,
        }
    }

    /// Where the barcode stands, in the middle of the body.
    #[must_use]
    pub fn ground(&self, layout: Layout) -> Rect {
        let (width, height) = (layout.width().min(self.body.width), layout.height().min(self.body.height));
        Rect {
            x: self.body.x + (self.body.width - width) / 2,
            y: self.body.y + (self.body.height - height) / 2,
            width,
            height,
        }
    }

    /// The step of the size that is shown.
    #[must_use]
    pub fn step(&self) -> i8 {
        match &self.subject {
            Subject::Barcode { layout, .. } => layout.step,
            _ => 0,
        }
    }
}

fn room(screen: Screen) -> Room {
    Room { columns: screen.columns, lines: screen.lines, aspect: screen.aspect }
}

/// The state on a line of its own, then the balances, then air, where the barcode leaves lines over.
fn generous(text: Text, spare: u16) -> Text {
    Text {
        header: text.header + u16::from(spare >= 2) + u16::from(spare >= 4),
        footer: text.footer + u16::from(spare >= 1) + u16::from(spare >= 3),
    }
}

fn subject_in(payload: Option<&str>, room: Room, wishes: Wishes, text: Text) -> Subject {
    let Some(payload) = payload else { return Subject::Nothing };
    let wish = Wish { size: wishes.size, columns: wishes.columns, level: wishes.level };
    let layout = match fit(payload, room, wish) {
        Ok(Fit::Layout(layout)) => layout,
        Ok(Fit::TooSmall { columns, lines }) => {
            return Subject::TooSmall(columns, lines + text.header + text.footer);
        }
        Err(error) => return Subject::Unusable(error),
    };
    match Symbol::encode(payload, layout.columns, layout.level) {
        Ok(symbol) => Subject::Barcode { layout, grid: Grid::draw(&symbol, layout) },
        Err(error) => Subject::Unusable(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: &str = "1234567890123456789012";

    fn plan(columns: u16, lines: u16, wishes: Wishes) -> Stage {
        Stage::plan(Some(DIGITS), Screen::new(columns, lines), wishes)
    }

    fn lines(stage: &Stage) -> [u16; 3] {
        [stage.header.height, stage.body.height, stage.footer.height]
    }

    #[test]
    fn a_usual_terminal_shows_the_best_shape_between_three_lines_of_text() {
        let stage = plan(80, 24, Wishes::default());
        assert_eq!(lines(&stage), [1, 21, 2]);
        let Subject::Barcode { layout, .. } = stage.subject else { panic!("{:?}", stage.subject) };
        assert_eq!((layout.width(), layout.height()), (54, 21));
        assert_eq!((layout.columns, layout.level, layout.row_height), (2, 3, 3));
    }

    #[test]
    fn text_takes_what_the_barcode_leaves_and_gives_way_to_it() {
        assert_eq!(lines(&plan(80, 28, Wishes::default())), [3, 21, 4]);
        assert_eq!(lines(&plan(60, 12, Wishes::default())), [0, 10, 2]);
        assert_eq!(lines(&plan(60, 11, Wishes::default())), [0, 10, 1]);
        assert_eq!(lines(&plan(80, 24, Wishes { bare: true, ..Wishes::default() })), [0, 23, 1]);
    }

    #[test]
    fn a_small_terminal_is_told_what_would_do() {
        let Subject::TooSmall(columns, lines) = plan(40, 12, Wishes::default()).subject else { panic!() };
        assert!(matches!(plan(columns, lines, Wishes::default()).subject, Subject::Barcode { .. }));
    }

    #[test]
    fn no_size_is_impossible() {
        for (columns, lines) in [(0, 0), (1, 1), (80, 0), (0, 24), (80, 1), (u16::MAX, 2), (3, u16::MAX)] {
            for bare in [false, true] {
                let stage = plan(columns, lines, Wishes { bare, ..Wishes::default() });
                assert_eq!(stage.header.height + stage.body.height + stage.footer.height, lines);
            }
        }
    }
}
