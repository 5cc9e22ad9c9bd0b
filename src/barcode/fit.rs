//! Which shape of symbol scans best in the cells that there are.

use super::{
    codewords::data_codewords,
    default_shape::check_shape,
    layout::Layout,
    quality::LEAST_ROW,
    shapes::{Shapes, too_long},
    symbol::EncodeError,
};

/// The terminal cells that a barcode may take, quiet zone included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// Cells from left to right.
    pub columns: u16,
    /// Cells from top to bottom.
    pub lines: u16,
    /// Height of a cell over its width.
    pub aspect: f32,
}

impl Room {
    /// Room in cells twice as high as wide, as nearly all are.
    #[must_use]
    pub const fn new(columns: u16, lines: u16) -> Self {
        Self { columns, lines, aspect: 2.0 }
    }

    /// Aspects that are no cell's (zero, negative, not a number, absurd) count as 2.
    fn checked_aspect(self) -> f32 {
        if (0.5..=8.0).contains(&self.aspect) { self.aspect } else { 2.0 }
    }

    fn holds(self, layout: Layout) -> bool {
        layout.width() <= self.columns && layout.height() <= self.lines
    }
}

/// What the user asked for; the rest is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// Size on the ladder.
    pub size: Size,
    /// Data columns, 1 to 30.
    pub columns: Option<u8>,
    /// Error correction level, 0 to 8.
    pub level: Option<u8>,
}

/// A rung of the ladder of sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// This many steps from what scans best: below 0 fewer lines, above 0 wider modules. Steps past an end of the
    /// ladder are its end; [`Layout::step`] says where it is.
    Step(i8),
    /// The widest modules that the room has.
    Largest,
}

impl Default for Size {
    fn default() -> Self {
        Self::Step(0)
    }
}

/// The answer of [`fit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The shape to draw, never larger than the room, its quiet zone whole.
    Layout(Layout),
    /// Nothing fits; the least room beyond this one that would do.
    TooSmall {
        /// Cells from left to right.
        columns: u16,
        /// Cells from top to bottom.
        lines: u16,
    },
}

/// The shape in which `payload` scans best within `room`.
///
/// Two data columns wherever they hold the payload, then the highest level and the tallest rows that the room has, by
/// the points of `quality.rs`; modules wider than half a cell only on request.
///
/// # Errors
/// A payload that no symbol holds, or not with the columns and level wished for; columns or a level that PDF417 has not.
pub fn fit(payload: &str, room: Room, wish: Wish) -> Result<Fit, EncodeError> {
    check_shape(wish.columns, wish.level)?;
    let shapes = Shapes {
        data: data_codewords(payload)?,
        aspect: room.checked_aspect(),
        width: room.columns,
        columns: wish.columns,
        level: wish.level,
    };
    let Some(best) = shapes.best(1, |layout| room.holds(layout)) else {
        let least = shapes.least_beyond(room.lines);
        return least
            .ok_or(too_long(wish.columns, wish.level))
            .map(|layout| Fit::TooSmall { columns: layout.width(), lines: layout.height() });
    };
    let layout = match wish.size {
        Size::Step(step @ ..0) => smaller(&shapes, room, best, step),
        Size::Step(step) => larger(&shapes, room, best, step),
        Size::Largest => larger(&shapes, room, best, i8::MAX),
    };
    Ok(Fit::Layout(aligned(layout, room)))
}

/// `step` (below 0) rungs down from the best: each of fewer lines than the one before, and the best of those.
fn smaller(shapes: &Shapes, room: Room, best: Layout, step: i8) -> Layout {
    let mut at = best;
    for step in (step..0).rev() {
        let lower = |layout: Layout| room.holds(layout) && layout.height() < at.height();
        match shapes.best(1, lower) {
            Some(layout) => at = Layout { step, ..layout },
            None => break,
        }
    }
    at
}

/// `step` rungs up from the best: each with modules half a cell wider, as far as the room holds rows that scan.
fn larger(shapes: &Shapes, room: Room, best: Layout, step: i8) -> Layout {
    let mut at = best;
    for (step, module_width) in (1..=step).zip(2u8..) {
        let scans =
            |layout: Layout| room.holds(layout) && layout.row_modules(shapes.aspect) >= f32::from(LEAST_ROW);
        match shapes.best(module_width, scans) {
            Some(layout) => at = Layout { step, ..layout },
            None => break,
        }
    }
    at
}

