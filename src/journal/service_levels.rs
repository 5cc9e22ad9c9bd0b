//! The service level objectives for barcode reads, and which of them a period missed.

use super::figures::Period;

/// The minimum success rate of barcode reads, in percent.
const SUCCESS_PERCENT: usize = 99;
/// The maximum 95th percentile of the barcode read latency, in milliseconds.
const P95_MS: u64 = 1500;

/// Describes the objectives.
#[must_use]
pub fn promise() -> String {
    format!("{SUCCESS_PERCENT}% of barcode reads, 95 of 100 within {P95_MS} ms")
}

/// Describes each objective that a period missed.
#[must_use]
pub fn missed(period: &Period) -> Vec<String> {
    let reads = &period.barcode;
    let mut missed = Vec::new();
    if reads.failed * 100 > reads.count * (100 - SUCCESS_PERCENT) {
        missed.push(format!("{} of {} barcode reads failed", reads.failed, reads.count));
    }
    if let Some(p95) = reads.p95_ms.filter(|p95| *p95 > P95_MS) {
        missed.push(format!("95 of 100 barcode reads took up to {p95} ms"));
    }
    missed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Category;
    use crate::journal::figures::Figures;
    use crate::journal::record::{Event, Outcome, Record};
    use jiff::Timestamp;

    fn missed_by(failed: usize, went_well: usize, ms: u64) -> Vec<String> {
        let record = |outcome| Record {
            method: Some("authentication.retrievePatronBarcodePayload".to_owned()),
            duration_ms: Some(ms),
            ..Record::new(Timestamp::UNIX_EPOCH, Event::Call, outcome, "default", "https://x")
        };
        let mut records = vec![record(Outcome::Done); went_well];
        records.extend(vec![record(Outcome::Failed(Category::TransientUpstream)); failed]);
        missed(&Figures::of(&records, Timestamp::UNIX_EPOCH).last_day)
    }

    #[test]
    fn objectives_are_met_up_to_their_limits() {
        assert!(missed_by(0, 0, 0).is_empty());
        assert!(missed_by(1, 99, 1500).is_empty());
        assert_eq!(missed_by(1, 98, 1500), ["1 of 99 barcode reads failed"]);
        assert_eq!(missed_by(0, 3, 1501), ["95 of 100 barcode reads took up to 1501 ms"]);
        assert_eq!(missed_by(2, 3, 9000).len(), 2);
    }
}
