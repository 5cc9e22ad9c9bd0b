//! Symbol → bytes for terminals with pixel graphics, modules in whole pixels.
//!
//! Every function here writes a picture at the cursor and leaves the cursor's place to the caller: move it to the top
//! left cell first, and wherever text goes on afterwards. Pictures stay within the [`Canvas`] that they were made for.

mod canvas;
mod iterm;
mod kitty;
mod sixel;

pub use canvas::{Canvas, PixelFit, PixelLayout, fit};
pub use iterm::iterm;
pub use kitty::{kitty, kitty_delete};
pub use sixel::sixel;
