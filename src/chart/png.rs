//! A sheet of shapes → a PNG file, its texts in a font of our own: nothing need be installed.

use png::{BitDepth, ColorType, Compression, Encoder};

use super::picture::{Anchor, Color, GROUND, Picture, Shape, Size};
use crate::drawing::text::Font;

pub use png::EncodingError;

/// The thickness of a line, in pixels.
const STROKE: i64 = 2;

/// Writes the file; the same picture gives the same bytes.
pub fn write(picture: &Picture) -> Result<Vec<u8>, EncodingError> {
    let mut sheet = Sheet::new(pixel(picture.width), pixel(picture.height));
    for shape in &picture.shapes {
        match shape {
            Shape::Area([x, y, width, height], color) => {
                let (left, top) = (pixel(*x), pixel(*y));
                sheet.fill([left, top, pixel(x + width), pixel(y + height).max(top + 1)], *color);
            }
            Shape::Steps(corners, color) => {
                for pair in corners.windows(2) {
                    let [(x1, y1), (x2, y2)] = pair else { continue };
                    let (left, right) = (pixel(x1.min(*x2)), pixel(x1.max(*x2)));
                    let (top, bottom) = (pixel(y1.min(*y2)), pixel(y1.max(*y2)));
                    sheet.fill([left - 1, top - 1, right - 1 + STROKE, bottom - 1 + STROKE], *color);
                }
            }
            Shape::Text { at, anchor, size, color, text } => sheet.write(*at, *anchor, *size, *color, text),
        }
    }
    sheet.encode()
}

/// Pixels, red, green and blue each.
struct Sheet {
    width: i64,
    height: i64,
    pixels: Vec<Color>,
}

impl Sheet {
    fn new(width: i64, height: i64) -> Self {
        let count = usize::try_from(width * height).unwrap_or_default();
        Self { width, height, pixels: vec![GROUND; count] }
    }

    fn at(&mut self, x: i64, y: i64) -> Option<&mut Color> {
        let inside = (0..self.width).contains(&x) && (0..self.height).contains(&y);
        let place = usize::try_from(y * self.width + x).ok().filter(|_| inside)?;
        self.pixels.get_mut(place)
    }

    /// Fills from left and top up to, and without, right and bottom.
    fn fill(&mut self, [left, top, right, bottom]: [i64; 4], color: Color) {
        for y in top..bottom {
            for x in left..right {
                if let Some(pixel) = self.at(x, y) {
                    *pixel = color;
                }
            }
        }
    }

    /// Writes a line of text, character by character; what the font does not have is a box.
    fn write(&mut self, (x, y): (f64, f64), anchor: Anchor, size: Size, color: Color, text: &str) {
        let font = match size {
            Size::Label => Font::Regular20,
            Size::Title => Font::Bold24,
        };
        let width = i64::try_from(font.width(text)).unwrap_or(i64::MAX);
        let left = match anchor {
            Anchor::Start => pixel(x),
            Anchor::Middle => pixel(x) - width / 2,
            Anchor::End => pixel(x) - width,
        };
        let top = pixel(y - size.cell().1 / 2.0);
        font.draw(text, |x, y, part| {
            let place = |from: i64, by: usize| from.saturating_add(i64::try_from(by).unwrap_or(i64::MAX));
            self.ink(place(left, x), place(top, y), color, part);
        });
    }

    /// Lays a part of a colour over a pixel.
    fn ink(&mut self, x: i64, y: i64, color: Color, part: u8) {
        let Some(pixel) = self.at(x, y) else { return };
        for (under, over) in pixel.iter_mut().zip(color) {
            let mixed = u16::from(*under) * u16::from(255 - part) + u16::from(over) * u16::from(part);
            *under = u8::try_from(mixed / 255).unwrap_or(over);
        }
    }

    fn encode(&self) -> Result<Vec<u8>, EncodingError> {
        let side = |pixels: i64| u32::try_from(pixels).unwrap_or(u32::MAX);
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, side(self.width), side(self.height));
        encoder.set_color(ColorType::Rgb);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_compression(Compression::Balanced);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(self.pixels.as_flattened())?;
        writer.finish()?;
        Ok(file)
    }
}

/// The pixel that a place falls on.
#[expect(clippy::cast_possible_truncation, reason = "a sheet has some thousands of pixels; a cast saturates")]
fn pixel(place: f64) -> i64 {
    place.round() as i64
}
