//! Renders a symbol for terminals with pixel graphics, with modules in whole pixels.
//!
//! All functions here write a picture at the cursor and leave the cursor position to the caller: move it to
//! the top left cell before, and to wherever text continues after. Pictures stay within the [`Canvas`] that
//! they were made for.

mod canvas;
mod iterm;
mod kitty;
mod sixel;

pub use canvas::{Canvas, PixelFit, PixelLayout, fit};
pub use iterm::iterm;
pub use kitty::{kitty, kitty_delete};
pub use sixel::sixel;