/// Rows of whole lines begin on a line where the room has half a line to spare: no cell needs a quadrant then.
fn aligned(layout: Layout, room: Room) -> Layout {
    if layout.row_height.is_multiple_of(2) && !layout.quiet_top.is_multiple_of(2) {
        let moved = Layout { quiet_top: layout.quiet_top + 1, ..layout };
        if room.holds(moved) {
            return moved;
        }
    }
    layout
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::layout::QUIET_MODULES;
    use proptest::prelude::*;

    const DIGITS: &str = "1234567890123456789012";

    fn layout(payload: &str, room: Room, wish: Wish) -> Layout {
        match fit(payload, room, wish).unwrap() {
            Fit::Layout(layout) => layout,
            too_small @ Fit::TooSmall { .. } => panic!("{too_small:?}"),
        }
    }

    fn shape(layout: Layout) -> (u8, u8, u8, u16, u16) {
        (layout.columns, layout.level, layout.row_height, layout.width(), layout.height())
    }

    /// Columns, level, half lines a row and size for the 22 digits.
    #[test]
    fn the_digits_get_what_scans_best_in_each_room() {
        let in_lines = |lines| shape(layout(DIGITS, Room::new(120, lines), Wish::default()));
        assert_eq!(in_lines(10), (2, 2, 2, 54, 10));
        assert_eq!(in_lines(15), (2, 2, 3, 54, 15));
        assert_eq!(in_lines(16), (2, 3, 2, 54, 16));
        assert_eq!(in_lines(22), (2, 4, 2, 54, 22));
        assert_eq!(in_lines(33), (2, 4, 3, 54, 33));
        assert_eq!(in_lines(100), in_lines(33), "nor higher than a scanner sees at once");
    }

    #[test]
    fn the_ladder_steps_down_in_lines_and_up_in_width() {
        let step =
            |step| layout(DIGITS, Room::new(120, 40), Wish { size: Size::Step(step), ..Wish::default() });
        assert!(step(-1).height() < step(0).height() && step(-2).height() < step(-1).height());
        assert_eq!((step(1).width(), step(1).step), (107, 1));
        assert_eq!(step(9), step(1), "past the end is the end");
        assert_eq!(step(-100), step(i8::MIN));
        let largest = layout(DIGITS, Room::new(120, 40), Wish { size: Size::Largest, ..Wish::default() });
        assert_eq!(largest, step(1));
        let flat = layout(DIGITS, Room::new(250, 16), Wish { size: Size::Largest, ..Wish::default() });
        assert!(flat.row_modules(2.0) >= 3.0, "{flat:?}");
    }

    #[test]
    fn three_hundred_characters_fit_where_they_can() {
        let text = "The quick brown fox, 42 lazy dogs; ".repeat(9)[..300].to_owned();
        assert!(matches!(fit(&text, Room::new(80, 12), Wish::default()), Ok(Fit::TooSmall { .. })));
        assert!(layout(&text, Room::new(80, 21), Wish::default()).height() <= 21);
        assert!(layout(&text, Room::new(200, 57), Wish::default()).row_modules(2.0) >= 4.0);
    }

    #[test]
    fn a_small_room_is_told_what_is_missing() {
        let too_small = fit(DIGITS, Room::new(40, 21), Wish::default()).unwrap();
        assert_eq!(too_small, Fit::TooSmall { columns: 54, lines: 6 });
        assert!(matches!(fit(DIGITS, Room::new(0, 0), Wish::default()), Ok(Fit::TooSmall { .. })));
    }

    #[test]
    fn wishes_are_kept_or_refused() {
        let wish = Wish { columns: Some(4), level: Some(1), ..Wish::default() };
        let layout = layout(DIGITS, Room::new(100, 30), wish);
        assert_eq!((layout.columns, layout.level), (4, 1));
        let refused =
            |columns, level| fit(DIGITS, Room::new(100, 30), Wish { columns, level, ..Wish::default() });
        assert_eq!(refused(Some(0), None), Err(EncodeError::Columns(0)));
        assert_eq!(refused(None, Some(9)), Err(EncodeError::Level(9)));
        assert_eq!(refused(Some(1), Some(7)), Err(EncodeError::TooLongFor { columns: 1, level: 7 }));
    }

    #[test]
    fn rows_of_whole_lines_start_on_a_line_where_there_is_room() {
        assert_eq!(layout(DIGITS, Room::new(80, 16), Wish::default()).quiet_top, 1);
        assert_eq!(layout(DIGITS, Room::new(80, 17), Wish::default()).quiet_top, 2);
    }

    proptest! {
        #[test]
        fn never_larger_than_the_room_and_quiet_on_every_side(
            payload in "[ -~]{1,120}|[0-9]{1,60}|\\PC{1,40}",
            columns in 0u16..300,
            lines in 0u16..120,
            aspect in 1.2f32..3.0,
            size in prop_oneof![(-12i8..12).prop_map(Size::Step), Just(Size::Largest)],
        ) {
            let room = Room { columns, lines, aspect };
            match fit(&payload, room, Wish { size, ..Wish::default() }).unwrap() {
                Fit::Layout(layout) => {
                    prop_assert!(layout.width() <= columns && layout.height() <= lines);
                    prop_assert!(layout.quiet_left() >= QUIET_MODULES * u16::from(layout.module_width));
                    let quiet = f32::from(layout.quiet_top.min(layout.quiet_bottom));
                    prop_assert!(quiet * aspect / f32::from(layout.module_width) >= 1.2);
                    prop_assert!(layout.columns >= 2);
                }
                Fit::TooSmall { columns: needed_columns, lines: needed_lines } => {
                    prop_assert!(needed_columns > columns || needed_lines > lines);
                    let enough = Room { columns: needed_columns, lines: needed_lines, aspect };
                    prop_assert!(matches!(fit(&payload, enough, Wish::default()), Ok(Fit::Layout(_))));
                }
            }
        }

        #[test]
        fn odd_aspects_do_no_harm(aspect in prop::num::f32::ANY) {
            let room = Room { columns: 80, lines: 21, aspect };
            prop_assert!(fit(DIGITS, room, Wish::default()).is_ok());
        }
    }
}
