//! Chooses the shape of a symbol that scans best in the available terminal cells.

use super::encode_error::EncodeError;
use super::geometry::{Layout, quiet_lines, row_modules};
use super::quality;
use super::shape::ShapeOptions;

/// The terminal cells available for a barcode, including its quiet zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellArea {
    /// The number of columns.
    pub columns: u16,
    /// The number of lines.
    pub lines: u16,
    /// The height of a cell divided by its width.
    pub aspect: f32,
    /// What the cells can show.
    pub glyphs: Glyphs,
}

/// The glyphs that the terminal's font can draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// Spaces and `▌`: modules in units of half a cell.
    #[default]
    HalfBlock,
    /// Spaces only, for fonts without block elements: modules in units of a whole cell, which needs at least
    /// 107 columns.
    SpacesOnly,
}

impl Glyphs {
    /// The unit of module widths, in half cells.
    fn module_unit(self) -> u8 {
        match self {
            Self::HalfBlock => 1,
            Self::SpacesOnly => 2,
        }
    }
}

impl CellArea {
    /// An area with cells twice as high as wide, as nearly all are, and a font with `▌`.
    #[must_use]
    pub const fn new(columns: u16, lines: u16) -> Self {
        Self { columns, lines, aspect: 2.0, glyphs: Glyphs::HalfBlock }
    }

    /// The aspect; an implausible one (zero, negative, NaN, absurd) counts as 2.
    fn checked_aspect(self) -> f32 {
        if (0.5..=8.0).contains(&self.aspect) { self.aspect } else { 2.0 }
    }

    fn holds(self, layout: Layout) -> bool {
        layout.width() <= self.columns && layout.height() <= self.lines
    }
}

/// A barcode size relative to the best one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// This many steps from the size that scans best: fewer lines below 0, wider modules above. Steps beyond
    /// the last possible size are clamped; [`Layout::step`] is the actual step.
    Step(i8),
    /// The widest modules that fit.
    Largest,
}

impl Default for Size {
    fn default() -> Self {
        Self::Step(0)
    }
}

/// The result of [`fit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The layout to draw; it fits the area, including its quiet zone.
    Layout(Layout),
    /// Nothing fits; this is the closest area that would do.
    TooSmall {
        /// The number of columns.
        columns: u16,
        /// The number of lines.
        lines: u16,
    },
}

/// Finds the layout in which `payload` scans best within `area`, by the score of `quality.rs`.
///
/// Modules are as narrow as the glyphs allow unless a larger size is requested.
///
/// # Errors
/// If no symbol with these options can hold the payload, or PDF417 does not have these columns or this level.
pub fn fit(payload: &str, area: CellArea, options: ShapeOptions, size: Size) -> Result<Fit, EncodeError> {
    let data = options.data_codewords(payload)?;
    let layouts = Layouts { data, area, options, aspect: area.checked_aspect() };
    let Some(best) = layouts.best(layouts.module_width(0), |_| true) else {
        let smallest = layouts.smallest_beyond();
        return smallest
            .ok_or(options.too_long())
            .map(|layout| Fit::TooSmall { columns: layout.width(), lines: layout.height() });
    };
    Ok(Fit::Layout(match size {
        Size::Step(step @ ..0) => layouts.smaller(best, step),
        Size::Step(step) => layouts.larger(best, step),
        Size::Largest => layouts.larger(best, i8::MAX),
    }))
}

/// The possible layouts of one payload.
struct Layouts {
    data: usize,
    area: CellArea,
    options: ShapeOptions,
    aspect: f32,
}

impl Layouts {
    /// The width of a module `step` steps up, in half cells.
    fn module_width(&self, step: u8) -> u8 {
        self.area.glyphs.module_unit().saturating_mul(step.saturating_add(1))
    }

    /// All layouts with modules of this width, from narrow to wide.
    fn all(&self, module_width: u8) -> impl Iterator<Item = Layout> {
        let aspect = self.aspect;
        let quiet_lines = quiet_lines(module_width, aspect);
        let row_modules = move |lines| row_modules(module_width, lines, aspect);
        let lowest = (1..u8::MAX).find(|lines| row_modules(*lines) >= quality::MIN_ROW).unwrap_or(u8::MAX);
        let heights = (lowest..=u8::MAX)
            .take_while(move |lines| *lines == lowest || row_modules(*lines) <= f32::from(quality::MAX_ROW));
        self.options.shapes(self.data).flat_map(move |shape| {
            heights.clone().map(move |row_lines| Layout {
                shape,
                module_width,
                row_lines,
                quiet_lines,
                step: 0,
            })
        })
    }

    /// The best layout with modules of this width that fits the area and passes `filter`.
    fn best(&self, module_width: u8, filter: impl Fn(Layout) -> bool) -> Option<Layout> {
        let fitting = self
            .all(module_width)
            .take_while(|layout| layout.width() <= self.area.columns)
            .filter(|layout| self.area.holds(*layout) && filter(*layout));
        quality::best(fitting, |layout| {
            quality::points(layout.shape, self.data, layout.row_modules(self.aspect))
        })
    }

