//! `probe --timing`: formats the durations of the last attempt's phases.

use std::time::Duration;

use serde::Serialize;

use crate::get::phases::Phases;
use crate::get::raw::Raw;
use crate::model::time::milliseconds;

/// The phases in milliseconds; null for a phase that did not occur.
#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "every number in JSON names its unit")]
pub struct Timing {
    dns_ms: Option<f64>,
    connect_ms: Option<f64>,
    tls_ms: Option<f64>,
    wait_ms: f64,
    read_ms: f64,
}

impl From<Phases> for Timing {
    fn from(phases: Phases) -> Self {
        Self {
            dns_ms: phases.dns.map(milliseconds),
            connect_ms: phases.connect.map(milliseconds),
            tls_ms: phases.tls.map(milliseconds),
            wait_ms: milliseconds(phases.wait),
            read_ms: milliseconds(phases.read),
        }
    }
}

/// Describes the call, line by line.
#[must_use]
pub fn lines(raw: &Raw) -> Vec<String> {
    let Raw { http_status, duration, attempts, correlation_id, .. } = raw;
    let tries = if *attempts == 1 { "attempt" } else { "attempts" };
    let took = milliseconds(*duration);
    let mut lines = vec![format!(
        "HTTP {http_status} in {took:.1} ms, {attempts} {tries}, correlation id {correlation_id}"
    )];
    if let Some(phases) = raw.phases {
        let is_open = phases.connect.is_none();
        let absent = |why| if is_open { "none, the connection was open" } else { why };
        lines.push(phase("DNS", phases.dns, absent("none, no name to look up")));
        lines.push(phase("connect", phases.connect, absent("none")));
        lines.push(phase("TLS", phases.tls, absent("none, plain http")));
        lines.push(phase("wait", Some(phases.wait), ""));
        lines.push(phase("read", Some(phases.read), ""));
    }
    lines
}

fn phase(name: &str, took: Option<Duration>, absent: &str) -> String {
    match took {
        Some(took) => format!("  {name:<7} {:8.1} ms", milliseconds(took)),
        None => format!("  {name:<7} {absent}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_that_did_not_occur_says_why() {
        assert_eq!(phase("DNS", Some(Duration::from_micros(12_340)), ""), "  DNS         12.3 ms");
        assert_eq!(phase("TLS", None, "none, plain http"), "  TLS     none, plain http");
    }
}
