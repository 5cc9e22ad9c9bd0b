//! Waiting for a condition, for a bounded time.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::service::Service;

/// How long anything may take on a machine that has other things to do.
pub const LIMIT: Duration = Duration::from_secs(120);

/// Waits until the condition holds, and says how long that took; a test that waits in vain fails and says for what.
#[track_caller]
pub fn wait_until(what: &str, holds: impl FnMut() -> bool) -> Duration {
    wait_describing(|| what.to_owned(), holds)
}

/// The same, with a description of how things are when it fails.
#[track_caller]
pub fn wait_describing(describe: impl Fn() -> String, mut holds: impl FnMut() -> bool) -> Duration {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < LIMIT, "not within {LIMIT:?}: {}", describe());
        sleep(Duration::from_millis(2));
    }
    start.elapsed()
}

/// Waits until a file's content is as wanted. Each content is looked at once, since a scan takes long.
#[track_caller]
pub fn wait_for_content(what: &str, path: &Path, wanted: impl Fn(&[u8]) -> bool) {
    let mut seen = None;
    wait_until(what, || {
        let content = std::fs::read(path).unwrap_or_default();
        let is_new = seen.as_ref() != Some(&content);
        is_new && wanted(seen.insert(content))
    });
}

/// Waits until a method of the service has been called so often.
#[track_caller]
pub fn wait_for_hits(service: &Service, method: &str, count: usize) {
    wait_until(&format!("call {count} of {method}"), || service.hits(method) >= count);
}

/// Waits until the kernel says that a process is stopped.
#[track_caller]
pub fn wait_until_stopped(process: u32) {
    let stat = Path::new("/proc").join(process.to_string()).join("stat");
    wait_until("a stopped process", || {
        let stat = std::fs::read_to_string(&stat).unwrap();
        // The state follows the name, which may hold anything.
        stat.rsplit_once(')').unwrap().1.trim_start().starts_with('T')
    });
}
