//! How a terminal takes pictures, and whether it is asked for it at all.

use std::env;

use super::query::Answers;

/// A protocol for pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureProtocol {
    /// Kitty's.
    Kitty,
    /// DEC's Sixel.
    Sixel,
    /// iTerm2's.
    Iterm,
}

/// What the user wants of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PicturePreference {
    /// Pictures where the terminal surely takes them, else cells.
    Auto,
    /// Cells.
    Cells,
    /// Pictures by this protocol.
    This(PictureProtocol),
}

/// A cell of this size is taken where a terminal that is said to take pictures does not tell.
pub const USUAL_CELL: (u16, u16) = (10, 20);

impl PicturePreference {
    /// Whether the terminal must be asked. Through a multiplexer or the network nothing is sure: not even whose
    /// answer it would be, or when it comes.
    #[must_use]
    pub fn asks(self) -> bool {
        match self {
            Self::Auto => !is_in_doubt(&variable),
            Self::This(_) => true,
            Self::Cells => false,
        }
    }

    /// The protocol that follows from the terminal's answers.
    #[must_use]
    pub fn choose(self, answers: &Answers) -> Option<PictureProtocol> {
        match self {
            Self::Cells => None,
            Self::This(graphics) => Some(graphics),
            Self::Auto => auto(answers, &variable),
        }
    }
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn is_in_doubt(variable: &impl Fn(&str) -> Option<String>) -> bool {
    let term = variable("TERM").unwrap_or_default();
    let far = ["TMUX", "STY", "ZELLIJ", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"];
    let vague = ["", "dumb", "linux", "ansi", "vt100"];
    far.iter().any(|name| variable(name).is_some())
        || vague.contains(&term.as_str())
        || term.starts_with("screen")
        || term.starts_with("tmux")
}

fn auto(answers: &Answers, variable: &impl Fn(&str) -> Option<String>) -> Option<PictureProtocol> {
    if is_in_doubt(variable) || !answers.complete {
        return None;
    }
    let iterm = variable("TERM_PROGRAM").as_deref() == Some("iTerm.app");
    match () {
        () if answers.kitty => Some(PictureProtocol::Kitty),
        () if iterm => Some(PictureProtocol::Iterm),
        () if answers.sixel => Some(PictureProtocol::Sixel),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Answers = Answers { kitty: true, sixel: true, cell: Some((9, 18)), complete: true };

    fn of(answers: &Answers, environment: &[(&str, &str)]) -> Option<PictureProtocol> {
        auto(answers, &|name: &str| {
            environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_best_protocol_that_is_answered_for_is_taken() {
        let term = ("TERM", "xterm-256color");
        assert_eq!(of(&ALL, &[term]), Some(PictureProtocol::Kitty));
        let sixel = Answers { kitty: false, ..ALL };
        assert_eq!(of(&sixel, &[term]), Some(PictureProtocol::Sixel));
        assert_eq!(of(&sixel, &[term, ("TERM_PROGRAM", "iTerm.app")]), Some(PictureProtocol::Iterm));
        assert_eq!(of(&Answers { sixel: false, ..sixel }, &[term]), None);
        assert_eq!(of(&Answers { complete: false, ..ALL }, &[term]), None);
    }

    #[test]
    fn where_in_doubt_it_is_cells() {
        let term = ("TERM", "xterm-256color");
        for doubt in [("TMUX", "x"), ("STY", "x"), ("SSH_TTY", "/dev/pts/1"), ("SSH_CONNECTION", "x")] {
            assert_eq!(of(&ALL, &[term, doubt]), None, "{doubt:?}");
        }
        for vague in ["", "linux", "screen-256color", "tmux-256color", "dumb"] {
            assert_eq!(of(&ALL, &[("TERM", vague)]), None, "{vague}");
        }
    }
}
