//! Chooses the shape of a symbol that scans best in the pixels of a terminal, with modules in whole pixels.

use crate::barcode::bitmap::Scale;
use crate::barcode::encode_error::EncodeError;
use crate::barcode::fit::Size;
use crate::barcode::quality;
use crate::barcode::shape::{Shape, ShapeOptions};

/// The terminal cells available for a picture, and the size of a cell in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canvas {
    /// The number of columns.
    pub columns: u16,
    /// The number of lines.
    pub lines: u16,
    /// The width of a cell, in pixels.
    pub cell_width: u16,
    /// The height of a cell, in pixels.
    pub cell_height: u16,
}

impl Canvas {
    /// The number of cells that a picture of this many pixels touches.
    #[must_use]
    pub fn cells(self, (width, height): (usize, usize)) -> (u16, u16) {
        let cells = |pixels: usize, cell: u16| {
            u16::try_from(pixels.div_ceil(usize::from(cell.max(1)))).unwrap_or(u16::MAX)
        };
        (cells(width, self.cell_width), cells(height, self.cell_height))
    }

    fn pixels(self) -> (usize, usize) {
        let pixels = |cells: u16, cell: u16| usize::from(cells) * usize::from(cell);
        (pixels(self.columns, self.cell_width), pixels(self.lines, self.cell_height))
    }

    /// The width of a module at a size step: half a cell, plus or minus a third of that per step.
    fn module(self, step: i8) -> u16 {
        let base = self.cell_width.div_ceil(2).max(MIN_MODULE);
        let more = i32::from(step) * i32::from((base / 3).max(1));
        u16::try_from(i32::from(base) + more).unwrap_or(0).max(MIN_MODULE)
    }
}

/// The minimum width of a module in pixels; cameras cannot see less.
const MIN_MODULE: u16 = 2;

/// A symbol's shape and its size in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelLayout {
    pub shape: Shape,
    /// The scale for [`Bitmap::draw`](crate::barcode::bitmap::Bitmap::draw).
    pub scale: Scale,
    /// The size step: 0 is what [`fit`] chooses by itself.
    pub step: i8,
}

impl PixelLayout {
    /// The size in pixels, including the quiet zone.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        self.scale.size(self.shape.width(), usize::from(self.shape.rows))
    }
}

/// The result of [`fit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PixelFit {
    /// The layout to draw; it fits the canvas, including its quiet zone.
    Layout(PixelLayout),
    /// Nothing fits; this is the closest canvas that would do, in cells of the same size.
    TooSmall {
        /// The number of columns.
        columns: u16,
        /// The number of lines.
        lines: u16,
    },
}

/// Finds the layout in which `payload` scans best on `canvas`, with modules about half a cell wide unless
/// another size is requested.
///
/// # Errors
/// Like [`crate::barcode::fit::fit`].
pub fn fit(
    payload: &str,
    canvas: Canvas,
    options: ShapeOptions,
    size: Size,
) -> Result<PixelFit, EncodeError> {
    let data = options.data_codewords(payload)?;
    let at = |step: i8| {
        best(data, canvas, options, canvas.module(step)).map(|layout| PixelLayout { step, ..layout })
    };
    // Half a cell, rounded up, may be too wide: the default is then the largest step that fits.
    let lowest = (i8::MIN..=0).rev().find(|step| canvas.module(*step) <= MIN_MODULE).unwrap_or(0);
    let Some(auto) = (lowest..=0).rev().find_map(at) else {
        return least(data, canvas, options);
    };
    let scans =
        |layout: &PixelLayout| layout.scale.row >= layout.scale.module.saturating_mul(quality::STANDARD_ROW);
    let larger =
        |most: i8| (auto.step.saturating_add(1)..=most).map_while(|step| at(step).filter(scans)).last();
    let layout = match size {
        Size::Step(step @ ..0) => at(step.max(lowest).min(auto.step)).unwrap_or(auto),
        Size::Step(step) => larger(step).unwrap_or(auto),
        Size::Largest => larger(i8::MAX).unwrap_or(auto),
    };
    Ok(PixelFit::Layout(layout))
}

