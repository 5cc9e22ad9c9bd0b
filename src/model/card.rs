//! The state of the card itself: whether readers take it.

use serde::Serialize;

/// Whether a card was reported lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CardState {
    /// Readers take it.
    Active,
    /// It was reported lost: no reader takes it.
    Lost,
    /// The service does not say.
    Unknown,
}

impl CardState {
    /// The state in `cashlessMediaStatus`.
    #[must_use]
    pub fn of_media_status(status: Option<&str>) -> Self {
        match status {
            Some("1") => Self::Active,
            Some("2") => Self::Lost,
            _ => Self::Unknown,
        }
    }

    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Lost => "lost",
            Self::Unknown => "unknown",
        }
    }
}
