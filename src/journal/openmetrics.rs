//! The journal's figures as `OpenMetrics` text, for the node exporter's textfile collector.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::record::{AuditKind, Event, Record};
use crate::error::{Cause, Error, Result};

/// The upper bounds of the call duration buckets, in seconds.
const CALL_BUCKETS: [f64; 10] = [0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 12.0, 30.0];
/// The upper bounds of the completion lag buckets, in seconds.
const LAG_BUCKETS: [f64; 8] = [1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MethodLabels {
    method: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    method: String,
    outcome: &'static str,
}

/// Formats the metrics of these records. Counters drop when the journal removes its oldest file; readers take
/// that for a counter reset.
///
/// # Errors
/// If encoding fails, which writing to a string never does.
pub fn text(records: &[Record]) -> Result<String> {
    let sign_ins = Family::<OutcomeLabels, Counter>::default();
    let calls = Family::<CallLabels, Counter>::default();
    let durations = Family::<MethodLabels, Histogram>::new_with_constructor(|| Histogram::new(CALL_BUCKETS));
    let retries: Counter = Counter::default();
    let lags = Histogram::new(LAG_BUCKETS);

    for record in records {
        let outcome = record.outcome.name();
        let seconds = std::time::Duration::from_millis(record.duration_ms.unwrap_or_default()).as_secs_f64();
        match record.event {
            Event::Audit(AuditKind::Watch) if record.is_completion() => lags.observe(seconds),
            Event::Call | Event::SignIn => {
                let method = record.method.clone().unwrap_or_default();
                if record.event == Event::SignIn {
                    sign_ins.get_or_create(&OutcomeLabels { outcome }).inc();
                }
                calls.get_or_create(&CallLabels { method: method.clone(), outcome }).inc();
                durations.get_or_create(&MethodLabels { method }).observe(seconds);
                retries.inc_by(u64::from(record.attempts.unwrap_or(1).saturating_sub(1)));
            }
            Event::Audit(_) => {}
        }
    }

    let mut registry = Registry::with_prefix("getcard");
    registry.register("signins", "Sign-ins of the device", sign_ins);
    registry.register("calls", "Calls of the service, retries not counted", calls);
    let help = "How long calls took, retries and pauses included";
    registry.register_with_unit("call_duration", help, Unit::Seconds, durations);
    registry.register("retries", "HTTP attempts beyond the first of their call", retries);
    let help = "How long after a charge it was seen";
    registry.register_with_unit("completion_lag", help, Unit::Seconds, lags);
    let mut text = String::new();
    encode(&mut text, &registry)
        .map_err(|error| Error::new(Cause::Unexpected, format!("cannot write metrics: {error}")))?;
    Ok(text)
}
