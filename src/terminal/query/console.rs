//! Queries the Windows console, which delivers its replies as key events.

use std::io::{self, Write, stdout};
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEventKind, poll, read};

/// The cell size, then the end mark. The kitty query is left out: some versions print it as text, and none
/// supports its images. Windows draws Unicode whatever the locale.
const QUESTIONS: &[u8] = b"\x1b[16t\x1b[c";

#[derive(Debug)]
pub struct Reader;

impl Reader {
    pub fn ask() -> io::Result<Self> {
        let mut out = stdout().lock();
        out.write_all(QUESTIONS)?;
        out.flush()?;
        Ok(Self)
    }

    /// Reads available bytes, waiting up to `left`; returns false if there were none.
    #[expect(clippy::unused_self, reason = "as for a terminal device")]
    pub fn read(&mut self, left: Duration, bytes: &mut Vec<u8>) -> io::Result<bool> {
        if !poll(left)? {
            return Ok(false);
        }
        if let Event::Key(key) = read()?
            && key.kind == KeyEventKind::Press
        {
            take(key.code, bytes);
        }
        Ok(true)
    }
}

/// Appends a key to the replies. The escape that starts a reply does not arrive as a key event of its own.
fn take(key: KeyCode, bytes: &mut Vec<u8>) {
    match key {
        KeyCode::Esc => bytes.push(0x1b),
        KeyCode::Char('[') if bytes.last() != Some(&0x1b) => bytes.extend(b"\x1b["),
        KeyCode::Char(character) => bytes.extend(character.encode_utf8(&mut [0; 4]).as_bytes()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Answers, parse};
    use super::*;

    fn keys(text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        for character in text.chars() {
            take(if character == '\x1b' { KeyCode::Esc } else { KeyCode::Char(character) }, &mut bytes);
        }
        bytes
    }

    #[test]
    fn replies_arrive_as_keys_with_their_escapes_or_without() {
        let answers = Answers { sixel: true, cell: Some((10, 20)), complete: true, ..Answers::default() };
        for replies in ["\x1b[6;20;10t\x1b[?61;4;6;7c", "[6;20;10t[?61;4;6;7c"] {
            assert_eq!(parse(&keys(replies)).answers, answers, "{replies:?}");
        }
        assert_eq!(parse(&keys("q[?1;0c")).typed, b"q");
    }
}
