//! A run of the binary with its time and its largest memory.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::getcard::Outcome;
use super::wait::LIMIT;

/// What a run left behind, and what it took.
pub struct Measured {
    pub outcome: Outcome,
    pub elapsed: Duration,
    /// The largest resident set, in bytes, as it was seen up to two milliseconds before the end.
    pub peak: u64,
}

/// Runs to the end with this standard input. The output must fit the pipes.
pub fn measure(mut command: Command, input: &str) -> Measured {
    let start = Instant::now();
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // The command may end without reading it all.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        peak = peak.max(largest_resident_set(&std::fs::read_to_string(&status).unwrap_or_default()));
        assert!(start.elapsed() < LIMIT, "{command:?} does not end");
        std::thread::sleep(Duration::from_millis(2));
    }
    let elapsed = start.elapsed();
    Measured { outcome: Outcome::of(child.wait_with_output().unwrap()), elapsed, peak }
}

/// From `/proc/PID/status`. Until the program runs, the memory is that of the process that started it.
fn largest_resident_set(status: &str) -> u64 {
    let value = |key: &str| status.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
    if value("Name:") != Some("getcard") {
        return 0;
    }
    let kib = value("VmHWM:").and_then(|value| value.strip_suffix(" kB")).and_then(|kib| kib.parse().ok());
    kib.map_or(0, |kib: u64| kib * 1024)
}

/// Prints figures of a test that passes: past the capture of the test harness, so that they are seen.
pub fn print_figures(figures: &str) {
    let _ = writeln!(std::io::stderr(), "{figures}");
}
