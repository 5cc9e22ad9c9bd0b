//! Queries the terminal about itself: once, in raw mode, with an end mark and a time limit.
//!
//! The queries: how far `▌ñ` moves the cursor, a test image for the kitty graphics protocol, `CSI 16 t` for
//! the size of a cell, and last `CSI c`, which every terminal answers after all others. Some terminals echo
//! parts of the queries, so the caller clears them.

#[cfg(windows)]
mod console;
#[cfg(unix)]
mod tty;

use std::time::{Duration, Instant};

#[cfg(windows)]
use self::console::Reader;
#[cfg(unix)]
use self::tty::Reader;

/// How long to wait for the replies.
const LIMIT: Duration = Duration::from_millis(150);

/// The parsed replies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answers {
    /// It supports the kitty graphics protocol.
    pub kitty: bool,
    /// It supports Sixel.
    pub sixel: bool,
    /// The size of a cell in pixels (width, height).
    pub cell: Option<(u16, u16)>,
    /// Whether `▌ñ` takes two columns, if the terminal reports it. `▌` alone takes one column in Latin-1 too,
    /// where two of its three bytes are control characters; in East Asian terminals it may take two.
    pub unicode: Option<bool>,
    /// Whether the end mark arrived.
    pub complete: bool,
}

/// The replies, and the keys typed in between.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueryReplies {
    pub answers: Answers,
    /// Input by the user, which is passed on.
    pub typed: Vec<u8>,
}

/// A query that was sent and is not answered yet.
#[derive(Debug)]
pub struct PendingQuery(Reader);

/// Sends the query; the terminal must be in raw mode. `None` without a terminal device.
#[must_use]
pub fn ask() -> Option<PendingQuery> {
    Reader::ask().ok().map(PendingQuery)
}

impl PendingQuery {
    /// Waits for the end mark, at most 150 ms.
    #[must_use]
    pub fn wait(mut self) -> QueryReplies {
        let (start, mut bytes) = (Instant::now(), Vec::new());
        loop {
            let replies = parse(&bytes);
            let left = LIMIT.saturating_sub(start.elapsed());
            // Also stop if the terminal is gone.
            if replies.answers.complete || left.is_zero() || !self.0.read(left, &mut bytes).unwrap_or(false) {
                return replies;
            }
        }
    }
}

/// Separates the replies from what was typed.
fn parse(bytes: &[u8]) -> QueryReplies {
    let mut replies = QueryReplies::default();
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        let taken = sequence(rest).unwrap_or(1);
        let (one, after) = rest.split_at(taken);
        if !replies.answers.take(one) && (one.len() == 1 && *first != 0x1b) {
            replies.typed.push(*first);
        }
        rest = after;
    }
    replies
}

/// The length of the control sequence at the start.
fn sequence(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0x1b, b'[', parameters @ ..] => {
            parameters.iter().position(|byte| (0x40..=0x7e).contains(byte)).map(|end| end + 3)
        }
        [0x1b, b'_', string @ ..] => string.windows(2).position(|end| end == b"\x1b\\").map(|end| end + 4),
        _ => None,
    }
}

impl Answers {
    /// Applies a sequence if it is a reply; returns whether it was.
    fn take(&mut self, sequence: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(sequence) else { return false };
        if let Some(graphics) = text.strip_prefix("\x1b_Gi=31;") {
            self.kitty = graphics.starts_with("OK");
        } else if let Some(attributes) = text.strip_prefix("\x1b[?").and_then(|rest| rest.strip_suffix('c')) {
            self.sixel = attributes.split(';').skip(1).any(|attribute| attribute == "4");
            self.complete = true;
        } else if let Some(size) = text.strip_prefix("\x1b[6;").and_then(|rest| rest.strip_suffix('t')) {
            let number = |text: &str| text.parse::<u16>().ok().filter(|number| *number > 0);
            self.cell = size.split_once(';').and_then(|(height, width)| number(width).zip(number(height)));
        } else if let Some(place) = text.strip_prefix("\x1b[").and_then(|rest| rest.strip_suffix('R')) {
            self.unicode = place.split_once(';').map(|(_, column)| column == "3");
        } else {
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    #[test]
    fn replies_are_separated_from_keys() {
        let replies = parse(b"r\x1b[1;3R\x1b_Gi=31;OK\x1b\\?\x1b[6;18;9t\x1b[A\x1b[?62;4;22cq");
        let answers =
            Answers { kitty: true, sixel: true, cell: Some((9, 18)), unicode: Some(true), complete: true };
        assert_eq!(replies, QueryReplies { answers, typed: b"r?q".to_vec() });
    }

    #[test]
    fn missing_replies_mean_unsupported() {
        assert_eq!(
            parse(b"\x1b_Gi=31;ENOENT:no\x1b\\\x1b[?64;22c").answers,
            Answers { complete: true, ..Answers::default() }
        );
        assert_eq!(parse(b"\x1b[1;4R").answers.unicode, Some(false), "Latin-1, or wide");
        // The first number of the end mark is the terminal's class, not a feature.
        assert!(!parse(b"\x1b[?4;6c").answers.sixel);
        assert_eq!(parse(b"\x1b[6;0;0t\x1b[?6").answers, Answers::default());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in any::<Vec<u8>>()) {
            let _ = parse(&bytes);
        }
    }
}
