//! Statistics over the journal: rates, latencies, lag, retries, causes of failure.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::record::{Event, Outcome, Record};
use super::session_life;
use crate::get::method::{BARCODE_PAYLOAD, RETRIEVE_ACCOUNTS};

/// The figures of the last day and of the whole journal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    pub last_day: Period,
    /// The whole journal.
    pub all: Period,
}

/// The figures of a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Period {
    /// The time of the oldest record in it.
    #[serde(serialize_with = "crate::model::time::serialize")]
    pub since: Option<Timestamp>,
    /// Sign-ins of the device.
    pub sign_ins: Rate,
    /// Fetches of the barcode.
    pub barcode: Reads,
    /// Reads of the balances.
    pub balance: Reads,
    /// The time from a charge until it was noticed.
    pub completion_lag: DurationStats,
    /// The observed lifetimes of sessions.
    pub session_life: DurationStats,
    /// HTTP attempts beyond the first of each call.
    pub retries: u64,
    /// Why calls failed, the most frequent cause first.
    pub failures: Vec<Cause>,
}

/// A success rate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rate {
    /// How many were tried and not interrupted.
    pub count: usize,
    pub failed: usize,
    /// The fraction that succeeded; `None` if nothing was tried.
    #[expect(clippy::struct_field_names, reason = "the name in the JSON document")]
    pub success_rate: Option<f64>,
}

/// An error rate and the latency of successful calls.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reads {
    /// How many were tried and not interrupted.
    pub count: usize,
    pub failed: usize,
    /// The fraction that failed; `None` if nothing was tried.
    pub error_rate: Option<f64>,
    /// The median latency of those that succeeded.
    pub p50_ms: Option<u64>,
    /// The 95th percentile of their latency.
    pub p95_ms: Option<u64>,
}

/// Duration percentiles.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DurationStats {
    pub count: usize,
    /// The median.
    pub p50_ms: Option<u64>,
    /// The 95th percentile.
    pub p95_ms: Option<u64>,
}

/// A cause of failures, with its frequency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    pub method: String,
    pub category: Outcome,
    /// The error code, if any.
    pub code: Option<String>,
    pub count: usize,
}

impl Figures {
    /// Computes the figures; the last day ends at `now`.
    #[must_use]
    pub fn of(records: &[Record], now: Timestamp) -> Self {
        let recent = |record: &&Record| now.duration_since(record.at) <= SignedDuration::from_hours(24);
        let last_day: Vec<&Record> = records.iter().filter(recent).collect();
        let all: Vec<&Record> = records.iter().collect();
        Self { last_day: Period::of(&last_day), all: Period::of(&all) }
    }
}

impl Period {
    fn of(records: &[&Record]) -> Self {
        let calls = || records.iter().filter(|record| matches!(record.event, Event::Call | Event::SignIn));
        let of_method = |method: &str| -> Vec<&Record> {
            calls().filter(|record| record.method.as_deref() == Some(method)).copied().collect()
        };
        let sign_ins = Reads::of(
            &records.iter().filter(|record| record.event == Event::SignIn).copied().collect::<Vec<_>>(),
        );
        let lags = records.iter().filter(|record| record.is_completion());
        Self {
            since: records.iter().map(|record| record.at).min(),
            sign_ins: Rate {
                count: sign_ins.count,
                failed: sign_ins.failed,
                success_rate: part(sign_ins.count - sign_ins.failed, sign_ins.count),
            },
            barcode: Reads::of(&of_method(&BARCODE_PAYLOAD.to_string())),
            balance: Reads::of(&of_method(&RETRIEVE_ACCOUNTS.to_string())),
            completion_lag: DurationStats::of(lags.filter_map(|record| record.duration_ms).collect()),
            session_life: DurationStats::of(session_life::of(records)),
            retries: calls().map(|record| u64::from(record.attempts.unwrap_or(1).saturating_sub(1))).sum(),
            failures: causes(calls().filter(|record| record.outcome.is_failure())),
        }
    }
}

impl Cause {
    /// Returns whether it is the same cause, ignoring the count.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.method, self.category, &self.code) == (&other.method, other.category, &other.code)
    }
}

