//! How many colors a terminal shows, told from its environment.

use std::env;

use clap::ValueEnum;

use crate::barcode::cells::ColorDepth;

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
pub fn of_terminal() -> ColorDepth {
    depth(|name| env::var(name).ok().filter(|value| !value.is_empty()))
}

/// The colors of a terminal with this environment; where in doubt, fewer.
fn depth(variable: impl Fn(&str) -> Option<String>) -> ColorDepth {
    let term = variable("TERM").unwrap_or_default();
    let palette = if term.contains("256color") { ColorDepth::Indexed256 } else { ColorDepth::Indexed16 };
    let promised = matches!(variable("COLORTERM").as_deref(), Some("truecolor" | "24bit"));
    if variable("TMUX").is_some() {
        // tmux takes every form and brings it down to what the terminal around it has.
        return if promised { ColorDepth::TrueColor } else { ColorDepth::Indexed256 };
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
    if promised || known { ColorDepth::TrueColor } else { palette }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(environment: &[(&str, &str)]) -> ColorDepth {
        depth(|name| {
            environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn promises_and_names_tell_the_colors() {
        assert_eq!(of(&[("TERM", "xterm")]), ColorDepth::Indexed16);
        assert_eq!(of(&[("TERM", "xterm-256color")]), ColorDepth::Indexed256);
        assert_eq!(of(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), ColorDepth::TrueColor);
        assert_eq!(of(&[("TERM", "xterm-kitty")]), ColorDepth::TrueColor);
        assert_eq!(of(&[("TERM", "foot-extra")]), ColorDepth::TrueColor);
        assert_eq!(of(&[("TERM", "linux"), ("COLORTERM", "yes")]), ColorDepth::Indexed16);
    }

    #[test]
    fn a_multiplexer_has_the_last_word() {
        assert_eq!(of(&[("TERM", "screen"), ("TMUX", "x")]), ColorDepth::Indexed256);
        assert_eq!(of(&[("TERM", "screen"), ("TMUX", "x"), ("COLORTERM", "24bit")]), ColorDepth::TrueColor);
        let screen = [("TERM", "screen.xterm-256color"), ("STY", "1.tty"), ("COLORTERM", "truecolor")];
        assert_eq!(of(&screen), ColorDepth::Indexed256);
        assert_eq!(of(&[("TERM", "screen"), ("COLORTERM", "truecolor")]), ColorDepth::Indexed16);
    }
}
