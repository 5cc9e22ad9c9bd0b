//! The picture on the screen: written when it changes, removed when it must not be seen.

use std::io::{self, Write};
use std::num::NonZeroU32;

use crossterm::cursor::MoveTo;
use crossterm::queue;
use ratatui::layout::Position;

use super::graphics::Graphics;
use crate::barcode::bitmap::Bitmap;
use crate::barcode::pixels::{iterm, kitty, kitty_delete, sixel};

/// The names of our pictures where the terminal keeps them by name, taken turn by turn.
const NAMES: [NonZeroU32; 2] = [NonZeroU32::MIN.saturating_add(416), NonZeroU32::MIN.saturating_add(417)];

/// What hangs where.
#[derive(Default)]
pub struct Gallery {
    shown: Option<(Position, Bitmap)>,
    turn: usize,
}

impl Gallery {
    /// Whether every cell must be drawn anew before the next picture: this one covers cells that have changed, and
    /// the terminal cannot take it away by name.
    #[must_use]
    pub fn needs_clearing(&self, graphics: Graphics, next: Option<(Position, &Bitmap)>) -> bool {
        let Some((position, bitmap)) = &self.shown else { return false };
        let size = |bitmap: &Bitmap| (bitmap.width(), bitmap.height());
        graphics != Graphics::Kitty
            && next.is_none_or(|(at, new)| at != *position || size(new) != size(bitmap))
    }

    /// Shows this picture in place of the last one, or none.
    pub fn hang(
        &mut self,
        graphics: Graphics,
        next: Option<(Position, &Bitmap)>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let Some((position, bitmap)) = next else {
            if self.shown.take().is_some() && graphics == Graphics::Kitty {
                out.write_all(kitty_delete(NAMES[self.turn]).as_bytes())?;
            }
            return Ok(());
        };
        if self.shown.as_ref().is_some_and(|(at, shown)| *at == position && shown == bitmap) {
            return Ok(());
        }
        queue!(out, MoveTo(position.x, position.y))?;
        let text = match graphics {
            Graphics::Kitty => {
                let last = self.shown.is_some().then_some(NAMES[self.turn]);
                self.turn = 1 - self.turn;
                kitty(bitmap, NAMES[self.turn], last).map_err(io::Error::other)?
            }
            Graphics::Iterm => iterm(bitmap).map_err(io::Error::other)?,
            Graphics::Sixel => sixel(bitmap),
        };
        out.write_all(text.as_bytes())?;
        self.shown = Some((position, bitmap.clone()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::bitmap::Scale;
    use crate::barcode::symbol::Symbol;

    const AT: Position = Position { x: 3, y: 1 };

    fn bitmap(payload: &str) -> Bitmap {
        Bitmap::draw(&Symbol::encode(payload, 2, 2).unwrap(), Scale { module: 2, row: 6 })
    }

    fn written(gallery: &mut Gallery, graphics: Graphics, next: Option<&Bitmap>) -> String {
        let mut out = Vec::new();
        gallery.hang(graphics, next.map(|bitmap| (AT, bitmap)), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_picture_is_written_once_and_replaced_by_name() {
        let (one, two) = (bitmap("1234567890123456789012"), bitmap("2234567890123456789012"));
        let mut gallery = Gallery::default();
        let first = written(&mut gallery, Graphics::Kitty, Some(&one));
        assert!(first.starts_with("\x1b[2;4H\x1b_Ga=T") && first.contains("i=418"));
        assert_eq!(written(&mut gallery, Graphics::Kitty, Some(&one)), "");
        let second = written(&mut gallery, Graphics::Kitty, Some(&two));
        assert!(second.contains("i=417") && second.ends_with("\x1b_Ga=d,d=I,i=418,q=2\x1b\\"));
        assert_eq!(written(&mut gallery, Graphics::Kitty, None), "\x1b_Ga=d,d=I,i=417,q=2\x1b\\");
        assert_eq!(written(&mut gallery, Graphics::Kitty, None), "");
    }

    #[test]
    fn pictures_without_names_are_drawn_over_or_cleared_away() {
        let (one, two) = (bitmap("1234567890123456789012"), bitmap("2234567890123456789012"));
        let mut gallery = Gallery::default();
        assert!(!gallery.needs_clearing(Graphics::Sixel, None));
        assert!(written(&mut gallery, Graphics::Sixel, Some(&one)).contains("\x1bP"));
        assert!(!gallery.needs_clearing(Graphics::Sixel, Some((AT, &two))));
        assert!(gallery.needs_clearing(Graphics::Sixel, Some((Position { x: 4, y: 1 }, &two))));
        assert!(gallery.needs_clearing(Graphics::Iterm, None));
    }
}
