//! The card's barcode: payload → symbol → terminal cells, image or pixels. Pure, without I/O.
//!
//! The usual path, for 80x21 cells of a terminal:
//!
//! ```
//! use getcard::barcode::cells::{ColorDepth, Grid};
//! use getcard::barcode::fit::{CellArea, Fit, Size, fit};
//! use getcard::barcode::{ansi, shape::ShapeOptions, symbol::Symbol};
//!
//! # fn main() -> Result<(), getcard::barcode::encode_error::EncodeError> {
//! let payload = "1234567890123456789012";
//! if let Fit::Layout(layout) = fit(payload, CellArea::new(80, 21), ShapeOptions::default(), Size::default())? {
//!     let symbol = Symbol::encode(payload, layout.shape.columns, layout.shape.level)?;
//!     let text = ansi::colored(&Grid::draw(&symbol, layout), ColorDepth::TrueColor);
//!     assert_eq!(text.lines().count(), usize::from(layout.height()));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A payload is a secret, and so is everything drawn from it: no type here shows either in its `Debug` output.

pub mod ansi;
pub mod bitmap;
pub mod cells;
pub mod codewords;
pub mod default_shape;
pub mod encode_error;
pub mod fit;
pub mod geometry;
mod picture;
pub mod pixels;
pub mod png;
mod quality;
pub mod shape;
pub mod svg;
pub mod symbol;
