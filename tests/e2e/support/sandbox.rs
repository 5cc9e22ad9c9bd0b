//! `getcard sandbox` of the binary itself.

use std::io::{BufRead, BufReader, Lines};
use std::net::SocketAddr;
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

/// A running sandbox; it ends when it is dropped.
pub struct Running {
    child: Child,
    pub address: SocketAddr,
    /// What it writes to standard error, line by line.
    pub log: Lines<BufReader<ChildStderr>>,
}

impl Running {
    /// Starts `command`, which must come to `getcard sandbox`.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let started: Value = serde_json::from_str(&line).unwrap();
        let address = started["base_url"].as_str().unwrap().split('/').nth(2).unwrap();
        Self { child, address: address.parse().unwrap(), log }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
