//! The picture on the screen: written when it changes, removed when it must not be shown.

use std::io::{self, Write};
use std::num::NonZeroU32;

use crossterm::cursor::MoveTo;
use crossterm::queue;
use ratatui::layout::Position;

use crate::barcode::bitmap::Bitmap;
use crate::barcode::pixels::{iterm, kitty, kitty_delete, sixel};
use crate::terminal::pictures::PictureProtocol;

/// The names of getcard's pictures in terminals that keep them by name, used alternately.
const NAMES: [NonZeroU32; 2] = [NonZeroU32::MIN.saturating_add(416), NonZeroU32::MIN.saturating_add(417)];

/// What hangs where.
#[derive(Default)]
pub struct ImageLayer {
    shown: Option<(Position, Bitmap)>,
    turn: usize,
}

impl ImageLayer {
    /// Whether every cell must be drawn again before the next picture: this one covers cells that have changed, and the
    /// terminal cannot take it away by name.
    #[must_use]
    pub fn needs_clearing(&self, graphics: PictureProtocol, next: Option<(Position, &Bitmap)>) -> bool {
        let Some((position, bitmap)) = &self.shown else { return false };
        let size = |bitmap: &Bitmap| (bitmap.width(), bitmap.height());
        graphics != PictureProtocol::Kitty
            && next.is_none_or(|(at, new)| at != *position || size(new) != size(bitmap))
    }

    /// Shows this picture in place of the last one, or none.
    pub fn place(
        &mut self,
        graphics: PictureProtocol,
        next: Option<(Position, &Bitmap)>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let Some((position, bitmap)) = next else {
            if self.shown.take().is_some() && graphics == PictureProtocol::Kitty {
                out.write_all(kitty_delete(NAMES[self.turn]).as_bytes())?;
            }
            return Ok(());
        };
        if self.shown.as_ref().is_some_and(|(at, shown)| *at == position && shown == bitmap) {
            return Ok(());
        }
        queue!(out, MoveTo(position.x, position.y))?;
        let text = match graphics {
            PictureProtocol::Kitty => {
                let last = self.shown.is_some().then_some(NAMES[self.turn]);
                self.turn = 1 - self.turn;
                kitty(bitmap, NAMES[self.turn], last).map_err(io::Error::other)?
            }
            PictureProtocol::Iterm => iterm(bitmap).map_err(io::Error::other)?,
            PictureProtocol::Sixel => sixel(bitmap),
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

    fn written(image_layer: &mut ImageLayer, graphics: PictureProtocol, next: Option<&Bitmap>) -> String {
        let mut out = Vec::new();
        image_layer.place(graphics, next.map(|bitmap| (AT, bitmap)), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_picture_is_written_once_and_replaced_by_name() {
        let (one, two) = (bitmap("1234567890123456789012"), bitmap("2234567890123456789012"));
        let mut image_layer = ImageLayer::default();
        let first = written(&mut image_layer, PictureProtocol::Kitty, Some(&one));
        assert!(first.starts_with("\x1b[2;4H\x1b_Ga=T") && first.contains("i=418"));
        assert_eq!(written(&mut image_layer, PictureProtocol::Kitty, Some(&one)), "");
        let second = written(&mut image_layer, PictureProtocol::Kitty, Some(&two));
        assert!(second.contains("i=417") && second.ends_with("\x1b_Ga=d,d=I,i=418,q=2\x1b\\"));
        assert_eq!(written(&mut image_layer, PictureProtocol::Kitty, None), "\x1b_Ga=d,d=I,i=417,q=2\x1b\\");
        assert_eq!(written(&mut image_layer, PictureProtocol::Kitty, None), "");
    }

    #[test]
    fn pictures_without_names_are_drawn_over_or_cleared_away() {
        let (one, two) = (bitmap("1234567890123456789012"), bitmap("2234567890123456789012"));
        let mut image_layer = ImageLayer::default();
        assert!(!image_layer.needs_clearing(PictureProtocol::Sixel, None));
        assert!(written(&mut image_layer, PictureProtocol::Sixel, Some(&one)).contains("\x1bP"));
        assert!(!image_layer.needs_clearing(PictureProtocol::Sixel, Some((AT, &two))));
        assert!(image_layer.needs_clearing(PictureProtocol::Sixel, Some((Position { x: 4, y: 1 }, &two))));
        assert!(image_layer.needs_clearing(PictureProtocol::Iterm, None));
    }
}
