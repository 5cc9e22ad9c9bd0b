//! How many colors a terminal shows, told from its environment.

use std::env;

use clap::ValueEnum;

use crate::barcode::cells::Depth;

/// When to use color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Terminals that take 24-bit colors although nothing but their name says so.
const TRUE_COLOR_TERMS: [&str; 7] =
    ["alacritty", "contour", "foot", "ghostty", "wezterm", "xterm-ghostty", "xterm-kitty"];

/// Programs that draw 24-bit colors whatever `TERM` they set.
const TRUE_COLOR_PROGRAMS: [&str; 4] = ["WezTerm", "ghostty", "iTerm.app", "vscode"];

/// The colors of the terminal that this process writes to.
#[must_use]
pub fn of_terminal() -> Depth {
    depth(|name| env::var(name).ok().filter(|value| !value.is_empty()))
}

/// The colors of a terminal with this environment; where in doubt, fewer.
fn depth(variable: impl Fn(&str) -> Option<String>) -> Depth {
    let term = variable("TERM").unwrap_or_default();
    let palette = if term.contains("256color") { Depth::Indexed256 } else { Depth::Indexed16 };
    let promised = matches!(variable("COLORTERM").as_deref(), Some("truecolor" | "24bit"));
    if variable("TMUX").is_some() {
        // tmux takes every form and brings it down to what the terminal around it has.
        return if promised { Depth::TrueColor } else { Depth::Indexed256 };
    }
    if variable("STY").is_some() || term == "screen" || term.starts_with("screen.") {
        // screen does not understand 24 bits, whatever the terminal around it promises.
        return palette;
    }
    let program = variable("TERM_PROGRAM").unwrap_or_default();
    let known = term.ends_with("-direct")
        || TRUE_COLOR_TERMS.iter().any(|name| term == *name || term.starts_with(&format!("{name}-")))
        || TRUE_COLOR_PROGRAMS.contains(&program.as_str())
        || variable("WT_SESSION").is_some()
        || (cfg!(windows) && term.is_empty());
    if promised || known { Depth::TrueColor } else { palette }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(environment: &[(&str, &str)]) -> Depth {
        depth(|name| {
            environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn promises_and_names_tell_the_colors() {
        assert_eq!(of(&[("TERM", "xterm")]), Depth::Indexed16);
        assert_eq!(of(&[("TERM", "xterm-256color")]), Depth::Indexed256);
        assert_eq!(of(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), Depth::TrueColor);
        assert_eq!(of(&[("TERM", "xterm-kitty")]), Depth::TrueColor);
        assert_eq!(of(&[("TERM", "foot-extra")]), Depth::TrueColor);
        assert_eq!(of(&[("TERM", "linux"), ("COLORTERM", "yes")]), Depth::Indexed16);
    }

    #[test]
    fn a_multiplexer_has_the_last_word() {
        assert_eq!(of(&[("TERM", "screen"), ("TMUX", "x")]), Depth::Indexed256);
        assert_eq!(of(&[("TERM", "screen"), ("TMUX", "x"), ("COLORTERM", "24bit")]), Depth::TrueColor);
        let screen = [("TERM", "screen.xterm-256color"), ("STY", "1.tty"), ("COLORTERM", "truecolor")];
        assert_eq!(of(&screen), Depth::Indexed256);
        assert_eq!(of(&[("TERM", "screen"), ("COLORTERM", "truecolor")]), Depth::Indexed16);
    }
}
