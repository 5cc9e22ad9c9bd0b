//! The center of the view: the barcode in the shape that scans best there, or why there is none.

use crate::barcode::bitmap::Bitmap;
use crate::barcode::cells::Grid;
use crate::barcode::encode_error::EncodeError;
use crate::barcode::fit::{CellArea, Fit, Glyphs, Size, fit};
use crate::barcode::geometry::Layout;
use crate::barcode::pixels::{self, Canvas, PixelFit, PixelLayout};
use crate::barcode::shape::ShapeOptions;
use crate::barcode::symbol::Symbol;
use crate::terminal::screen::Screen;

/// The shape and size of barcode that the user asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BarcodeOptions {
    /// Barcode and nothing else.
    pub bare: bool,
    /// Size of the barcode.
    pub size: Size,
    pub shape: ShapeOptions,
    /// A picture instead of cells, if the size of a cell is known.
    pub pixels: bool,
    /// What the font can draw.
    pub glyphs: Glyphs,
}

/// What stands in the middle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// No payload yet.
    Nothing,
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
    /// Too small: this many columns and lines are needed.
    TooSmall(u16, u16),
    /// The payload cannot be a barcode of the shape asked for.
    Unusable(EncodeError),
}

/// How good a barcode must be for a division of the screen: error correction level, height of a row in modules.
pub type Demand = (u8, f32);

impl Subject {
    /// The best barcode for a payload in so many columns and lines of the screen.
    #[must_use]
    pub fn fit(
        payload: Option<&str>,
        (columns, lines): (u16, u16),
        screen: Screen,
        options: BarcodeOptions,
    ) -> Self {
        let Some(payload) = payload else { return Self::Nothing };
        let subject = if let Some((cell_width, cell_height)) = screen.cell.filter(|_| options.pixels) {
            picture(payload, Canvas { columns, lines, cell_width, cell_height }, options)
        } else {
            let area = CellArea { columns, lines, aspect: screen.aspect(), glyphs: options.glyphs };
            barcode(payload, area, options)
        };
        subject.unwrap_or_else(Self::Unusable)
    }

    /// Columns and lines that the barcode takes.
    #[must_use]
    pub fn size(&self) -> Option<(u16, u16)> {
        match self {
            Self::Barcode { layout, .. } => Some((layout.width(), layout.height())),
            Self::Picture { cells, .. } => Some(*cells),
            Self::Nothing | Self::TooSmall(..) | Self::Unusable(_) => None,
        }
    }

    /// Whether a larger screen would show more.
    #[must_use]
    pub fn is_too_small(&self) -> bool {
        matches!(self, Self::TooSmall(..))
    }

    /// Whether the barcode is as good as demanded; anything but a barcode always passes.
    #[must_use]
    pub fn meets(&self, (least_level, least_row): Demand, aspect: f32) -> bool {
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

    /// The step of the size that is shown.
    #[must_use]
    pub fn step(&self) -> i8 {
        match self {
            Self::Barcode { layout, .. } => layout.step,
            Self::Picture { layout, .. } => layout.step,
            Self::Nothing | Self::TooSmall(..) | Self::Unusable(_) => 0,
        }
    }
}

fn barcode(payload: &str, area: CellArea, options: BarcodeOptions) -> Result<Subject, EncodeError> {
    Ok(match fit(payload, area, options.shape, options.size)? {
        Fit::TooSmall { columns, lines } => Subject::TooSmall(columns, lines),
        Fit::Layout(layout) => {
            let symbol = Symbol::encode(payload, layout.shape.columns, layout.shape.level)?;
            Subject::Barcode { layout, grid: Grid::draw(&symbol, layout) }
        }
    })
}

fn picture(payload: &str, canvas: Canvas, options: BarcodeOptions) -> Result<Subject, EncodeError> {
    Ok(match pixels::fit(payload, canvas, options.shape, options.size)? {
        PixelFit::TooSmall { columns, lines } => Subject::TooSmall(columns, lines),
        PixelFit::Layout(layout) => {
            let symbol = Symbol::encode(payload, layout.shape.columns, layout.shape.level)?;
            let bitmap = Bitmap::draw(&symbol, layout.scale);
            Subject::Picture { layout, bitmap, cells: canvas.cells(layout.size()) }
        }
    })
}
