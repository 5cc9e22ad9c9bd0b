//! When to use color, and detecting the color depth from the environment.

use clap::ValueEnum;

use super::environment::Variable;
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

/// Terminals with 24-bit color that are only recognizable by their name.
const TRUE_COLOR_TERMS: [&str; 7] =
    ["alacritty", "contour", "foot", "ghostty", "wezterm", "xterm-ghostty", "xterm-kitty"];

/// Programs that support 24-bit color whatever `TERM` they set.
const TRUE_COLOR_PROGRAMS: [&str; 4] = ["WezTerm", "ghostty", "iTerm.app", "vscode"];

/// Prefixes of the names of terminals with a 256-color palette.
const PALETTE_TERMS: [&str; 6] = ["xterm", "rxvt-unicode", "konsole", "vte", "st-", "mlterm"];

/// The color depth of a terminal with this environment; the lower one if in doubt.
pub(super) fn depth(variable: Variable<'_>) -> ColorDepth {
    let term = variable("TERM").unwrap_or_default();
    // Themes can change entries 0 and 15, so the 256-color palette is preferred.
    let large = term.contains("256color") || PALETTE_TERMS.iter().any(|name| term.starts_with(name));
    let palette = if large { ColorDepth::Indexed256 } else { ColorDepth::Indexed16 };
    let promised = matches!(variable("COLORTERM").as_deref(), Some("truecolor" | "24bit"));
    if variable("TMUX").is_some() {
        // tmux accepts every form and reduces it to the outer terminal's.
        return if promised { ColorDepth::TrueColor } else { ColorDepth::Indexed256 };
    }
    if variable("STY").is_some() || term == "screen" || term.starts_with("screen.") {
        // screen does not understand 24-bit colors, whatever the outer terminal supports.
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
        depth(&|name| {
            environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn colorterm_and_terminal_names_determine_the_depth() {
        assert_eq!(of(&[("TERM", "xterm")]), ColorDepth::Indexed256);
        assert_eq!(of(&[("TERM", "xterm-color")]), ColorDepth::Indexed256);
        assert_eq!(of(&[("TERM", "rxvt-unicode")]), ColorDepth::Indexed256);
        assert_eq!(of(&[("TERM", "xterm-256color")]), ColorDepth::Indexed256);
        assert_eq!(of(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), ColorDepth::TrueColor);
        assert_eq!(of(&[("TERM", "xterm-kitty")]), ColorDepth::TrueColor);
        assert_eq!(of(&[("TERM", "foot-extra")]), ColorDepth::TrueColor);
        assert_eq!(of(&[("TERM", "linux"), ("COLORTERM", "yes")]), ColorDepth::Indexed16);
    }

    #[test]
    fn a_multiplexer_limits_the_depth() {
        assert_eq!(of(&[("TERM", "screen"), ("TMUX", "x")]), ColorDepth::Indexed256);
        assert_eq!(of(&[("TERM", "screen"), ("TMUX", "x"), ("COLORTERM", "24bit")]), ColorDepth::TrueColor);
        let screen = [("TERM", "screen.xterm-256color"), ("STY", "1.tty"), ("COLORTERM", "truecolor")];
        assert_eq!(of(&screen), ColorDepth::Indexed256);
        assert_eq!(of(&[("TERM", "screen"), ("COLORTERM", "truecolor")]), ColorDepth::Indexed16);
    }
}
