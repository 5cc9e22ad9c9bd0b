//! Queries a terminal device and reads its replies.

use std::fs::File;
use std::io::{self, Read, Write};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// The cursor column after `▌ñ`, a one-pixel kitty test image, the cell size, then the end mark.
const QUESTIONS: &str = "\r▌ñ\x1b[6n\r\x1b[K\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[c";

#[derive(Debug)]
pub struct Reader(File);

impl Reader {
    pub fn ask() -> io::Result<Self> {
        let mut terminal = File::options().read(true).write(true).open("/dev/tty")?;
        terminal.write_all(QUESTIONS.as_bytes())?;
        Ok(Self(terminal))
    }

    /// Reads available bytes, waiting up to `left`; returns false if there were none.
    pub fn read(&mut self, left: Duration, bytes: &mut Vec<u8>) -> io::Result<bool> {
        let mut waiting = [PollFd::new(&self.0, PollFlags::IN)];
        if poll(&mut waiting, Timespec::try_from(left).ok().as_ref())? == 0 {
            return Ok(false);
        }
        let mut buffer = [0; 256];
        let read = self.0.read(&mut buffer)?;
        bytes.extend_from_slice(&buffer[..read]);
        Ok(read > 0)
    }
}
