//! Renders a payload as a barcode in the requested format.

use zeroize::Zeroizing;

use super::BarcodeFormat;
use super::validity::Validity;
use crate::barcode::cells::{ColorDepth, Grid};
use crate::barcode::encode_error::EncodeError;
use crate::barcode::fit::{CellArea, Fit, Size, fit};
use crate::barcode::geometry::Layout;
use crate::barcode::shape::ShapeOptions;
use crate::barcode::symbol::Symbol;
use crate::barcode::{ansi, png, svg};
use crate::error::{Cause, Error, Result};
use crate::secret::Payload;
use crate::terminal::capabilities::Capabilities;
use crate::terminal::screen;
use crate::terminal::ui::Ui;

/// The area for text without a terminal.
const DEFAULT_AREA: CellArea = CellArea::new(80, 23);

/// The colors of text, and the area available to it.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    depth: Option<ColorDepth>,
    /// `None` without a terminal.
    area: Option<CellArea>,
}

impl Look {
    /// For standard output. Colors are used even in a pipe, because without them a barcode is inverted on
    /// dark themes.
    #[must_use]
    pub fn of(ui: &Ui) -> Self {
        let size = ui.is_terminal().then(screen::size).flatten().filter(|(_, lines)| *lines > 1);
        let terminal = Capabilities::of_terminal(ui.use_color());
        let depth = match size {
            Some(_) if ui.is_dumb() => None,
            Some(_) => Some(terminal.depth),
            None => Some(Capabilities::depth_of_pipe()),
        };
        Self {
            depth: depth.filter(|_| !ui.refuses_color()),
            // Leave the last line for the prompt.
            area: size.map(|(columns, lines)| CellArea {
                glyphs: terminal.glyphs(),
                ..CellArea::new(columns, lines - 1)
            }),
        }
    }

    /// Returns whether a terminal draws it in the text color alone.
    #[must_use]
    pub fn is_inverted_on_dark(&self) -> bool {
        self.depth.is_none() && self.area.is_some()
    }

    /// For a file.
    #[must_use]
    pub fn of_file() -> Self {
        Self { depth: Some(ColorDepth::TrueColor), area: None }
    }
}

/// Renders a payload.
///
/// # Errors
/// `internal_error` for a payload that no barcode can hold; `validation_error` for a shape or a terminal that
/// it does not fit.
pub fn render(
    payload: &Payload,
    format: BarcodeFormat,
    shape: ShapeOptions,
    look: Look,
    validity: &Validity,
) -> Result<Zeroizing<Vec<u8>>> {
    let bytes = match format {
        BarcodeFormat::Text => text(payload, shape, look)?.into_bytes(),
        BarcodeFormat::Svg => svg::render(&symbol(payload, shape)?, &lines(&validity.caption())).into_bytes(),
        BarcodeFormat::Png => {
            png::render(&symbol(payload, shape)?, &lines(&validity.caption())).map_err(no_png)?
        }
        BarcodeFormat::Payload => {
            symbol(payload, shape)?;
            format!("{}\n", payload.expose()).into_bytes()
        }
    };
    Ok(Zeroizing::new(bytes))
}

/// Renders the replacement of an expired code: a picture of the same size, the word EXPIRED, or nothing.
///
/// # Errors
/// Like [`render`].
pub fn expired(
    payload: &Payload,
    format: BarcodeFormat,
    shape: ShapeOptions,
    validity: &Validity,
) -> Result<Vec<u8>> {
    let caption = validity.expired_caption();
    Ok(match format {
        BarcodeFormat::Text => format!("EXPIRED\n{}\n", caption.join("\n")).into_bytes(),
        BarcodeFormat::Svg => svg::expired(symbol(payload, shape)?.shape(), &lines(&caption)).into_bytes(),
        BarcodeFormat::Png => {
            png::expired(symbol(payload, shape)?.shape(), &lines(&caption)).map_err(no_png)?
        }
        BarcodeFormat::Payload => Vec::new(),
    })
}

fn lines(caption: &[String; 2]) -> [&str; 2] {
    [&caption[0], &caption[1]]
}

#[expect(clippy::needless_pass_by_value, reason = "it is mapped over results")]
fn no_png(error: png::EncodingError) -> Error {
    Error::new(Cause::Unexpected, format!("cannot draw a PNG: {error}"))
}

