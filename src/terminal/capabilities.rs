//! Terminal capabilities, detected once and used by the view, `--once`, tables and `doctor`.

use std::io::stdout;

use crossterm::cursor::MoveToColumn;
use crossterm::execute;
use crossterm::terminal::{Clear, ClearType, disable_raw_mode, enable_raw_mode};

use super::color;
use super::environment::{Variable, variable};
use super::pictures::{self, PicturePreference, PictureProtocol};
use super::query::{self, Answers, PendingQuery};
use super::screen::Screen;
use crate::barcode::cells::ColorDepth;
use crate::barcode::fit::Glyphs;

/// The assumed cell size in pixels if a terminal supports pictures but does not report it.
const DEFAULT_CELL: (u16, u16) = (10, 20);

/// The capabilities of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// The size at detection.
    pub screen: Screen,
    /// The color depth for the barcode, which is drawn in black and white even if other colors are off.
    pub depth: ColorDepth,
    /// Whether to use color for anything else.
    pub color: bool,
    /// Whether it can show `▌` and other characters outside ASCII.
    pub unicode: bool,
    /// A program between this process and the terminal.
    pub between: Option<Between>,
    /// The picture protocol, if it supports one.
    pub pictures: Option<PictureProtocol>,
    /// The protocol implied by the terminal's name, for those without a query.
    promised: Option<PictureProtocol>,
    /// Whether to query the terminal without an explicit option.
    askable: bool,
}

/// A multiplexer or connection between this process and the terminal: it is unclear which terminal answers
/// queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    Tmux,
    /// GNU screen.
    Screen,
    Zellij,
    /// A connection from another machine.
    Ssh,
}

impl Capabilities {
    /// Detects the terminal of this process from its environment and size; `color` says whether to use color.
    #[must_use]
    pub fn of_terminal(color: bool) -> Self {
        Self::of(&variable, Screen::of_terminal(), color)
    }

    /// Like [`Self::of_terminal`], and queries the terminal for what its environment does not reveal.
    #[must_use]
    pub fn asked(color: bool, preference: PicturePreference) -> Self {
        let mut terminal = Self::of_terminal(color);
        if terminal.asks(preference) && enable_raw_mode().is_ok() {
            let heard = query::ask().map(PendingQuery::wait).unwrap_or_default();
            // Some terminals echo parts of the queries.
            let _ = execute!(stdout(), MoveToColumn(0), Clear(ClearType::UntilNewLine));
            let _ = disable_raw_mode();
            let _ = terminal.take(&heard.answers, preference);
        }
        terminal
    }

    /// The capabilities implied by an environment and a size.
    #[must_use]
    fn of(variable: Variable<'_>, screen: Screen, color: bool) -> Self {
        let term = variable("TERM").unwrap_or_default();
        let between = between(variable, &term);
        Self {
            screen,
            depth: color::depth(variable),
            color,
            unicode: term != "linux" && speaks_utf8(variable),
            between,
            pictures: None,
            promised: pictures::protocol_from_environment(variable),
            askable: between.is_none()
                && (!matches!(term.as_str(), "" | "dumb" | "linux" | "ansi" | "vt100")
                    // Windows Terminal sets no TERM.
                    || (term.is_empty() && variable("WT_SESSION").is_some())),
        }
    }

    /// A modern terminal of this size: 24-bit colors, UTF-8, no pictures.
    #[must_use]
    pub fn modern(screen: Screen) -> Self {
        Self {
            screen,
            depth: ColorDepth::TrueColor,
            color: true,
            unicode: true,
            between: None,
            pictures: None,
            promised: None,
            askable: false,
        }
    }

    /// The glyphs available for a barcode.
    #[must_use]
    pub fn glyphs(&self) -> Glyphs {
        if self.unicode { Glyphs::HalfBlock } else { Glyphs::SpacesOnly }
    }

    /// The color depth for text in a pipe, which will probably be shown on this terminal, if there is one.
    #[must_use]
    pub fn depth_of_pipe() -> ColorDepth {
        match variable("TERM").as_deref() {
            None | Some("dumb") => ColorDepth::TrueColor,
            Some(_) => color::depth(&variable),
        }
    }

    /// Returns whether to query the terminal. Through a multiplexer or a network, neither the answering
    /// terminal nor the timing is certain.
    #[must_use]
    pub fn asks(&self, preference: PicturePreference) -> bool {
        match preference {
            PicturePreference::Auto => self.askable,
            PicturePreference::This(_) => true,
            PicturePreference::Cells => false,
        }
    }

    /// Applies the terminal's replies. Returns the requested protocol if it was not confirmed.
    #[must_use]
    pub fn take(&mut self, answers: &Answers, preference: PicturePreference) -> Option<PictureProtocol> {
        if let Some(unicode) = answers.unicode {
            self.unicode &= unicode;
        }
        let answered = |protocol| match protocol {
            PictureProtocol::Kitty => answers.kitty,
            PictureProtocol::Sixel => answers.sixel,
            PictureProtocol::Iterm => self.promised == Some(protocol),
        };
        let best = [PictureProtocol::Kitty, PictureProtocol::Iterm, PictureProtocol::Sixel];
        self.pictures = match preference {
            PicturePreference::Cells => None,
            PicturePreference::This(wanted) => Some(wanted).filter(|wanted| answered(*wanted)),
            PicturePreference::Auto if !self.askable || !answers.complete => None,
            PicturePreference::Auto => best.into_iter().find(|protocol| answered(*protocol)),
        };
        let cell = answers.cell.or(self.pictures.map(|_| DEFAULT_CELL));
        self.screen = self.screen.or_cell(cell);
        match preference {
            PicturePreference::This(wanted) if self.pictures.is_none() => Some(wanted),
            _ => None,
        }
    }
}

