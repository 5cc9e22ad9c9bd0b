//! A raw client: writes bytes, reads bytes, and reports how the connection ended.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::sandbox::{Options, Sandbox};

pub(super) struct Exchange {
    pub(super) bytes: Vec<u8>,
    /// How the connection ended; `None` if it was still open after the wait.
    pub(super) end: Option<io::Result<()>>,
}

impl Exchange {
    pub(super) fn head(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes).into_owned();
        text.split("\r\n\r\n").next().unwrap_or_default().to_ascii_lowercase()
    }

    pub(super) fn body(&self) -> &[u8] {
        let border = self.bytes.windows(4).position(|four| four == b"\r\n\r\n");
        border.map_or(&[], |border| &self.bytes[border + 4..])
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(self.body())
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.bytes)))
    }

    pub(super) fn was_reset(&self) -> bool {
        let end = self.end.as_ref().and_then(|end| end.as_ref().err());
        // On Windows the connection may be aborted instead.
        let kinds = [io::ErrorKind::ConnectionReset, io::ErrorKind::ConnectionAborted];
        end.is_some_and(|error| kinds.contains(&error.kind()))
    }

    pub(super) fn ended(&self) -> bool {
        matches!(self.end, Some(Ok(())))
    }
}

/// Sends `request` and reads until the connection ends or `patience` has passed.
pub(super) async fn exchange(sandbox: &Sandbox, request: &str, patience: Duration) -> Exchange {
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let end = timeout(patience, stream.read_to_end(&mut bytes)).await;
    let end = end.ok().map(|end| end.map(drop));
    Exchange { bytes, end }
}

/// A complete HTTP request with a JSON body.
pub(super) fn post(service: &str, body: &str) -> String {
    format!(
        "POST /GETServices/services/json/{service} HTTP/1.1\r\nHost: 127.0.0.1\r\n\
         Content-Type: application/json\r\nAccept: application/json\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Calls a method with minimal headers.
pub(super) async fn call(sandbox: &Sandbox, name: &str, params: Value) -> Exchange {
    let (service, method) = name.split_once('.').unwrap();
    let body = json!({"method": method, "params": params}).to_string();
    exchange(sandbox, &post(service, &body), Duration::from_secs(20)).await
}

pub(super) async fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).await.unwrap()
}

/// A sandbox with the fault parsed from `fault`.
pub(super) async fn faulty(fault: &str) -> Sandbox {
    let faults = vec![fault.parse().unwrap()];
    let options = Options { faults, ..Options::default() };
    Sandbox::start(options).await.unwrap()
}
