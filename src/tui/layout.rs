//! Where everything goes on the screen: the barcode first, in the shape that scans best, text in what it leaves.

use ratatui::layout::Rect;

use crate::barcode::bitmap::Bitmap;
use crate::barcode::cells::Grid;
use crate::barcode::encode_error::EncodeError;
use crate::barcode::fit::{CellArea, Fit, Size, fit};
use crate::barcode::geometry::Layout;
use crate::barcode::pixels::{self, Canvas, PixelFit, PixelLayout};
use crate::barcode::shape::ShapeOptions;
use crate::barcode::symbol::Symbol;
use crate::terminal::screen::Screen;

/// What the user asked for of the barcode's shape and size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wishes {
    /// Barcode and nothing else.
    pub bare: bool,
    /// Size of the barcode.
    pub size: Size,
    /// Its shape.
    pub shape: ShapeOptions,
    /// A picture in place of cells, where the size of a cell is known.
    pub pixels: bool,
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
    /// The barcode in pixels.
    Picture {
        /// Its measures.
        layout: PixelLayout,
        /// Its pixels.
        bitmap: Bitmap,
        /// Columns and lines of the cells that it touches.
        cells: (u16, u16),
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

/// How good a barcode must be for a division of the screen: error correction level, height of a row in modules.
type Demand = (u8, f32);

impl Text {
    /// Lines that are left for the barcode.
    fn leaves(self, screen: Screen) -> u16 {
        screen.lines.saturating_sub(self.header + self.footer)
    }
}

impl Subject {
    /// Columns and lines that the barcode takes.
    fn size(&self) -> Option<(u16, u16)> {
        match self {
            Self::Barcode { layout, .. } => Some((layout.width(), layout.height())),
            Self::Picture { cells, .. } => Some(*cells),
            Self::Nothing | Self::TooSmall(..) | Self::Unusable(_) => None,
        }
    }

    fn fits(&self) -> bool {
        !matches!(self, Self::TooSmall(..))
    }

    fn meets(&self, (least_level, least_row): Demand, aspect: f32) -> bool {
        match self {
            Self::Barcode { layout, .. } => {
                layout.shape.level >= least_level && layout.row_modules(aspect) >= least_row
            }
            Self::Picture { layout: PixelLayout { shape, scale, .. }, .. } => {
                shape.level >= least_level && f32::from(scale.row) >= least_row * f32::from(scale.module)
            }
            Self::Nothing | Self::Unusable(_) => true,
            Self::TooSmall(..) => false,
        }
    }
}

/// The text that is given up line by line until the barcode scans well: the keys, then the balances, and freshness
/// never.
const DIVISIONS: [Text; 3] =
    [Text { header: 1, footer: 2 }, Text { header: 1, footer: 1 }, Text { header: 0, footer: 1 }];
/// What is worth the line of the keys, and what is worth any line but the last (benches/scan).
const DEMANDS: [(Demand, usize); 2] = [((2, 6.0), 2), ((2, 3.0), 3)];

impl Stage {
    /// The best division for a payload.
    #[must_use]
    pub fn plan(payload: Option<&str>, screen: Screen, wishes: Wishes) -> Self {
        let divisions = if wishes.bare { &DIVISIONS[2..] } else { &DIVISIONS[..] };
        let plans: Vec<(Text, Subject)> =
            divisions.iter().map(|text| (*text, subject_in(payload, screen, wishes, *text))).collect();
        let meeting = |(demand, divisions): (Demand, usize)| {
            plans.iter().take(divisions).position(|(_, subject)| subject.meets(demand, screen.aspect()))
        };
        let best = DEMANDS
            .into_iter()
            .find_map(meeting)
            .or_else(|| plans.iter().position(|(_, subject)| subject.fits()));
        let best = best.unwrap_or(plans.len() - 1);
        let (text, subject) = plans.into_iter().nth(best).unwrap_or((DIVISIONS[2], Subject::Nothing));
        let text = match subject.size() {
            Some((_, lines)) if !wishes.bare => generous(text, text.leaves(screen) - lines),
            None if !wishes.bare => DIVISIONS[0],
            _ => text,
        };
        Self::divide(screen, text, subject)
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
    pub fn ground(&self) -> Option<Rect> {
        let (width, height) = self.subject.size()?;
        let (width, height) = (width.min(self.body.width), height.min(self.body.height));
        Some(Rect {
            x: self.body.x + (self.body.width - width) / 2,
            y: self.body.y + (self.body.height - height) / 2,
            width,
            height,
        })
    }

    /// The step of the size that is shown.
    #[must_use]
    pub fn step(&self) -> i8 {
        match &self.subject {
            Subject::Barcode { layout, .. } => layout.step,
            Subject::Picture { layout, .. } => layout.step,
            Subject::Nothing | Subject::TooSmall(..) | Subject::Unusable(_) => 0,
        }
    }
}

/// The state on a line of its own, then the balances, then air, where the barcode leaves lines over.
fn generous(text: Text, spare: u16) -> Text {
    Text {
        header: text.header + u16::from(spare >= 2) + u16::from(spare >= 4),
        footer: text.footer + u16::from(spare >= 1) + u16::from(spare >= 3),
    }
}

fn subject_in(payload: Option<&str>, screen: Screen, wishes: Wishes, text: Text) -> Subject {
    let Some(payload) = payload else { return Subject::Nothing };
    let (columns, lines) = (screen.columns, text.leaves(screen));
    let area = CellArea { aspect: screen.aspect(), ..CellArea::new(columns, lines) };
    let subject = match screen.cell.filter(|_| wishes.pixels) {
        Some((cell_width, cell_height)) => {
            picture(payload, Canvas { columns, lines, cell_width, cell_height }, wishes)
        }
        None => barcode(payload, area, wishes),
    };
    match subject {
        Ok(Subject::TooSmall(columns, lines)) => {
            Subject::TooSmall(columns, lines + text.header + text.footer)
        }
        Ok(subject) => subject,
        Err(error) => Subject::Unusable(error),
    }
}

fn barcode(payload: &str, area: CellArea, wishes: Wishes) -> Result<Subject, EncodeError> {
    Ok(match fit(payload, area, wishes.shape, wishes.size)? {
        Fit::TooSmall { columns, lines } => Subject::TooSmall(columns, lines),
        Fit::Layout(layout) => {
            let symbol = Symbol::encode(payload, layout.shape.columns, layout.shape.level)?;
            Subject::Barcode { layout, grid: Grid::draw(&symbol, layout) }
        }
    })
}

fn picture(payload: &str, canvas: Canvas, wishes: Wishes) -> Result<Subject, EncodeError> {
    Ok(match pixels::fit(payload, canvas, wishes.shape, wishes.size)? {
        PixelFit::TooSmall { columns, lines } => Subject::TooSmall(columns, lines),
        PixelFit::Layout(layout) => {
            let symbol = Symbol::encode(payload, layout.shape.columns, layout.shape.level)?;
            let bitmap = Bitmap::draw(&symbol, layout.scale);
            Subject::Picture { layout, bitmap, cells: canvas.cells(layout.size()) }
        }
    })
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
    fn a_usual_terminal_shows_the_best_shape_between_two_lines_of_text() {
        let stage = plan(80, 24, Wishes::default());
        assert_eq!(lines(&stage), [1, 20, 3]);
        let Subject::Barcode { layout, .. } = stage.subject else { panic!("{:?}", stage.subject) };
        assert_eq!((layout.width(), layout.height()), (54, 20));
        assert_eq!((layout.shape.columns, layout.shape.level, layout.row_lines), (2, 2, 2));
    }

    #[test]
    fn text_takes_what_the_barcode_leaves_and_gives_way_to_it() {
        assert_eq!(lines(&plan(80, 28, Wishes::default())), [3, 21, 4]);
        assert_eq!(lines(&plan(60, 13, Wishes::default())), [1, 11, 1]);
        assert_eq!(lines(&plan(60, 12, Wishes::default())), [0, 11, 1]);
        assert_eq!(lines(&plan(80, 24, Wishes { bare: true, ..Wishes::default() })), [0, 23, 1]);
    }

    #[test]
    fn a_small_terminal_is_told_what_would_do() {
        let Subject::TooSmall(columns, lines) = plan(40, 12, Wishes::default()).subject else { panic!() };
        assert!(matches!(plan(columns, lines, Wishes::default()).subject, Subject::Barcode { .. }));
    }

    #[test]
    fn pixels_are_drawn_within_the_cells_that_they_touch() {
        let screen = Screen { cell: Some((9, 18)), ..Screen::new(80, 24) };
        let stage = Stage::plan(Some(DIGITS), screen, Wishes { pixels: true, ..Wishes::default() });
        let (ground, Subject::Picture { bitmap, .. }) = (stage.ground().unwrap(), &stage.subject) else {
            panic!("{:?}", stage.subject)
        };
        assert!(bitmap.width() <= usize::from(ground.width) * 9);
        assert!(bitmap.height() <= usize::from(ground.height) * 18);
        assert!(ground.bottom() < 24 && ground.right() <= 80);
        // Without the size of a cell there is no telling.
        let blind =
            Stage::plan(Some(DIGITS), Screen::new(80, 24), Wishes { pixels: true, ..Wishes::default() });
        assert!(matches!(blind.subject, Subject::Barcode { .. }));
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
