//! The state of the card: active or reported lost.

use serde::Serialize;

/// Whether the card is reported lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CardState {
    /// Readers accept it.
    Active,
    /// Reported lost: no reader accepts it.
    Lost,
    /// The service does not report it.
    Unknown,
}

impl CardState {
    /// Reads the state from `cashlessMediaStatus`.
    #[must_use]
    pub fn of_media_status(status: Option<&str>) -> Self {
        match status {
            Some("1") => Self::Active,
            Some("2") => Self::Lost,
            _ => Self::Unknown,
        }
    }

    /// The name in machine-readable output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Lost => "lost",
            Self::Unknown => "unknown",
        }
    }
}
