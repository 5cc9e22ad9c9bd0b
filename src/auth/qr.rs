//! Reads QR codes from an image.

use std::io::Cursor;

use image::imageops;
use image::{DynamicImage, GrayImage, ImageReader, Limits};
use rqrr::PreparedImage;
use zeroize::Zeroizing;

use crate::error::{Cause, Error, Result};

/// The maximum width and height of an image, in pixels.
const MAX_SIDE: u32 = 8192;
/// The memory limit for decoding an image, in bytes.
const MAX_MEMORY: u64 = 64 << 20;

/// Reads the QR codes in a PNG, JPEG or WebP image, one line each, including light codes on a dark background.
///
/// # Errors
/// `validation_error` if it is not an image, is too large, or contains no readable code.
pub fn read(bytes: &[u8]) -> Result<Zeroizing<String>> {
    // Convert to grayscale at once: a decoded image takes much more memory than its file.
    let mut gray = on_white(decode(bytes)?);
    let mut texts = codes(&gray);
    if texts.is_empty() {
        imageops::invert(&mut gray);
        texts = codes(&gray);
    }
    if texts.is_empty() {
        return Err(Error::new(Cause::NoQrCode, "the image contains no readable QR code")
            .hint("take a sharper picture, straight from the front"));
    }
    Ok(Zeroizing::new(texts.join("\n")))
}

fn decode(bytes: &[u8]) -> Result<DynamicImage> {
    let refused = |why: &str| {
        Error::new(Cause::BadImage, format!("cannot read the image: {why}"))
            .hint("use a PNG, JPEG, or WebP image of at most 8192 pixels per side")
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| refused("it is cut short"))?;
    if reader.format().is_none() {
        return Err(refused("it is not PNG, JPEG, or WebP"));
    }
    reader.limits(limits);
    reader.decode().map_err(|error| match error {
        image::ImageError::Limits(_) => refused("it is too large"),
        image::ImageError::Unsupported(_) => refused("it is not PNG, JPEG, or WebP"),
        _ => refused("it is damaged"),
    })
}

/// Converts the image to grayscale on a white background.
fn on_white(image: DynamicImage) -> GrayImage {
    if !image.color().has_alpha() {
        return image.into_luma8();
    }
    let layered = image.into_luma_alpha8();
    GrayImage::from_fn(layered.width(), layered.height(), |x, y| {
        let [luma, alpha] = layered.get_pixel(x, y).0.map(u16::from);
        let blended = (luma * alpha + 255 * (255 - alpha)) / 255;
        image::Luma([u8::try_from(blended).unwrap_or(u8::MAX)])
    })
}

fn codes(gray: &GrayImage) -> Vec<String> {
    let pixel = |x: usize, y: usize| gray.as_raw()[y * gray.width() as usize + x];
    let mut prepared =
        PreparedImage::prepare_from_greyscale(gray.width() as usize, gray.height() as usize, pixel);
    prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Luma, Rgba, RgbaImage};
    use qrcode::QrCode;

    const TEXT: &str = "https://get.cbord.com/ucsc/full/mobileapp_login_validator.php?sessionId=0f8fad5b-d9cb-469f-a165-70867728950e";

    fn code() -> GrayImage {
        let code = QrCode::new(TEXT).unwrap();
        let side = u32::try_from(code.width()).unwrap();
        let colors = code.to_colors();
        GrayImage::from_fn((side + 8) * 6, (side + 8) * 6, |x, y| {
            let (column, row) = ((x / 6).wrapping_sub(4), (y / 6).wrapping_sub(4));
            let dark =
                column < side && row < side && colors[(row * side + column) as usize] == qrcode::Color::Dark;
            Luma([if dark { 0 } else { 255 }])
        })
    }

    fn file(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.into().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn problem(bytes: &[u8]) -> String {
        read(bytes).err().unwrap().to_string()
    }

    #[test]
    fn a_code_is_read_from_every_format() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            assert_eq!(read(&file(code(), format)).unwrap().as_str(), TEXT, "{format:?}");
        }
    }

    #[test]
    fn light_on_dark_and_transparent_codes_are_read() {
        let mut inverted = code();
        imageops::invert(&mut inverted);
        assert_eq!(read(&file(inverted, ImageFormat::Png)).unwrap().as_str(), TEXT);
        let code = code();
        let transparent = RgbaImage::from_fn(code.width(), code.height(), |x, y| {
            Rgba([0, 0, 0, 255 - code.get_pixel(x, y).0[0]])
        });
        assert_eq!(read(&file(transparent, ImageFormat::Png)).unwrap().as_str(), TEXT);
    }

    #[test]
    fn unreadable_images_are_classified() {
        assert!(problem(&file(GrayImage::new(64, 64), ImageFormat::Png)).contains("no readable QR code"));
        assert!(problem(b"GIF89a").contains("not PNG, JPEG, or WebP"));
        assert!(problem(b"").contains("not PNG, JPEG, or WebP"));
        let png = file(code(), ImageFormat::Png);
        assert!(problem(&png[..png.len() / 2]).contains("damaged"));
        assert!(problem(&file(GrayImage::new(MAX_SIDE + 1, 1), ImageFormat::Png)).contains("too large"));
        assert!(problem(&file(image::RgbImage::new(MAX_SIDE, 4096), ImageFormat::Png)).contains("too large"));
    }
}
