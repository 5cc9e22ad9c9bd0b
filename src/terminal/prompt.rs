//! Prompts for a hidden line or a confirmation. If dropped early, they restore the terminal.

use std::io::{self, IsTerminal, Read, Write};

use crossterm::event::{Event, EventStream, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use futures_util::StreamExt;
use zeroize::Zeroizing;

use crate::error::{Cause, Error, Result};
use crate::terminal::ui::Ui;

/// The maximum size of text on standard input, in bytes.
const MAX_TEXT: u64 = 1 << 20;

/// Raw mode, in which keys arrive unbuffered and without echo; ended on drop.
struct RawMode;

impl RawMode {
    fn enter() -> Result<Self> {
        enable_raw_mode().map_err(|error| {
            Error::new(Cause::Terminal, format!("cannot prompt on this terminal: {error}"))
        })?;
        Ok(Self)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        // If this fails, the terminal is gone, and there is nothing left to do.
        let _ = disable_raw_mode();
        let _ = io::stderr().lock().write_all(b"\n");
    }
}

/// Reads a secret: without echo from a terminal, otherwise all of standard input.
///
/// # Errors
/// `validation_error` if prompting is not possible; [`Error::Interrupted`] on Ctrl-C.
pub async fn secret(ui: &Ui, question: &str) -> Result<Zeroizing<String>> {
    if !io::stdin().is_terminal() {
        return stdin_text();
    }
    if !ui.can_ask() {
        return Err(Error::new(Cause::NoInput, "--no-input does not allow prompts")
            .hint("pass the text on standard input"));
    }
    hidden_line(question).await
}

/// Reads a secret line without echo. The caller must have checked that prompting is possible.
///
/// # Errors
/// [`Error::Interrupted`] on Ctrl-C; `internal_error` if the terminal is unusable.
pub async fn hidden_line(question: &str) -> Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::with_capacity(4096));
    // Before the question, so that nothing typed in response to it is echoed.
    let _raw = RawMode::enter()?;
    let mut err = io::stderr();
    let _ = write!(err, "{question} (hidden): ").and_then(|()| err.flush());
    let mut events = EventStream::new();
    while let Some(event) = events.next().await {
        let event = event
            .map_err(|error| Error::new(Cause::Terminal, format!("cannot read the terminal: {error}")))?;
        let Event::Key(key) = event else { continue };
        if key.kind != KeyEventKind::Press {
            continue;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('c') if control => return Err(Error::Interrupted),
            KeyCode::Char('d') if control => break,
            // The terminal has made a line feed, Ctrl-J, of a return that was typed before the question.
            KeyCode::Char('j') if control && !line.is_empty() => break,
            KeyCode::Char('u') if control => line.clear(),
            KeyCode::Enter => break,
            KeyCode::Backspace => drop(line.pop()),
            KeyCode::Char(character) if !control => line.push(character),
            _ => {}
        }
    }
    Ok(line)
}

/// Reads all of standard input as text.
///
/// # Errors
/// `validation_error` if it is not UTF-8, or longer than 1 MiB.
pub fn stdin_text() -> Result<Zeroizing<String>> {
    let bytes = stdin_bytes(MAX_TEXT)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Error::new(Cause::NotText, "standard input is not UTF-8 text"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Reads all of standard input.
///
/// # Errors
/// `validation_error` if it is longer than `limit` bytes.
pub fn stdin_bytes(limit: u64) -> Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    io::stdin()
        .lock()
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::new(Cause::Input, format!("cannot read standard input: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(Error::new(Cause::TooLong, format!("standard input is longer than {} MiB", limit >> 20)));
    }
    Ok(bytes)
}

/// Asks for confirmation; only `y` and `yes` confirm. The caller must have checked that prompting is possible.
///
/// # Errors
/// If the terminal cannot be read.
pub async fn confirm(question: &str) -> Result<bool> {
    let answer = line(&format!("{question} [y/N] ")).await?;
    Ok(answer.is_some_and(|line| matches!(line.to_lowercase().as_str(), "y" | "yes")))
}

/// Reads a line, trimmed; `None` at the end of input. The caller must have checked that prompting is possible.
///
/// # Errors
/// If the terminal cannot be read.
pub async fn line(question: &str) -> Result<Option<String>> {
    let mut err = io::stderr();
    let _ = write!(err, "{question}").and_then(|()| err.flush());
    let (done, answer) = tokio::sync::oneshot::channel();
    // A separate thread, so that Ctrl-C ends the wait.
    std::thread::spawn(move || {
        let mut line = String::new();
        done.send(io::stdin().read_line(&mut line).map(|_| line))
    });
    let line = answer.await.map_err(|_| Error::Interrupted)?;
    let line =
        line.map_err(|error| Error::new(Cause::Terminal, format!("cannot read the terminal: {error}")))?;
    Ok((!line.is_empty()).then(|| line.trim().to_owned()))
}