impl Reads {
    fn of(records: &[&Record]) -> Self {
        let count = records.iter().filter(|record| record.outcome != Outcome::Interrupted).count();
        let failed = records.iter().filter(|record| record.outcome.is_failure()).count();
        let went_well = records.iter().filter(|record| record.outcome == Outcome::Done);
        let DurationStats { p50_ms, p95_ms, .. } =
            DurationStats::of(went_well.filter_map(|record| record.duration_ms).collect());
        Self { count, failed, error_rate: part(failed, count), p50_ms, p95_ms }
    }
}

impl DurationStats {
    fn of(mut times: Vec<u64>) -> Self {
        times.sort_unstable();
        // Nearest rank: an actual measurement, not interpolated.
        let rank =
            |percent: usize| times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        Self { count: times.len(), p50_ms: rank(50), p95_ms: rank(95) }
    }
}

/// `of / whole`, rounded to four decimals; `None` if `whole` is 0.
fn part(of: usize, whole: usize) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a journal holds thousands of records, not 2^52")]
    (whole > 0).then(|| (of as f64 / whole as f64 * 1e4).round() / 1e4)
}

fn causes<'a>(failed: impl Iterator<Item = &'a &'a Record>) -> Vec<Cause> {
    let mut counts: BTreeMap<(&str, Outcome, Option<&str>), usize> = BTreeMap::new();
    for record in failed {
        let method = record.method.as_deref().unwrap_or_default();
        *counts.entry((method, record.outcome, record.code.as_deref())).or_default() += 1;
    }
    let cause = |((method, category, code), count): ((&str, Outcome, Option<&str>), usize)| Cause {
        method: method.to_owned(),
        category,
        code: code.map(ToOwned::to_owned),
        count,
    };
    let mut causes: Vec<Cause> = counts.into_iter().map(cause).collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.count));
    causes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Category;
    use crate::journal::record::{AuditKind, WatchState};

    fn record(event: Event, outcome: Outcome, method: &str, ms: u64) -> Record {
        Record {
            method: Some(method.to_owned()),
            attempts: Some(if outcome.is_failure() { 4 } else { 1 }),
            duration_ms: Some(ms),
            code: outcome.is_failure().then(|| "timeout".to_owned()),
            ..Record::new(now(), event, outcome, "default", "https://x")
        }
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_770_000_000).unwrap()
    }

    #[test]
    fn figures_count_the_right_records() {
        let barcode = BARCODE_PAYLOAD.to_string();
        let mut records: Vec<Record> =
            (1..=100).map(|ms| record(Event::Call, Outcome::Done, &barcode, ms)).collect();
        records.push(record(Event::Call, Outcome::Failed(Category::TransientUpstream), &barcode, 9000));
        records.push(record(Event::Call, Outcome::Interrupted, &barcode, 9000));
        for outcome in [Outcome::Done, Outcome::Done, Outcome::Failed(Category::Authentication)] {
            records.push(record(Event::SignIn, outcome, "authentication.authenticatePIN", 5));
        }
        records.push(
            record(Event::Audit(AuditKind::Watch), Outcome::Done, "", 1200).of_watch(WatchState::Completed),
        );
        records
            .push(record(Event::Audit(AuditKind::Watch), Outcome::Done, "", 9).of_watch(WatchState::Expired));
        let period = Figures::of(&records, now()).all;
        assert_eq!((period.barcode.count, period.barcode.failed), (101, 1));
        assert_eq!((period.barcode.p50_ms, period.barcode.p95_ms), (Some(50), Some(95)));
        assert_eq!(period.barcode.error_rate, Some(0.0099));
        assert_eq!(period.sign_ins, Rate { count: 3, failed: 1, success_rate: Some(0.6667) });
        assert_eq!(period.completion_lag, DurationStats { count: 1, p50_ms: Some(1200), p95_ms: Some(1200) });
        assert_eq!(period.retries, 6);
        assert_eq!(period.failures.len(), 2);
        assert_eq!(
            period.balance,
            Reads { count: 0, failed: 0, error_rate: None, p50_ms: None, p95_ms: None }
        );
    }

    #[test]
    fn the_last_day_is_a_subset() {
        let old = Record {
            at: now() - SignedDuration::from_hours(25),
            ..record(Event::Call, Outcome::Done, "commerce.retrieveAccounts", 7)
        };
        let new = record(Event::Call, Outcome::Done, "commerce.retrieveAccounts", 9);
        let figures = Figures::of(&[old.clone(), new], now());
        assert_eq!((figures.last_day.balance.count, figures.all.balance.count), (1, 2));
        assert_eq!((figures.last_day.since, figures.all.since), (Some(now()), Some(old.at)));
    }
}
