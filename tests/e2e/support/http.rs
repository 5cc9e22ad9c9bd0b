//! HTTP by hand, for what no client of the service would send.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};

/// How long a reply may take: far more than any does.
const LIMIT: Duration = Duration::from_secs(60);

/// A reply.
pub struct Reply {
    pub status: u16,
    pub body: String,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Calls a method of the sandbox at `address`, with these headers beside the usual ones.
pub fn call(address: SocketAddr, service: &str, method: &str, params: &Value, headers: &str) -> Reply {
    let body = json!({"method": method, "params": params}).to_string();
    let request = format!(
        "POST /GETServices/services/json/{service} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    Reply { status: head[9..12].parse().unwrap(), body: body.to_owned() }
}