/// The best layout with modules of this width that fits.
fn best(data: usize, canvas: Canvas, options: ShapeOptions, module: u16) -> Option<PixelLayout> {
    let (width, height) = canvas.pixels();
    let fitting = options.shapes(data).filter_map(|shape| {
        let (symbol_width, quiet) = Scale { module, row: 0 }.size(shape.width(), 0);
        let most = u16::try_from(height.checked_sub(quiet)? / usize::from(shape.rows)).unwrap_or(u16::MAX);
        let row = most.min(module.saturating_mul(quality::tallest_row(shape)) / 2);
        let fits = symbol_width <= width && f32::from(row) >= f32::from(module) * quality::MIN_ROW;
        fits.then_some(PixelLayout { shape, scale: Scale { module, row }, step: 0 })
    });
    quality::best(fitting, |layout| {
        let row_modules = f32::from(layout.scale.row) / f32::from(layout.scale.module);
        quality::points(layout.shape, data, row_modules)
    })
}

/// The closest canvas that would do, for the narrowest modules and the lowest rows.
fn least(data: usize, canvas: Canvas, options: ShapeOptions) -> Result<PixelFit, EncodeError> {
    let (width, height) = canvas.pixels();
    let scale = Scale::of_modules(MIN_MODULE, quality::STANDARD_ROW);
    options
        .shapes(data)
        .map(|shape| scale.size(shape.width(), usize::from(shape.rows)))
        .min_by_key(|size| size.0.saturating_sub(width) + size.1.saturating_sub(height))
        .map(|size| canvas.cells(size))
        .map(|(columns, lines)| PixelFit::TooSmall { columns, lines })
        .ok_or(options.too_long())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::{bitmap::Bitmap, geometry::QUIET_MODULES, symbol::Symbol};
    use proptest::prelude::*;

    const DIGITS: &str = "1234567890123456789012";
    const CANVAS: Canvas = Canvas { columns: 80, lines: 21, cell_width: 10, cell_height: 20 };

    fn layout(canvas: Canvas, size: Size) -> PixelLayout {
        match fit(DIGITS, canvas, ShapeOptions::default(), size).unwrap() {
            PixelFit::Layout(layout) => layout,
            too_small @ PixelFit::TooSmall { .. } => panic!("{too_small:?}"),
        }
    }

    #[test]
    fn modules_are_half_a_cell_and_rows_fill_the_canvas() {
        let layout = layout(CANVAS, Size::default());
        assert_eq!((layout.shape.columns, layout.shape.level, layout.scale.module), (2, 2, 5));
        assert_eq!(layout.size(), (535, 416), "9 rows of 44 pixels and the quiet zone");
    }

    #[test]
    fn sizes_step_both_ways_and_are_clamped() {
        let module = |size| layout(CANVAS, size).scale.module;
        assert_eq!([-9, -1, 0, 1, 2, 99].map(|step| module(Size::Step(step))), [2, 4, 5, 6, 7, 7]);
        assert_eq!(module(Size::Largest), 7);
        assert_eq!(layout(CANVAS, Size::Step(99)).step, 2);
    }

    #[test]
    fn narrow_canvases_get_narrower_modules_or_the_size_they_need() {
        let narrow = layout(Canvas { columns: 45, ..CANVAS }, Size::default());
        assert_eq!((narrow.scale.module, narrow.step), (4, -1));
        let too_small =
            fit(DIGITS, Canvas { columns: 20, ..CANVAS }, ShapeOptions::default(), Size::default()).unwrap();
        assert_eq!(too_small, PixelFit::TooSmall { columns: 22, lines: 4 });
    }

    proptest! {
        #[test]
        fn layouts_fit_the_canvas_with_a_quiet_zone(
            payload in "[ -~]{1,120}|[0-9]{1,60}",
            columns in 0u16..300,
            lines in 0u16..120,
            cell_width in 0u16..40,
            cell_height in 0u16..80,
            size in prop_oneof![(-12i8..12).prop_map(Size::Step), Just(Size::Largest)],
        ) {
            let canvas = Canvas { columns, lines, cell_width, cell_height };
            if let PixelFit::Layout(layout) = fit(&payload, canvas, ShapeOptions::default(), size).unwrap() {
                let symbol = Symbol::encode(&payload, layout.shape.columns, layout.shape.level).unwrap();
                let bitmap = Bitmap::draw(&symbol, layout.scale);
                prop_assert_eq!((bitmap.width(), bitmap.height()), layout.size());
                prop_assert!(bitmap.width() <= usize::from(columns) * usize::from(cell_width));
                prop_assert!(bitmap.height() <= usize::from(lines) * usize::from(cell_height));
                let quiet = usize::from(QUIET_MODULES * layout.scale.module);
                prop_assert!(bitmap.line(quiet - 1).iter().all(|black| !black));
                prop_assert!(bitmap.line(quiet)[..quiet].iter().all(|black| !black));
                prop_assert!(bitmap.line(quiet)[quiet]);
            }
        }
    }
}
