//! Sixel: the barcode in two colors, as run-length encoded bands of six lines (DEC STD 070).

use std::fmt::Write;

use crate::barcode::bitmap::Bitmap;

/// The lines of pixels in a band.
const BAND: usize = 6;

/// Shows `bitmap` at the cursor. Where the cursor ends up depends on the terminal: move it before writing more.
#[must_use]
pub fn sixel(bitmap: &Bitmap) -> String {
    // Square pixels, the size, then black as color 0 and white as color 1, in percent.
    let mut text =
        format!("\x1bP0;1;0q\"1;1;{};{}#0;2;0;0;0#1;2;100;100;100", bitmap.width(), bitmap.height());
    for top in (0..bitmap.height()).step_by(BAND) {
        // No line feed after the last band: it would scroll a picture at the bottom of the screen.
        if top > 0 {
            text.push('-');
        }
        let lines = BAND.min(bitmap.height() - top);
        let blacks = columns(bitmap, top, lines);
        // White everywhere, then black on top: half the length of encoding the white between the bars.
        text.push_str("#1");
        run(&mut text, bitmap.width(), (1 << lines) - 1);
        if blacks.iter().any(|black| *black != 0) {
            text.push_str("$#0");
            let mut runs: Vec<_> = blacks.chunk_by(|one, next| one == next).collect();
            runs.pop_if(|columns| columns.first() == Some(&0));
            for columns in runs {
                run(&mut text, columns.len(), columns.first().copied().unwrap_or(0));
            }
        }
    }
    text.push_str("\x1b\\");
    text
}

/// The black pixels of a band by column, with the topmost line as the lowest bit.
fn columns(bitmap: &Bitmap, top: usize, lines: usize) -> Vec<u8> {
    let mut columns = vec![0u8; bitmap.width()];
    for line in 0..lines {
        for (column, black) in columns.iter_mut().zip(bitmap.line(top + line)) {
            *column |= u8::from(*black) << line;
        }
    }
    columns
}

/// Appends a column several times, run-length encoded.
fn run(text: &mut String, times: usize, column: u8) {
    let glyph = char::from(b'?' + column);
    if times > 3 {
        let written = write!(text, "!{times}{glyph}");
        debug_assert!(written.is_ok(), "writing to a String does not fail");
    } else {
        text.extend(std::iter::repeat_n(glyph, times));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::{bitmap::Scale, symbol::Symbol};

    /// An independent sixel reader: pixels by color, `None` where nothing was drawn.
    fn read(text: &str) -> Vec<Vec<Option<u8>>> {
        let body = text.strip_prefix("\x1bP0;1;0q").unwrap().strip_suffix("\x1b\\").unwrap();
        let (header, body) = body.split_once("#1;2;100;100;100").unwrap();
        let size: Vec<usize> = header[1..].split(['#', ';']).map(|n| n.parse().unwrap()).collect();
        let mut pixels = vec![vec![None; size[2]]; size[3].next_multiple_of(BAND)];
        let (mut x, mut top, mut color, mut repeat) = (0, 0, 0, 1);
        let mut characters = body.chars().peekable();
        let number = |characters: &mut std::iter::Peekable<std::str::Chars>| {
            let digits: String = std::iter::from_fn(|| characters.next_if(char::is_ascii_digit)).collect();
            digits.parse::<usize>().unwrap()
        };
        while let Some(character) = characters.next() {
            match character {
                '#' => color = u8::try_from(number(&mut characters)).unwrap(),
                '!' => repeat = number(&mut characters),
                '$' => x = 0,
                '-' => (x, top) = (0, top + BAND),
                '?'..='~' => {
                    let bits = character as u8 - b'?';
                    for _ in 0..std::mem::replace(&mut repeat, 1) {
                        for line in (0..BAND).filter(|line| bits >> line & 1 == 1) {
                            pixels[top + line][x] = Some(color);
                        }
                        x += 1;
                    }
                }
                other => panic!("unexpected {other:?}"),
            }
        }
        pixels
    }

    #[test]
    fn every_pixel_has_its_color_and_none_is_outside() {
        for (module, row) in [(1, 3), (3, 7), (5, 31)] {
            let symbol = Symbol::encode("1234567890123456789012", 2, 2).unwrap();
            let bitmap = Bitmap::draw(&symbol, Scale { module, row });
            for (y, line) in read(&sixel(&bitmap)).into_iter().enumerate() {
                for (x, pixel) in line.into_iter().enumerate() {
                    let expected = (y < bitmap.height()).then(|| u8::from(!bitmap.line(y)[x]));
                    assert_eq!(pixel, expected, "{x},{y} at {module}x{row}");
                }
            }
        }
    }

    #[test]
    fn a_barcode_is_a_few_kilobytes() {
        let symbol = Symbol::encode("1234567890123456789012", 2, 4).unwrap();
        assert!(sixel(&Bitmap::draw(&symbol, Scale { module: 7, row: 40 })).len() < 50_000);
    }
}
