//! The kitty graphics protocol: the barcode as a PNG in base64 chunks, with an image id that getcard chooses.

use std::fmt::Write;
use std::num::NonZeroU32;

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::barcode::{
    bitmap::Bitmap,
    png::{self, EncodingError},
};

/// The maximum length of base64 data in an escape sequence.
const CHUNK: usize = 4096;

/// Shows `bitmap` at the cursor as image `id`, then deletes image `replaced`. Written at once, this switches
/// from one barcode to the next without a blank frame. The cursor does not move and the terminal sends no reply.
///
/// Alternate between two ids: reusing the visible one would remove the old picture before the new one is there.
///
/// # Errors
/// Like [`png::encode`].
pub fn kitty(bitmap: &Bitmap, id: NonZeroU32, replaced: Option<NonZeroU32>) -> Result<String, EncodingError> {
    let data = STANDARD.encode(png::encode(bitmap)?);
    let mut text = String::with_capacity(data.len() + 128);
    let mut rest = data.as_str();
    let mut control = format!("a=T,f=100,i={id},p=1,q=2,C=1,");
    while !control.is_empty() || !rest.is_empty() {
        let (chunk, more) = rest.split_at(rest.len().min(CHUNK));
        rest = more;
        let written = write!(text, "\x1b_G{control}m={};{chunk}\x1b\\", u8::from(!rest.is_empty()));
        debug_assert!(written.is_ok(), "writing to a String does not fail");
        control.clear();
    }
    if let Some(replaced) = replaced.filter(|replaced| *replaced != id) {
        text.push_str(&kitty_delete(replaced));
    }
    Ok(text)
}

/// Deletes image `id` from the screen and from the terminal's memory.
#[must_use]
pub fn kitty_delete(id: NonZeroU32) -> String {
    format!("\x1b_Ga=d,d=I,i={id},q=2\x1b\\")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::{bitmap::Scale, symbol::Symbol};

    fn bitmap(payload: &str, columns: u8) -> Bitmap {
        Bitmap::draw(&Symbol::encode(payload, columns, 4).unwrap(), Scale::of_modules(5, 6))
    }

    fn id(id: u32) -> NonZeroU32 {
        NonZeroU32::new(id).unwrap()
    }

    #[test]
    fn chunks_contain_the_png() {
        let noise: String = (0..900u32).map(|i| char::from(b' ' + (i * i % 89) as u8)).collect();
        for bitmap in [bitmap("1234567890123456789012", 2), bitmap(&noise, 12)] {
            let text = kitty(&bitmap, id(7), None).unwrap();
            let (mut data, mut count) = (String::new(), 0);
            for sequence in text.split_terminator("\x1b\\") {
                let (control, chunk) = sequence.strip_prefix("\x1b_G").unwrap().split_once(';').unwrap();
                assert_eq!(control.starts_with("a=T,f=100,i=7,p=1,q=2,C=1,"), count == 0);
                assert!(chunk.len() <= CHUNK);
                data.push_str(chunk);
                count += 1;
                let last = data.len() % CHUNK != 0 || text.matches("\x1b_G").count() == count;
                assert!(control.ends_with(if last { "m=0" } else { "m=1" }), "{control}");
            }
            assert_eq!(STANDARD.decode(data).unwrap(), png::encode(&bitmap).unwrap());
        }
    }

    #[test]
    fn the_old_image_is_deleted_after_the_new_one_is_shown() {
        let bitmap = bitmap("1234567890123456789012", 2);
        let text = kitty(&bitmap, id(2), Some(id(1))).unwrap();
        assert!(text.starts_with("\x1b_Ga=T,f=100,i=2,"));
        assert!(text.ends_with("\x1b_Ga=d,d=I,i=1,q=2\x1b\\"));
        let same = kitty(&bitmap, id(2), Some(id(2))).unwrap();
        assert!(!same.contains("a=d"), "an image does not remove itself");
    }
}
