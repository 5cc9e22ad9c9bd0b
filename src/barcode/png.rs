//! Bitmap → PNG: one bit a pixel, black and white.

use png::{BitDepth, ColorType, Compression, Encoder};

use super::bitmap::Bitmap;

pub use png::EncodingError;

/// The bitmap as a PNG file of 1-bit greyscale. The same bitmap gives the same bytes.
///
/// # Errors
/// A bitmap larger than PNG allows; never one that fits a screen.
pub fn png(bitmap: &Bitmap) -> Result<Vec<u8>, EncodingError> {
    let side = |pixels: usize| u32::try_from(pixels).unwrap_or(u32::MAX);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, side(bitmap.width()), side(bitmap.height()));
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::One);
    encoder.set_compression(Compression::Balanced);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&packed(bitmap))?;
    writer.finish()?;
    Ok(file)
}

/// Eight pixels a byte from the highest bit down, 1 is white, every line begins a byte.
fn packed(bitmap: &Bitmap) -> Vec<u8> {
    let byte = |pixels: &[bool]| {
        (0..8).fold(0, |byte, i| byte << 1 | u8::from(!pixels.get(i).is_some_and(|black| *black)))
    };
    (0..bitmap.height()).flat_map(|y| bitmap.line(y).chunks(8).map(byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::{bitmap::Scale, symbol::Symbol};

    #[test]
    fn the_file_holds_the_pixels() {
        let symbol = Symbol::encode("1234567890123456789012", 2, 3).unwrap();
        let bitmap = Bitmap::draw(&symbol, Scale::of_modules(3, 4));
        let file = png(&bitmap).unwrap();
        assert_eq!(file, png(&bitmap).unwrap());
        let read = image::load_from_memory(&file).unwrap().into_luma8();
        assert_eq!((read.width(), read.height()), (107 * 3, (15 * 4 + 4) * 3));
        for (x, y, pixel) in read.enumerate_pixels() {
            let black = bitmap.line(y as usize)[x as usize];
            assert_eq!(pixel.0[0], if black { 0 } else { 255 });
        }
    }
}
