//! Why a payload has no symbol.

use thiserror::Error;

/// Why a payload has no symbol. Says nothing about what is in the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// There is nothing to encode.
    #[error("the barcode payload is empty")]
    Empty,
    /// No symbol holds it, however wide and however low its error correction level.
    #[error("the barcode payload is too long for a PDF417 symbol")]
    TooLong,
    /// Other shapes may hold it, this one does not.
    #[error("the barcode payload does not fit {columns} data columns at error correction level {level}")]
    TooLongFor {
        /// Data columns.
        columns: u8,
        /// Error correction level.
        level: u8,
    },
    /// Data columns outside 1 to 30.
    #[error("a PDF417 symbol has 1 to 30 data columns, not {0}")]
    Columns(u8),
    /// An error correction level outside 0 to 8.
    #[error("a PDF417 symbol has an error correction level of 0 to 8, not {0}")]
    Level(u8),
    /// The encoder has no way to write it.
    #[error("the barcode payload cannot be encoded as PDF417")]
    Unencodable,
}
