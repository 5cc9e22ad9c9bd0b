//! Renders a canvas of shapes as a PNG file.

use png::{BitDepth, ColorType, Compression, Encoder};

use super::picture::{Anchor, Color, DASH, GAP, GROUND, Picture, Shape, Size};
use crate::drawing::text::Font;

pub use png::EncodingError;

/// Half the line width, in pixels.
const HALF_STROKE: f64 = 1.0;

/// Encodes the picture; the output is deterministic.
pub fn write(picture: &Picture) -> Result<Vec<u8>, EncodingError> {
    let mut canvas = PixelCanvas::new(pixel(picture.width), pixel(picture.height));
    for shape in &picture.shapes {
        match shape {
            Shape::Area([x, y, width, height], color) => {
                let (left, top) = (pixel(*x), pixel(*y));
                canvas.fill([left, top, pixel(x + width), pixel(y + height).max(top + 1)], *color);
            }
            Shape::Line(corners, color) => canvas.line(corners, *color),
            Shape::Dashes(corners, color) => {
                for dash in dashes(corners) {
                    canvas.line(&dash, *color);
                }
            }
            Shape::Band(edges, color) => canvas.band(edges, *color),
            Shape::Text { at, anchor, size, color, text } => canvas.write(*at, *anchor, *size, *color, text),
        }
    }
    canvas.encode()
}

/// An RGB image.
struct PixelCanvas {
    width: i64,
    height: i64,
    pixels: Vec<Color>,
}

impl PixelCanvas {
    fn new(width: i64, height: i64) -> Self {
        let count = usize::try_from(width * height).unwrap_or_default();
        Self { width, height, pixels: vec![GROUND; count] }
    }

    fn at(&mut self, x: i64, y: i64) -> Option<&mut Color> {
        let inside = (0..self.width).contains(&x) && (0..self.height).contains(&y);
        let place = usize::try_from(y * self.width + x).ok().filter(|_| inside)?;
        self.pixels.get_mut(place)
    }

    /// Fills a rectangle; `right` and `bottom` are exclusive.
    fn fill(&mut self, [left, top, right, bottom]: [i64; 4], color: Color) {
        for y in top..bottom {
            for x in left..right {
                if let Some(pixel) = self.at(x, y) {
                    *pixel = color;
                }
            }
        }
    }

    /// Draws an antialiased line through these points.
    fn line(&mut self, corners: &[(f64, f64)], color: Color) {
        for pair in corners.windows(2) {
            let [from, to] = pair else { continue };
            let (left, right) = (pixel(from.0.min(to.0)) - 2, pixel(from.0.max(to.0)) + 2);
            let (top, bottom) = (pixel(from.1.min(to.1)) - 2, pixel(from.1.max(to.1)) + 2);
            for y in top..bottom {
                for x in left..right {
                    let away = distance((middle(x), middle(y)), *from, *to);
                    self.ink(x, y, color, part(HALF_STROKE + 0.5 - away));
                }
            }
        }
    }

    /// Fills a band, one pixel column at a time.
    fn band(&mut self, edges: &[(f64, f64, f64)], color: Color) {
        for pair in edges.windows(2) {
            let [(x1, top1, bottom1), (x2, top2, bottom2)] = pair else { continue };
            for x in pixel(*x1)..pixel(*x2) {
                let fraction = ((middle(x) - x1) / (x2 - x1)).clamp(0.0, 1.0);
                let (top, bottom) =
                    (top1 + (top2 - top1) * fraction, bottom1 + (bottom2 - bottom1) * fraction);
                self.fill([x, pixel(top), x + 1, pixel(bottom)], color);
            }
        }
    }

    /// Draws a line of text; a character that the font lacks becomes U+FFFD.
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

    /// Blends a color over a pixel; `part` is the coverage, 0 to 255.
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

/// Cuts a line into dashes, from left to right.
fn dashes(corners: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let (mut dashes, mut dash, mut drawn) = (Vec::new(), Vec::new(), 0.0);
    for pair in corners.windows(2) {
        let [(x1, y1), (x2, y2)] = pair else { continue };
        let length = (x2 - x1).hypot(y2 - y1);
        let at = |done: f64| (x1 + (x2 - x1) * done / length, y1 + (y2 - y1) * done / length);
        let mut done = 0.0;
        while done < length {
            let phase = drawn % (DASH + GAP);
            let is_dash = phase < DASH;
            let step = (if is_dash { DASH } else { DASH + GAP } - phase).max(0.01).min(length - done);
            if is_dash {
                if dash.is_empty() {
                    dash.push(at(done));
                }
                dash.push(at(done + step));
            } else if !dash.is_empty() {
                dashes.push(std::mem::take(&mut dash));
            }
            (done, drawn) = (done + step, drawn + step);
        }
    }
    dashes.push(dash);
    dashes
}

/// The distance of a point from the line segment between two others.
fn distance((x, y): (f64, f64), (x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> f64 {
    let (dx, dy) = (x2 - x1, y2 - y1);
    let length = dx * dx + dy * dy;
    let fraction =
        if length > 0.0 { (((x - x1) * dx + (y - y1) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (x - x1 - dx * fraction).hypot(y - y1 - dy * fraction)
}

/// The center of a pixel.
#[expect(clippy::cast_precision_loss, reason = "a canvas has some thousands of pixels")]
fn middle(pixel: i64) -> f64 {
    pixel as f64 + 0.5
}

/// Converts a fraction from 0 to 1 to a byte.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped")]
fn part(part: f64) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// The pixel at a coordinate.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a canvas has some thousands of pixels; a cast saturates"
)]
fn pixel(place: f64) -> i64 {
    place.round() as i64
}