impl Between {
    /// The display name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tmux => "tmux",
            Self::Screen => "screen",
            Self::Zellij => "zellij",
            Self::Ssh => "ssh",
        }
    }
}

fn between(variable: Variable<'_>, term: &str) -> Option<Between> {
    let set = |names: &[&str]| names.iter().any(|name| variable(name).is_some());
    match () {
        () if set(&["TMUX"]) || term.starts_with("tmux") => Some(Between::Tmux),
        () if set(&["STY"]) || term.starts_with("screen") => Some(Between::Screen),
        () if set(&["ZELLIJ"]) => Some(Between::Zellij),
        () if set(&["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]) => Some(Between::Ssh),
        () => None,
    }
}

/// Returns whether the locale allows UTF-8. Without a locale, yes: nearly all terminals support it.
fn speaks_utf8(variable: Variable<'_>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| variable(name));
    let locale = locale.unwrap_or_default().to_lowercase();
    cfg!(windows)
        || cfg!(target_os = "macos")
        || matches!(locale.as_str(), "" | "c" | "posix")
        || locale.contains("utf-8")
        || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Answers =
        Answers { kitty: true, sixel: true, cell: Some((9, 18)), unicode: Some(true), complete: true };
    const XTERM: (&str, &str) = ("TERM", "xterm-256color");

    fn of(environment: &[(&str, &str)]) -> Capabilities {
        let variable = |name: &str| {
            environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Capabilities::of(&variable, Screen::new(80, 24), true)
    }

    fn pictures(answers: Answers, environment: &[(&str, &str)]) -> Option<PictureProtocol> {
        let mut terminal = of(environment);
        let _ = terminal.take(&answers, PicturePreference::Auto);
        terminal.pictures
    }

    #[test]
    fn auto_picks_the_best_confirmed_protocol() {
        assert_eq!(pictures(ALL, &[XTERM]), Some(PictureProtocol::Kitty));
        let sixel = Answers { kitty: false, ..ALL };
        assert_eq!(pictures(sixel, &[XTERM]), Some(PictureProtocol::Sixel));
        assert_eq!(pictures(sixel, &[XTERM, ("TERM_PROGRAM", "iTerm.app")]), Some(PictureProtocol::Iterm));
        assert_eq!(pictures(Answers { sixel: false, ..sixel }, &[XTERM]), None);
        assert_eq!(pictures(Answers { complete: false, ..ALL }, &[XTERM]), None);
    }

    #[test]
    fn auto_picks_no_protocol_if_in_doubt() {
        for doubt in [("TMUX", "x"), ("STY", "x"), ("ZELLIJ", "0"), ("SSH_TTY", "/dev/pts/1")] {
            assert_eq!(pictures(ALL, &[XTERM, doubt]), None, "{doubt:?}");
            assert!(!of(&[XTERM, doubt]).asks(PicturePreference::Auto));
        }
        for vague in ["", "linux", "screen-256color", "tmux-256color", "dumb"] {
            assert_eq!(pictures(ALL, &[("TERM", vague)]), None, "{vague}");
        }
        assert!(of(&[("WT_SESSION", "1")]).asks(PicturePreference::Auto));
        assert!(!of(&[("WT_SESSION", "1"), ("TERM", "dumb")]).asks(PicturePreference::Auto));
        assert_eq!(of(&[("TERM", "tmux-256color")]).between, Some(Between::Tmux));
    }

    #[test]
    fn an_unconfirmed_protocol_is_not_used() {
        let wanted = PicturePreference::This(PictureProtocol::Sixel);
        let mut terminal = of(&[XTERM]);
        assert_eq!(terminal.take(&Answers::default(), wanted), Some(PictureProtocol::Sixel));
        assert_eq!(terminal.pictures, None);
        assert_eq!(terminal.take(&ALL, wanted), None);
        assert_eq!(terminal.pictures, Some(PictureProtocol::Sixel));
        let iterm = PicturePreference::This(PictureProtocol::Iterm);
        assert_eq!(of(&[XTERM]).take(&ALL, iterm), Some(PictureProtocol::Iterm));
        assert_eq!(of(&[XTERM, ("LC_TERMINAL", "iTerm2")]).take(&ALL, iterm), None);
    }

    #[test]
    fn half_blocks_need_utf8_and_a_font_that_has_them() {
        assert!(of(&[XTERM]).unicode && of(&[XTERM, ("LC_ALL", "C")]).unicode);
        assert!(of(&[XTERM, ("LANG", "de_DE.UTF-8")]).unicode);
        assert!(!of(&[XTERM, ("LANG", "de_DE.ISO-8859-1")]).unicode || cfg!(not(target_os = "linux")));
        assert!(!of(&[("TERM", "linux"), ("LANG", "de_DE.UTF-8")]).unicode);
        let mut latin1 = of(&[XTERM]);
        let _ = latin1.take(&Answers { unicode: Some(false), ..ALL }, PicturePreference::Auto);
        assert!(!latin1.unicode, "the terminal knows better than the locale");
    }
}
