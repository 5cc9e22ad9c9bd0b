//! The card's barcode: payload → symbol → terminal cells, image or pixels; pure code without I/O.
//!
//! The usual way through, for a terminal of 80x21 cells:
//!
//! ```
//! use getcard::barcode::{ansi, cells::{Depth, Grid}, fit::{Fit, Room, Wish, fit}, symbol::Symbol};
//!
//! # fn main() -> Result<(), getcard::barcode::symbol::EncodeError> {
//! let payload = "1234567890123456789012";
//! if let Fit::Layout(layout) = fit(payload, Room::new(80, 21), Wish::default())? {
//!     let symbol = Symbol::encode(payload, layout.columns, layout.level)?;
//!     let text = ansi::coloured(&Grid::draw(&symbol, layout), Depth::TrueColor);
//!     assert_eq!(text.lines().count(), usize::from(layout.height()));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A payload is a secret and so is everything drawn from it: no type here shows either in its `Debug` form.

pub mod ansi;
pub mod bitmap;
pub mod cells;
pub mod codewords;
pub mod default_shape;
pub mod fit;
pub mod layout;
pub mod pixels;
pub mod png;
mod quality;
mod shapes;
pub mod svg;
pub mod symbol;
