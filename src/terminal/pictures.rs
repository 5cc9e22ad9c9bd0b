//! The picture protocols of terminals.

use super::environment::Variable;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureProtocol {
    /// The kitty graphics protocol.
    Kitty,
    Sixel,
    /// iTerm2 inline images.
    Iterm,
}

/// The user's preference for pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PicturePreference {
    /// Pictures if the terminal is known to support them, otherwise cells.
    #[default]
    Auto,
    Cells,
    /// Pictures in this protocol.
    This(PictureProtocol),
}

impl PictureProtocol {
    /// The display name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kitty => "Kitty",
            Self::Sixel => "Sixel",
            Self::Iterm => "iTerm2",
        }
    }
}

/// The protocol implied by the terminal's name: iTerm2's, because it has no query.
pub(super) fn protocol_from_environment(variable: Variable<'_>) -> Option<PictureProtocol> {
    let program = variable("TERM_PROGRAM").unwrap_or_default();
    let known = ["iTerm.app", "WezTerm", "mintty"].contains(&program.as_str())
        || variable("LC_TERMINAL").as_deref() == Some("iTerm2");
    known.then_some(PictureProtocol::Iterm)
}
