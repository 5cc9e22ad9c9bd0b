//! Why a payload cannot be encoded.

use thiserror::Error;

/// Why a payload cannot be encoded. The messages do not quote the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// The payload is empty.
    #[error("the barcode payload is empty")]
    Empty,
    /// No symbol can hold it, however wide and at any error correction level.
    #[error("the barcode payload is too long for a PDF417 symbol")]
    TooLong,
    /// This shape cannot hold it, but others may.
    #[error("the barcode payload does not fit {columns} data columns at error correction level {level}")]
    TooLongFor { columns: u8, level: u8 },
    /// A number of data columns outside 1 to 30.
    #[error("a PDF417 symbol has 1 to 30 data columns, not {0}")]
    Columns(u8),
    /// An error correction level outside 0 to 8.
    #[error("a PDF417 symbol has an error correction level of 0 to 8, not {0}")]
    Level(u8),
    /// The encoder cannot represent it.
    #[error("the barcode payload cannot be encoded as PDF417")]
    Unencodable,
}
