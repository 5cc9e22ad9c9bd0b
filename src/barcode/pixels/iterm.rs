//! iTerm2 inline images: the barcode as a base64-encoded PNG.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::barcode::{
    bitmap::Bitmap,
    png::{self, EncodingError},
};

/// Shows `bitmap` at the cursor, pixel for pixel, over what was there. The cursor does not move, if the
/// terminal supports that.
///
/// # Errors
/// Like [`png::encode`].
pub fn iterm(bitmap: &Bitmap) -> Result<String, EncodingError> {
    let file = png::encode(bitmap)?;
    Ok(format!(
        "\x1b]1337;File=inline=1;size={};width={}px;height={}px;preserveAspectRatio=1;doNotMoveCursor=1:{}\x07",
        file.len(),
        bitmap.width(),
        bitmap.height(),
        STANDARD.encode(&file),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::{bitmap::Scale, symbol::Symbol};

    #[test]
    fn one_sequence_with_the_png_and_its_size() {
        let symbol = Symbol::encode("1234567890123456789012", 2, 4).unwrap();
        let bitmap = Bitmap::draw(&symbol, Scale { module: 5, row: 20 });
        let text = iterm(&bitmap).unwrap();
        let (control, data) = text.strip_suffix('\x07').unwrap().split_once(':').unwrap();
        let file = STANDARD.decode(data).unwrap();
        assert_eq!(file, png::encode(&bitmap).unwrap());
        assert!(
            control.starts_with(&format!(
                "\x1b]1337;File=inline=1;size={};width=535px;height=440px;",
                file.len()
            ))
        );
    }
}
