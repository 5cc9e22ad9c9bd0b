//! A run of the binary with its time and its largest memory.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

use super::getcard::{Getcard, Outcome};
use super::wait::LIMIT;

/// What a run left behind, and what it took.
pub struct Measured {
    pub outcome: Outcome,
    pub elapsed: Duration,
    /// The largest resident set, in bytes.
    pub peak: u64,
}

/// A run that is to be measured.
pub struct Measurement {
    pub command: Command,
    /// The largest resident set in KiB is written to it.
    peak: NamedTempFile,
}

impl Measurement {
    /// With GNU time between: the kernel counts what a process had before it became the program, which would be the
    /// memory of the tests.
    pub fn of(user: &Getcard, args: &[&str]) -> Self {
        let peak = NamedTempFile::new().unwrap();
        let mut time = Command::new("/usr/bin/time");
        time.args(["--quiet", "--format=%M", "--output"]).arg(peak.path());
        Self { command: user.command_under(time, args), peak }
    }

    /// Runs to the end with this standard input. The output must fit the pipes.
    pub fn run(mut self, input: &str) -> Measured {
        let start = Instant::now();
        let spawned = self.command.stdin(Stdio::piped()).spawn();
        let mut child = spawned.expect("GNU time (tests/run.sh installs it)");
        // The command may end without reading it all.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        while child.try_wait().unwrap().is_none() {
            assert!(start.elapsed() < LIMIT, "{:?} does not end", self.command);
            std::thread::sleep(Duration::from_millis(2));
        }
        let elapsed = start.elapsed();
        let peak = std::fs::read_to_string(self.peak.path()).unwrap();
        let peak = peak.trim().parse::<u64>().unwrap_or_else(|_| panic!("{peak}")) << 10;
        Measured { outcome: Outcome::of(child.wait_with_output().unwrap()), elapsed, peak }
    }
}

/// Prints figures of a test that passes: past the capture of the test harness, so that they are seen.
pub fn print_figures(figures: &str) {
    let _ = writeln!(std::io::stderr(), "{figures}");
}