    /// The layout that exceeds the area least; a missing line counts as two missing columns.
    fn smallest_beyond(&self) -> Option<Layout> {
        self.all(self.module_width(0)).min_by_key(|layout| {
            let columns = layout.width().saturating_sub(self.area.columns);
            let lines = layout.height().saturating_sub(self.area.lines);
            u32::from(columns) + 2 * u32::from(lines)
        })
    }

    /// Goes `step` (below 0) steps down from `best`; each step is the best layout with fewer lines than the
    /// one before.
    fn smaller(&self, best: Layout, step: i8) -> Layout {
        let mut at = best;
        for step in (step..0).rev() {
            match self.best(self.module_width(0), |layout| layout.height() < at.height()) {
                Some(layout) => at = Layout { step, ..layout },
                None => break,
            }
        }
        at
    }

    /// Goes `step` steps up from `best`; each step has wider modules, as long as the area holds rows that scan.
    fn larger(&self, best: Layout, step: i8) -> Layout {
        let mut at = best;
        for (step, steps) in (1..=step).zip(1u8..) {
            let scans = |layout: Layout| layout.row_modules(self.aspect) >= f32::from(quality::STANDARD_ROW);
            match self.best(self.module_width(steps), scans) {
                Some(layout) => at = Layout { step, ..layout },
                None => break,
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::cells::{Cell, Grid, Shade};
    use crate::barcode::symbol::Symbol;
    use proptest::prelude::*;

    const DIGITS: &str = "1234567890123456789012";
    const ANY: ShapeOptions = ShapeOptions { columns: None, level: None };

    fn layout(payload: &str, area: CellArea, size: Size) -> Layout {
        match fit(payload, area, ANY, size).unwrap() {
            Fit::Layout(layout) => layout,
            too_small @ Fit::TooSmall { .. } => panic!("{too_small:?}"),
        }
    }

    fn spaces_only(columns: u16, lines: u16) -> CellArea {
        CellArea { glyphs: Glyphs::SpacesOnly, ..CellArea::new(columns, lines) }
    }

    /// Columns, level, lines per row and size for 22 digits.
    #[test]
    fn the_best_shape_for_twenty_two_digits_in_each_area() {
        let at = |columns, lines| {
            let layout = layout(DIGITS, CellArea::new(columns, lines), Size::default());
            (layout.shape.columns, layout.shape.level, layout.row_lines, layout.width(), layout.height())
        };
        assert_eq!(at(60, 11), (2, 2, 1, 54, 11));
        assert_eq!(at(80, 20), (2, 2, 2, 54, 20));
        assert_eq!(at(200, 20), at(80, 20), "more columns are no better");
        assert_eq!(at(80, 28), at(80, 20));
        assert_eq!(at(120, 29), (2, 2, 3, 54, 29));
        assert_eq!(at(250, 100), at(120, 29), "nor higher than a scanner sees at once");
    }

    #[test]
    fn the_ladder_steps_down_in_lines_and_up_in_width() {
        let step = |step| layout(DIGITS, CellArea::new(120, 40), Size::Step(step));
        assert!(step(-1).height() < step(0).height() && step(-2).height() < step(-1).height());
        assert_eq!((step(1).width(), step(1).step), (107, 1));
        assert_eq!(step(9), step(1), "past the end is the end");
        assert_eq!(step(-100), step(i8::MIN));
        assert_eq!(layout(DIGITS, CellArea::new(120, 40), Size::Largest), step(1));
        let flat = layout(DIGITS, CellArea::new(250, 16), Size::Largest);
        assert!(flat.row_modules(2.0) >= 3.0, "{flat:?}");
    }

    #[test]
    fn spaces_only_uses_whole_cell_modules() {
        let layout = layout(DIGITS, spaces_only(107, 21), Size::default());
        assert_eq!((layout.module_width, layout.width(), layout.height()), (2, 107, 20));
        let too_small = fit(DIGITS, spaces_only(106, 60), ANY, Size::default()).unwrap();
        assert_eq!(too_small, Fit::TooSmall { columns: 107, lines: 20 });
    }

    #[test]
    fn long_payloads_fit_large_areas() {
        let text = "The quick brown fox, 42 lazy dogs; ".repeat(9)[..300].to_owned();
        assert!(matches!(fit(&text, CellArea::new(80, 12), ANY, Size::default()), Ok(Fit::TooSmall { .. })));
        assert!(layout(&text, CellArea::new(150, 21), Size::default()).height() <= 21);
        assert!(layout(&text, CellArea::new(200, 57), Size::default()).row_modules(2.0) >= 4.0);
    }

    #[test]
    fn a_small_area_gets_the_size_it_would_need() {
        let too_small = |columns, lines| fit(DIGITS, CellArea::new(columns, lines), ANY, Size::default());
        assert_eq!(too_small(40, 21), Ok(Fit::TooSmall { columns: 54, lines: 11 }));
        assert!(matches!(too_small(0, 0), Ok(Fit::TooSmall { .. })));
    }

    #[test]
    fn options_are_respected_or_refused() {
        let fit = |columns, level| {
            fit(DIGITS, CellArea::new(100, 30), ShapeOptions { columns, level }, Size::default())
        };
        let Ok(Fit::Layout(layout)) = fit(Some(4), Some(1)) else { panic!() };
        assert_eq!((layout.shape.columns, layout.shape.level), (4, 1));
        assert_eq!(fit(Some(0), None), Err(EncodeError::Columns(0)));
        assert_eq!(fit(None, Some(9)), Err(EncodeError::Level(9)));
        assert_eq!(fit(Some(1), Some(7)), Err(EncodeError::TooLongFor { columns: 1, level: 7 }));
    }

    /// Whether the grid only uses glyphs that the font has.
    fn is_drawable(grid: &Grid, glyphs: Glyphs) -> bool {
        grid.lines()
            .flatten()
            .all(|cell| cell.glyph == ' ' || (cell.glyph == '▌' && glyphs == Glyphs::HalfBlock))
    }

    #[test]
    fn every_terminal_gets_half_blocks_and_spaces_only() {
        for (payload, glyphs) in [
            (DIGITS, Glyphs::HalfBlock),
            (DIGITS, Glyphs::SpacesOnly),
            ("Grüße, 学生 🎓, card 42", Glyphs::HalfBlock),
        ] {
            let mut drawn: Vec<Layout> = Vec::new();
            for (columns, lines) in (20..=250).flat_map(|columns| (8..=80).map(move |lines| (columns, lines)))
            {
                let area = CellArea { glyphs, ..CellArea::new(columns, lines) };
                match fit(payload, area, ANY, Size::default()).unwrap() {
                    Fit::Layout(layout) if !drawn.contains(&layout) => drawn.push(layout),
                    _ => {}
                }
            }
            assert!(!drawn.is_empty());
            for layout in drawn {
                let symbol = Symbol::encode(payload, layout.shape.columns, layout.shape.level).unwrap();
                assert!(is_drawable(&Grid::draw(&symbol, layout), glyphs), "{layout:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn layouts_fit_the_area_with_a_quiet_zone(
            payload in "[ -~]{1,120}|[0-9]{1,60}|\\PC{1,40}",
            columns in 0u16..300,
            lines in 0u16..120,
            aspect in 1.2f32..3.0,
            glyphs in prop_oneof![Just(Glyphs::HalfBlock), Just(Glyphs::SpacesOnly)],
            size in prop_oneof![(-12i8..12).prop_map(Size::Step), Just(Size::Largest)],
        ) {
            let area = CellArea { columns, lines, aspect, glyphs };
            match fit(&payload, area, ANY, size).unwrap() {
                Fit::Layout(layout) => {
                    prop_assert!(layout.width() <= columns && layout.height() <= lines);
                    prop_assert!(layout.shape.columns >= 2);
                    let grid = Grid::draw(&Symbol::encode(&payload, layout.shape.columns, layout.shape.level).unwrap(), layout);
                    prop_assert!(is_drawable(&grid, glyphs));
                    let cells: Vec<_> = grid.lines().collect();
                    let is_white = |cell: &Cell| cell.glyph == ' ' && cell.bg == Shade::White;
                    // A module as wide as a whole cell is two half cells wide.
                    let (quiet, left) = (usize::from(layout.quiet_lines), usize::from(layout.module_width));
                    prop_assert!(f32::from(layout.quiet_lines) * layout.row_modules(aspect) / f32::from(layout.row_lines) >= 1.7);
                    for (number, line) in cells.iter().enumerate() {
                        let outside = number < quiet || number >= cells.len() - quiet;
                        prop_assert!(line[..left].iter().all(is_white) && line[line.len() - left..].iter().all(is_white));
                        prop_assert_eq!(line.iter().all(is_white), outside);
                    }
                }
                Fit::TooSmall { columns: needed_columns, lines: needed_lines } => {
                    prop_assert!(needed_columns > columns || needed_lines > lines);
                    let enough = CellArea { columns: needed_columns, lines: needed_lines, ..area };
                    prop_assert!(matches!(fit(&payload, enough, ANY, Size::default()), Ok(Fit::Layout(_))));
                }
            }
        }

        #[test]
        fn odd_aspects_are_harmless(aspect in prop::num::f32::ANY) {
            let area = CellArea { aspect, ..CellArea::new(80, 21) };
            prop_assert!(fit(DIGITS, area, ANY, Size::default()).is_ok());
        }
    }
}
