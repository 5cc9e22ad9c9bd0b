//! Encodes a barcode as PNG: a plain bitmap for a terminal, or a picture with text below.

use png::{BitDepth, ColorType, Compression, Encoder};

use super::bitmap::{Bitmap, Scale};
use super::picture::{EXPIRED, FONT, LINE, MODULE, PictureLayout};
use super::shape::Shape;
use super::symbol::Symbol;
use crate::drawing::text::Font;

pub use png::EncodingError;

/// Encodes a bitmap as a 1-bit grayscale PNG. The output is deterministic.
///
/// # Errors
/// If the bitmap is larger than PNG allows, which none that fits a screen is.
pub fn encode(bitmap: &Bitmap) -> Result<Vec<u8>, EncodingError> {
    file(bitmap.width(), bitmap.height(), BitDepth::One, &packed(bitmap))
}

/// Renders a symbol as PNG with these lines of text below. The output is deterministic.
///
/// # Errors
/// Like [`encode`].
pub fn render(symbol: &Symbol, caption: &[&str]) -> Result<Vec<u8>, EncodingError> {
    let mut image = CaptionedImage::new(symbol.shape(), caption);
    let row = u16::try_from(image.layout.row).unwrap_or(u16::MAX);
    let bitmap = Bitmap::draw(symbol, Scale::of_modules(MODULE, row));
    for y in 0..bitmap.height() {
        for (x, black) in bitmap.line(y).iter().enumerate() {
            image.darken(x, y, if *black { u8::MAX } else { 0 });
        }
    }
    image.encode()
}

/// Renders a picture of the same size as [`render`] for this shape, with the word EXPIRED instead of the symbol.
///
/// # Errors
/// Like [`encode`].
pub fn expired(shape: Shape, caption: &[&str]) -> Result<Vec<u8>, EncodingError> {
    const WORD: Font = Font::Bold24;
    let mut image = CaptionedImage::new(shape, caption);
    // The largest whole multiple that fits four fifths of the width.
    let times = (image.width * 4 / 5 / WORD.width(EXPIRED)).max(1);
    let left = (image.width - times * WORD.width(EXPIRED)) / 2;
    let top = (image.layout.symbol_height * usize::from(MODULE) - times * WORD.height()) / 2;
    WORD.draw(EXPIRED, |x, y, part| {
        for (x_part, y_part) in (0..times).flat_map(|x| (0..times).map(move |y| (x, y))) {
            image.darken(left + x * times + x_part, top + y * times + y_part, part);
        }
    });
    image.encode()
}

/// A white picture with its caption.
struct CaptionedImage {
    layout: PictureLayout,
    width: usize,
    height: usize,
    /// Row by row; 0 is black.
    pixels: Vec<u8>,
}

impl CaptionedImage {
    fn new(shape: Shape, caption: &[&str]) -> Self {
        let layout = PictureLayout::new(shape, caption);
        let module = usize::from(MODULE);
        let (width, height) = (layout.width * module, layout.height * module);
        let mut image = Self { width, height, pixels: vec![u8::MAX; width * height], layout };
        let lines = std::mem::take(&mut image.layout.caption);
        for (number, line) in lines.iter().enumerate() {
            let left = (width - FONT.width(line).min(width)) / 2;
            let top = (image.layout.symbol_height + number * LINE) * module;
            FONT.draw(line, |x, y, part| image.darken(left + x, top + y, part));
        }
        image
    }

    /// Darkens a pixel by `part`, 0 to 255.
    fn darken(&mut self, x: usize, y: usize, part: u8) {
        if x < self.width
            && let Some(pixel) = self.pixels.get_mut(y * self.width + x)
        {
            *pixel = (*pixel).min(u8::MAX - part);
        }
    }

    fn encode(&self) -> Result<Vec<u8>, EncodingError> {
        file(self.width, self.height, BitDepth::Eight, &self.pixels)
    }
}

fn file(width: usize, height: usize, depth: BitDepth, data: &[u8]) -> Result<Vec<u8>, EncodingError> {
    let side = |pixels: usize| u32::try_from(pixels).unwrap_or(u32::MAX);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, side(width), side(height));
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(depth);
    encoder.set_compression(Compression::Balanced);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(data)?;
    writer.finish()?;
    Ok(file)
}

/// Packs eight pixels per byte, highest bit first, 1 for white; each line starts a new byte.
fn packed(bitmap: &Bitmap) -> Vec<u8> {
    let byte = |pixels: &[bool]| {
        (0..8).fold(0, |byte, i| byte << 1 | u8::from(!pixels.get(i).is_some_and(|black| *black)))
    };
    (0..bitmap.height()).flat_map(|y| bitmap.line(y).chunks(8).map(byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::GrayImage;

    const CAPTION: [&str; 2] = ["fetched 19:04:11", "good until 19:05:11"];

    fn symbol() -> Symbol {
        Symbol::encode("1234567890123456789012", 2, 2).unwrap()
    }

    fn read(file: &[u8]) -> GrayImage {
        image::load_from_memory(file).unwrap().into_luma8()
    }

    /// Counts the dark pixels from line `top` on.
    fn dark_below(image: &GrayImage, top: u32) -> usize {
        image.enumerate_pixels().filter(|(_, y, pixel)| *y >= top && pixel.0[0] < 128).count()
    }

    #[test]
    fn a_bitmap_is_encoded_pixel_for_pixel() {
        let bitmap = Bitmap::draw(&symbol(), Scale::of_modules(3, 4));
        let file = encode(&bitmap).unwrap();
        assert_eq!(file, encode(&bitmap).unwrap());
        let image = read(&file);
        assert_eq!((image.width(), image.height()), (107 * 3, (9 * 4 + 4) * 3));
        for (x, y, pixel) in image.enumerate_pixels() {
            let black = bitmap.line(y as usize)[x as usize];
            assert_eq!(pixel.0[0], if black { 0 } else { 255 });
        }
    }

    #[test]
    fn a_caption_is_drawn_below_the_symbol_and_changes_nothing_above() {
        let (bare, captioned) =
            (read(&render(&symbol(), &[]).unwrap()), read(&render(&symbol(), &CAPTION).unwrap()));
        assert_eq!((bare.width(), bare.height()), (107 * 4, 112 * 4));
        assert_eq!((captioned.width(), captioned.height()), (bare.width(), bare.height() + 12 * 4));
        assert!(bare.enumerate_pixels().all(|(x, y, pixel)| captioned.get_pixel(x, y) == pixel));
        let ink: usize = CAPTION.iter().map(|line| line.len()).sum();
        assert!(dark_below(&captioned, bare.height()) > 10 * ink, "ten pixels a character at least");
    }

    #[test]
    fn an_expired_picture_has_the_same_size_and_no_bars() {
        let live = read(&render(&symbol(), &CAPTION).unwrap());
        let expired = read(&expired(symbol().shape(), &["fetched 19:04:11", "expired 19:05:11"]).unwrap());
        assert_eq!((expired.width(), expired.height()), (live.width(), live.height()));
        let word: usize = {
            let mut dark = 0;
            Font::Bold24.draw(EXPIRED, |_, _, part| dark += usize::from(part > 127));
            dark
        };
        let symbol_height = live.height() - 12 * 4;
        assert_eq!(
            dark_below(&expired, 0) - dark_below(&expired, symbol_height),
            word * 16,
            "four times as large"
        );
    }
}
