//! Keys → actions.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::platform::system::System;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Fetch a new code now.
    Refresh,
    /// Stop fetching, or go on.
    Pause,
    /// Show the barcode and nothing else, or everything again.
    Bare,
    /// A size up.
    Larger,
    /// A size down.
    Smaller,
    /// List the keys, or go back.
    Help,
    /// Back from help or the bare barcode.
    Back,
    /// End.
    Quit,
    /// End as Ctrl-C does.
    Interrupt,
    /// Give the terminal back to the shell.
    Suspend,
}

const SUSPEND: &str = "Ctrl-Z";

/// The keys and what they do, for the help of this system.
#[must_use]
pub fn help(system: System) -> Vec<(&'static str, &'static str)> {
    KEYS.into_iter().filter(|(key, _)| *key != SUSPEND || system != System::Windows).collect()
}

const KEYS: [(&str, &str); 7] = [
    ("r", "fetch a new code now"),
    ("p", "pause: fetch nothing until p is pressed again"),
    ("f", "barcode only, as large as the screen allows"),
    ("+ / -", "larger / smaller; try + where bars are missing"),
    ("?", "this list"),
    ("q", "quit"),
    (SUSPEND, "back to the shell; fg returns here"),
];

/// The key that sends this byte.
#[must_use]
pub fn typed(byte: u8) -> KeyEvent {
    match byte {
        0x01..=0x1a => KeyEvent::new(KeyCode::Char(char::from(byte + 0x60)), KeyModifiers::CONTROL),
        _ => KeyEvent::new(KeyCode::Char(char::from(byte)), KeyModifiers::NONE),
    }
}

/// The action of a key; key repeats and releases are ignored, or they would act twice.
#[must_use]
pub fn action(key: KeyEvent) -> Option<Action> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SUPER);
    let action = match key.code {
        KeyCode::Char('c') if control => Action::Interrupt,
        // Without job control there is no shell to go back to.
        KeyCode::Char('z') if control && cfg!(unix) => Action::Suspend,
        KeyCode::Char('+') if plain => Action::Larger,
        KeyCode::Char('-') if plain => Action::Smaller,
        _ if key.kind == KeyEventKind::Repeat => return None,
        KeyCode::Char('r' | 'R') if plain => Action::Refresh,
        KeyCode::Char('p' | 'P') if plain => Action::Pause,
        KeyCode::Char('f' | 'F') if plain => Action::Bare,
        KeyCode::Char('?' | 'h') if plain => Action::Help,
        KeyCode::Char('q' | 'Q') if plain => Action::Quit,
        KeyCode::Esc => Action::Back,
        _ => return None,
    };
    Some(action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_ctrl_z_where_there_is_a_shell_to_go_back_to() {
        let named = |system| help(system).iter().any(|(key, _)| *key == "Ctrl-Z");
        assert_eq!(System::ALL.map(named), System::ALL.map(|system| system != System::Windows));
    }

    #[test]
    fn keys_act_once_and_only_plain() {
        let key = |code| KeyEvent::new(KeyCode::Char(code), KeyModifiers::NONE);
        assert_eq!(action(key('r')), Some(Action::Refresh));
        assert_eq!(action(KeyEvent { kind: KeyEventKind::Release, ..key('r') }), None);
        assert_eq!(action(KeyEvent { kind: KeyEventKind::Repeat, ..key('r') }), None);
        assert_eq!(action(KeyEvent { kind: KeyEventKind::Repeat, ..key('+') }), Some(Action::Larger));
        assert_eq!(action(KeyEvent { modifiers: KeyModifiers::ALT, ..key('q') }), None);
        let control = KeyEvent { modifiers: KeyModifiers::CONTROL, ..key('c') };
        assert_eq!(action(control), Some(Action::Interrupt));
        assert_eq!(action(KeyEvent { code: KeyCode::Char('r'), ..control }), None);
        assert_eq!(
            [b'q', 3, 26].map(|byte| action(typed(byte))),
            [Some(Action::Quit), Some(Action::Interrupt), cfg!(unix).then_some(Action::Suspend)]
        );
    }
}
