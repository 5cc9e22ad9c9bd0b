//! A transient line on standard error that shows what a command is waiting for.
//!
//! There is only one standard error, so the state is global: calls begin and end a wait, all other output
//! erases the line first, and one task shows it once a wait has lasted long enough.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a wait is silent.
const SILENCE: Duration = Duration::from_millis(300);
/// How often to check.
const INTERVAL: Duration = Duration::from_millis(50);
/// Moves to the first column and clears the line.
const ERASE: &[u8] = b"\r\x1b[K";

static STATE: Mutex<State> = Mutex::new(State { wait: None, shown: None, muted: 0 });

struct State {
    wait: Option<Wait>,
    /// The text currently on the screen.
    shown: Option<String>,
    /// The number of [`Muted`] guards alive.
    muted: usize,
}

struct Wait {
    what: String,
    since: Instant,
}

/// Suppresses the line while something else owns the screen or shows progress itself.
pub struct Muted(());

/// Begins a wait, or updates the text of the current one.
pub fn begin(what: String) {
    let mut state = state();
    let since = state.wait.as_ref().map_or_else(Instant::now, |wait| wait.since);
    state.wait = Some(Wait { what, since });
}

/// Ends the wait.
pub fn end() {
    let mut state = state();
    state.wait = None;
    state.erase();
}

/// Erases the line before other output.
pub fn erase() {
    state().erase();
}

/// Suppresses the line until the guard is dropped.
pub fn mute() -> Muted {
    let mut state = state();
    state.muted += 1;
    state.erase();
    Muted(())
}

/// Shows the line whenever a wait lasts long enough; never returns.
pub async fn show() {
    if !io::stderr().is_terminal() {
        return std::future::pending().await;
    }
    loop {
        tokio::time::sleep(INTERVAL).await;
        state().show();
    }
}

impl State {
    fn show(&mut self) {
        let text = self.due(Instant::now()).map(ToOwned::to_owned);
        if let Some(text) = text.filter(|text| self.shown.as_ref() != Some(text)) {
            self.erase();
            let _ = io::stderr().lock().write_all(text.as_bytes());
            self.shown = Some(text);
        }
    }

    /// The text to show now, if any.
    fn due(&self, now: Instant) -> Option<&str> {
        let wait = self.wait.as_ref().filter(|_| self.muted == 0)?;
        (now.saturating_duration_since(wait.since) >= SILENCE).then_some(wait.what.as_str())
    }

    fn erase(&mut self) {
        if self.shown.take().is_some() {
            // If standard error is closed, there is no line to erase.
            let _ = io::stderr().lock().write_all(ERASE);
        }
    }
}

impl Drop for Muted {
    fn drop(&mut self) {
        state().muted -= 1;
    }
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_wait_is_shown_unless_muted() {
        let since = Instant::now();
        let mut state =
            State { wait: Some(Wait { what: "waiting".to_owned(), since }), shown: None, muted: 0 };
        assert_eq!(state.due(since + SILENCE / 2), None);
        assert_eq!(state.due(since + SILENCE), Some("waiting"));
        state.muted = 1;
        assert_eq!(state.due(since + SILENCE), None);
        state = State { wait: None, muted: 0, ..state };
        assert_eq!(state.due(since + SILENCE), None);
    }
}
