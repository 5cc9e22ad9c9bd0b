//! The line on standard error that says what a command is waiting for, and goes away again.
//!
//! There is one standard error, so the state is the process's: calls begin and end a wait, whatever else is written
//! erases the line first, and one task shows it once a wait has lasted long enough.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a wait may be silent.
const SILENCE: Duration = Duration::from_millis(300);
/// How often to check.
const INTERVAL: Duration = Duration::from_millis(50);
/// Back to the first column, and clear to the end of the line.
const ERASE: &[u8] = b"\r\x1b[K";

static STATE: Mutex<State> = Mutex::new(State { wait: None, shown: None, muted: 0 });

struct State {
    wait: Option<Wait>,
    /// The text on the screen.
    shown: Option<String>,
    /// How many hold the line back.
    muted: usize,
}

struct Wait {
    what: String,
    since: Instant,
}

/// Holds the line back while something else owns the screen or shows progress itself.
pub struct Muted(());

/// Begins a wait, or says more of the one under way.
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

/// Takes the line off the screen, before something else is written there.
pub fn erase() {
    state().erase();
}

/// Holds the line back until the value is dropped.
pub fn mute() -> Muted {
    let mut state = state();
    state.muted += 1;
    state.erase();
    Muted(())
}

/// Shows the line whenever a wait lasts; never returns.
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

    /// What the line says now, if anything.
    fn due(&self, now: Instant) -> Option<&str> {
        let wait = self.wait.as_ref().filter(|_| self.muted == 0)?;
        (now.saturating_duration_since(wait.since) >= SILENCE).then_some(wait.what.as_str())
    }

    fn erase(&mut self) {
        if self.shown.take().is_some() {
            // A closed standard error shows no line either.
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
    fn a_wait_is_said_once_it_lasts_and_not_while_muted() {
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
