//! A terminal: the real binary in a pty, and what a terminal emulator makes of it.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{Termios, tcgetattr};

use super::getcard::Getcard;
use super::scanner::scan_with;
use super::wait::{LIMIT, wait_describing};

/// A terminal with a process in it.
pub struct Screen {
    pty: Arc<Pty>,
    child: Child,
    emulator: Arc<Mutex<vt100::Parser>>,
    /// Ends when no process has the terminal any more.
    reader: JoinHandle<()>,
    before: Termios,
}

impl Screen {
    /// Runs getcard in a terminal of 24 lines and 80 columns.
    pub fn of<S: AsRef<OsStr>>(user: &Getcard, args: &[S]) -> Self {
        Self::run(user, OsStr::new(env!("CARGO_BIN_EXE_getcard")), args)
    }

    /// Runs a program in the environment of getcard's user.
    pub fn run<S: AsRef<OsStr>>(user: &Getcard, program: &OsStr, args: &[S]) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(24, 80)).unwrap();
        let before = tcgetattr(&pty).unwrap();
        let child = Command::new(program)
            .args(args)
            .env_clear()
            .envs([("TERM", "xterm-256color"), ("COLORTERM", "truecolor")])
            .envs(user.environment())
            .spawn(pts)
            .unwrap();
        let (pty, emulator) =
            (Arc::new(pty), Arc::new(Mutex::new(vt100::Parser::new(lines(24), lines(80), 0))));
        let (output, screen) = (Arc::clone(&pty), Arc::clone(&emulator));
        let reader = std::thread::spawn(move || {
            let mut buffer = vec![0; 65536];
            while let Ok(read @ 1..) = (&*output).read(&mut buffer) {
                screen.lock().unwrap().process(&buffer[..read]);
                // The end mark of a program that asks what the terminal can do: nothing.
                if buffer[..read].windows(3).any(|question| question == b"\x1b[c") {
                    let _ = (&*output).write_all(b"\x1b[?62;22c");
                }
            }
        });
        Self { pty, child, emulator, reader, before }
    }

    /// Types.
    pub fn send(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
    }

    /// What is on the screen.
    pub fn text(&self) -> String {
        self.emulator.lock().unwrap().screen().contents()
    }

    /// Waits until the screen is as wanted, and says how long that took.
    #[track_caller]
    pub fn until(&self, what: &str, wanted: impl Fn(&str) -> bool) -> Duration {
        wait_describing(|| format!("{what}\n{}", self.text()), || wanted(&self.text()))
    }

    /// Waits for a text on the screen.
    #[track_caller]
    pub fn until_text(&self, text: &str) -> Duration {
        self.until(text, |screen| screen.contains(text))
    }

    /// Makes the terminal another size.
    pub fn resize(&self, rows: u16, columns: u16) {
        self.emulator.lock().unwrap().screen_mut().set_size(lines(rows), lines(columns));
        self.pty.resize(Size::new(rows, columns)).unwrap();
    }

    /// Waits for a barcode on the screen and reads its payload, as its cells show it: half a frame shows none.
    pub fn scan(&self) -> Option<String> {
        self.scan_with(&[])
    }

    /// The same with options for tests/scan/decode.py.
    pub fn scan_with(&self, options: &[&str]) -> Option<String> {
        let start = Instant::now();
        loop {
            let payload = scan_with(self.picture().as_bytes(), options);
            if payload.is_some() || start.elapsed() > LIMIT {
                return payload;
            }
            sleep(Duration::from_millis(50));
        }
    }

    /// The screen as text with its colors.
    fn picture(&self) -> String {
        let mut picture = String::new();
        {
            let emulator = self.emulator.lock().unwrap();
            let (rows, columns) = emulator.screen().size();
            for row in 0..rows.get() {
                for column in 0..columns.get() {
                    let cell = emulator.screen().cell(row, column).unwrap();
                    let (fg, bg) = (color(cell.fgcolor(), 38), color(cell.bgcolor(), 48));
                    let glyph = if cell.has_contents() { cell.contents() } else { " " };
                    write!(picture, "\x1b[0{fg}{bg}m{glyph}").unwrap();
                }
                picture.push_str("\x1b[0m\n");
            }
        }
        picture
    }

    /// The process's id.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal to the process.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for the end of the process and gives its exit code.
    #[track_caller]
    pub fn exit(&mut self) -> Option<i32> {
        let Self { child, emulator, reader, .. } = self;
        let text = || emulator.lock().unwrap().screen().contents();
        let end = |what| move || format!("the end of the {what}\n{}", text());
        wait_describing(end("process"), || child.try_wait().unwrap().is_some());
        // What it wrote last has arrived when no process has the terminal any more.
        wait_describing(end("output"), || reader.is_finished());
        child.wait().unwrap().code()
    }

    /// Whether the view has the screen.
    pub fn is_taken(&self) -> bool {
        self.emulator.lock().unwrap().screen().alternate_screen()
    }

    /// Asserts that the terminal is as it was before the process started.
    #[track_caller]
    pub fn is_restored(&self) {
        let (taken, hidden) = {
            let emulator = self.emulator.lock().unwrap();
            (emulator.screen().alternate_screen(), emulator.screen().hide_cursor())
        };
        assert!(!taken, "the alternate screen was not left");
        assert!(!hidden, "the cursor is hidden");
        let now = tcgetattr(&*self.pty).unwrap();
        assert_eq!(now.local_modes, self.before.local_modes, "local modes");
        assert_eq!(now.input_modes, self.before.input_modes, "input modes");
        assert_eq!(now.output_modes, self.before.output_modes, "output modes");
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(count: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(count).unwrap()
}

fn color(color: vt100::Color, ground: u8) -> String {
    match color {
        vt100::Color::Default => String::new(),
        vt100::Color::Idx(index) => format!(";{ground};5;{index}"),
        vt100::Color::Rgb(red, green, blue) => format!(";{ground};2;{red};{green};{blue}"),
    }
}
