//! Payload → the bytes of a barcode in the form asked for.

use zeroize::Zeroizing;

use super::BarcodeFormat;
use crate::barcode::bitmap::{Bitmap, Scale};
use crate::barcode::cells::{Depth, Grid};
use crate::barcode::fit::{Fit, Room, Wish, fit};
use crate::barcode::layout::Layout;
use crate::barcode::symbol::{EncodeError, Symbol};
use crate::barcode::{ansi, png, svg};
use crate::error::{Cause, Error, Result};
use crate::secret::Payload;
use crate::terminal::color;
use crate::terminal::ui::Ui;

/// Pixels of a module in a PNG, and the height of a row in modules.
const PNG_SCALE: (u16, u16) = (4, 4);

/// The room that is taken where there is no terminal.
const PAPER: Room = Room::new(80, 23);

/// What the user wants of the symbol's shape; the rest is chosen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shape {
    /// Data columns.
    pub columns: Option<u8>,
    /// Error correction level.
    pub level: Option<u8>,
}

/// How text is colored, and the room that it has.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    depth: Option<Depth>,
    /// `None` where there is no terminal.
    room: Option<Room>,
}

impl Look {
    /// As standard output takes it: with its colors in a pipe as well, since a barcode without them is inverted
    /// on dark themes.
    #[must_use]
    pub fn of(ui: &Ui) -> Self {
        let room = ui.is_terminal().then(|| crossterm::terminal::size().ok()).flatten();
        let room = room.filter(|(columns, lines)| *columns > 0 && *lines > 1);
        let depth = match room {
            Some(_) if ui.is_dumb() => None,
            Some(_) => Some(color::of_terminal()),
            None => Some(Depth::TrueColor),
        };
        Self {
            depth: depth.filter(|_| !ui.refuses_color()),
            // The prompt comes back on the last line.
            room: room.map(|(columns, lines)| Room::new(columns, lines - 1)),
        }
    }

    /// As a file takes it.
    #[must_use]
    pub fn of_file() -> Self {
        Self { depth: Some(Depth::TrueColor), room: None }
    }
}

/// Renders a payload.
///
/// # Errors
/// `internal_error` for a payload that no barcode holds; `validation_error` for a shape or a terminal that it does
/// not fit.
pub fn render(
    payload: &Payload,
    format: BarcodeFormat,
    shape: Shape,
    look: Look,
) -> Result<Zeroizing<Vec<u8>>> {
    let bytes = match format {
        BarcodeFormat::Text => text(payload, shape, look)?.into_bytes(),
        BarcodeFormat::Svg => svg::svg(&symbol(payload, shape)?).into_bytes(),
        BarcodeFormat::Png => {
            let bitmap = Bitmap::draw(&symbol(payload, shape)?, Scale::of_modules(PNG_SCALE.0, PNG_SCALE.1));
            png::png(&bitmap)
                .map_err(|error| Error::new(Cause::Unexpected, format!("cannot draw a PNG: {error}")))?
        }
        BarcodeFormat::Payload => format!("{}\n", payload.expose()).into_bytes(),
    };
    Ok(Zeroizing::new(bytes))
}

/// The symbol of a payload, for no room in particular.
///
/// # Errors
/// As [`render`].
pub fn symbol(payload: &Payload, shape: Shape) -> Result<Symbol> {
    Symbol::auto(payload.expose(), shape.columns, shape.level).map_err(unusable)
}

fn text(payload: &Payload, shape: Shape, look: Look) -> Result<String> {
    let layout = layout(payload, shape, look.room)?;
    let symbol = Symbol::encode(payload.expose(), layout.columns, layout.level).map_err(unusable)?;
    let grid = Grid::draw(&symbol, layout);
    Ok(match look.depth {
        Some(depth) => ansi::coloured(&grid, depth),
        None => ansi::ink(&grid),
    })
}

/// The layout that scans best in the terminal. A barcode that is higher scrolls; one that is wider would be torn.
fn layout(payload: &Payload, shape: Shape, terminal: Option<Room>) -> Result<Layout> {
    let wish = Wish { columns: shape.columns, level: shape.level, ..Wish::default() };
    let mut room = terminal.unwrap_or(PAPER);
    loop {
        match fit(payload.expose(), room, wish).map_err(unusable)? {
            Fit::Layout(layout) => return Ok(layout),
            Fit::TooSmall { columns, lines } if terminal.is_some() && columns > room.columns => {
                return Err(Error::new(
                    Cause::TerminalTooSmall,
                    format!(
                        "the barcode needs {columns} columns × {lines} rows, this terminal has {} × {}",
                        room.columns, room.lines
                    ),
                )
                .hint("enlarge the terminal, or run: getcard barcode --output code.png"));
            }
            Fit::TooSmall { columns, lines } => {
                room = Room { columns: columns.max(room.columns), lines: lines.max(room.lines), ..room };
            }
        }
    }
}

/// The error for a payload that has no symbol, or not in the shape asked for.
pub fn unusable(error: EncodeError) -> Error {
    match error {
        EncodeError::TooLongFor { .. } | EncodeError::Columns(_) | EncodeError::Level(_) => {
            Error::new(Cause::Shape, error.to_string()).hint("leave --columns and --ec-level to getcard")
        }
        EncodeError::Empty | EncodeError::TooLong | EncodeError::Unencodable => {
            Error::new(Cause::UnusablePayload, format!("unusable payload: {error}")).hint(
                "try again in a moment; if it stays, ask the card office whether this card has a barcode",
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Category;

    const PIPE: Look = Look { depth: Some(Depth::TrueColor), room: None };

    fn payload(text: &str) -> Payload {
        Payload::new(Zeroizing::new(text.to_owned()))
    }

    fn lines(text: &str, look: Look) -> usize {
        let bytes = render(&payload(text), BarcodeFormat::Text, Shape::default(), look).unwrap();
        std::str::from_utf8(&bytes).unwrap().lines().count()
    }

    #[test]
    fn text_fits_its_terminal_and_a_page_without_one() {
        let digits = "1234567890123456789012";
        assert!(lines(digits, PIPE) <= 23);
        let terminal = Look { room: Some(Room::new(60, 15)), ..PIPE };
        assert!(lines(digits, terminal) <= 15);
        assert!(lines(&"7".repeat(1200), PIPE) > 23, "a long payload is printed in full");
    }

    #[test]
    fn a_terminal_that_is_too_narrow_is_told_its_need() {
        let look = Look { room: Some(Room::new(40, 50)), ..PIPE };
        let digits = payload("1234567890123456789012");
        let error = render(&digits, BarcodeFormat::Text, Shape::default(), look).unwrap_err();
        assert_eq!(error.category(), Some(Category::Validation));
        assert!(error.to_string().contains("this terminal has 40 × 50"), "{error}");
    }

    #[test]
    fn unusable_payloads_are_the_services_fault_and_shapes_the_users() {
        let category = |text: &str, shape| symbol(&payload(text), shape).unwrap_err().category();
        assert_eq!(category("", Shape::default()), Some(Category::Internal));
        assert_eq!(category(&"x".repeat(5000), Shape::default()), Some(Category::Internal));
        let narrow = Shape { columns: Some(1), level: Some(8) };
        assert_eq!(category("1234567890123456789012", narrow), Some(Category::Validation));
    }
}