/// Encodes a payload as a symbol of any size.
///
/// # Errors
/// Like [`render`].
pub fn symbol(payload: &Payload, shape: ShapeOptions) -> Result<Symbol> {
    Symbol::auto(payload.expose(), shape).map_err(unusable)
}

fn text(payload: &Payload, shape: ShapeOptions, look: Look) -> Result<String> {
    let layout = layout(payload, shape, look.area)?;
    let symbol =
        Symbol::encode(payload.expose(), layout.shape.columns, layout.shape.level).map_err(unusable)?;
    let grid = Grid::draw(&symbol, layout);
    Ok(match look.depth {
        Some(depth) => ansi::colored(&grid, depth),
        None => ansi::ink(&grid),
    })
}

/// The layout that scans best in the terminal. A barcode that is too high scrolls; one that is too wide is an
/// error, because it would be torn.
fn layout(payload: &Payload, shape: ShapeOptions, terminal: Option<CellArea>) -> Result<Layout> {
    let mut area = terminal.unwrap_or(DEFAULT_AREA);
    loop {
        match fit(payload.expose(), area, shape, Size::default()).map_err(unusable)? {
            Fit::Layout(layout) => return Ok(layout),
            Fit::TooSmall { columns, lines } if terminal.is_some() && columns > area.columns => {
                return Err(Error::new(
                    Cause::TerminalTooSmall,
                    format!(
                        "the barcode needs {columns} columns × {lines} rows, this terminal has {} × {}",
                        area.columns, area.lines
                    ),
                )
                .hint("enlarge the terminal, or run: getcard barcode --output code.png"));
            }
            Fit::TooSmall { columns, lines } => {
                area = CellArea { columns: columns.max(area.columns), lines: lines.max(area.lines), ..area };
            }
        }
    }
}

/// The error for a payload that cannot be encoded, at all or in the requested shape.
pub fn unusable(error: EncodeError) -> Error {
    match error {
        EncodeError::TooLongFor { .. } | EncodeError::Columns(_) | EncodeError::Level(_) => {
            Error::new(Cause::Shape, error.to_string()).hint("leave out --columns and --ec-level")
        }
        EncodeError::Empty | EncodeError::TooLong | EncodeError::Unencodable => Error::new(
            Cause::UnusablePayload,
            format!("unusable payload: {error}"),
        )
        .hint("try again in a moment; if this persists, ask the card office whether this card has a barcode"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Category;

    const PIPE: Look = Look { depth: Some(ColorDepth::TrueColor), area: None };

    fn payload(text: &str) -> Payload {
        Payload::new(Zeroizing::new(text.to_owned()))
    }

    fn validity() -> Validity {
        Validity::from(jiff::Timestamp::UNIX_EPOCH)
    }

    fn lines(text: &str, look: Look) -> usize {
        let bytes =
            render(&payload(text), BarcodeFormat::Text, ShapeOptions::default(), look, &validity()).unwrap();
        std::str::from_utf8(&bytes).unwrap().lines().count()
    }

    #[test]
    fn text_fits_the_terminal_or_a_default_area() {
        let digits = "1234567890123456789012";
        assert!(lines(digits, PIPE) <= 23);
        let terminal = Look { area: Some(CellArea::new(60, 15)), ..PIPE };
        assert!(lines(digits, terminal) <= 15);
        assert!(lines(&"7".repeat(1200), PIPE) > 23, "a long payload is printed in full");
    }

    #[test]
    fn a_narrow_terminal_is_an_error_with_the_size_needed() {
        let look = Look { area: Some(CellArea::new(40, 50)), ..PIPE };
        let digits = payload("1234567890123456789012");
        let error =
            render(&digits, BarcodeFormat::Text, ShapeOptions::default(), look, &validity()).unwrap_err();
        assert_eq!(error.category(), Some(Category::Validation));
        assert!(error.to_string().contains("this terminal has 40 × 50"), "{error}");
    }

    #[test]
    fn unusable_payloads_are_internal_errors_and_shapes_validation_errors() {
        let category = |text: &str, shape| symbol(&payload(text), shape).unwrap_err().category();
        assert_eq!(category("", ShapeOptions::default()), Some(Category::Internal));
        assert_eq!(category(&"x".repeat(5000), ShapeOptions::default()), Some(Category::Internal));
        let narrow = ShapeOptions { columns: Some(1), level: Some(8) };
        assert_eq!(category("1234567890123456789012", narrow), Some(Category::Validation));
    }
}
