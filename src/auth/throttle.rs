//! Throttles sign-ins: they are spaced, and stop after three refusals until the user acts.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::{Cause, Error, Result};
use crate::store::entry::{Entry, SignInRefusals};

/// The minimum time between sign-ins: two devices that end each other's session must not flood the service.
const SPACING: Duration = Duration::from_secs(1);
/// What to do if the service refuses to sign a device in.
pub const RELINK: &str = "run: getcard login --replace";
/// The pauses after the first and the second refusal.
const PAUSES: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(60)];

/// How long an automatic sign-in has to wait.
///
/// # Errors
/// `authentication_error` if the service has refused the device, and it is too soon or pointless to try
/// again.
pub fn before_sign_in(entry: &Entry, now: Timestamp) -> Result<Duration> {
    if let Some(refusals @ SignInRefusals { count, last_at }) = entry.refusals {
        let Some(pause) = pause_after(count) else {
            return Err(too_many_refusals(refusals));
        };
        let left = pause.saturating_sub(since(last_at, now, *pause));
        if !left.is_zero() {
            let seconds = left.as_secs_f32().ceil();
            return Err(Error::new(
                Cause::SignInPaused { retry_after: left },
                "the service has just refused to sign this device in",
            )
            .hint(format!("try again in {seconds} s, or {RELINK}")));
        }
    }
    Ok(entry.session.as_ref().map_or(Duration::ZERO, |session| spacing(session.obtained_at, now)))
}

/// The time until the next sign-in after one at `last`.
#[must_use]
pub fn spacing(last: Timestamp, now: Timestamp) -> Duration {
    SPACING.saturating_sub(since(last, now, SPACING))
}

/// The error if the service has refused the device too often to try again.
#[must_use]
pub fn refusal_limit_error(entry: &Entry) -> Option<Error> {
    entry.refusals.filter(|refusals| pause_after(refusals.count).is_none()).map(too_many_refusals)
}

fn too_many_refusals(SignInRefusals { count, .. }: SignInRefusals) -> Error {
    Error::new(Cause::SignInStopped, format!("the service has refused to sign this device in {count} times"))
        .hint(format!("{RELINK}, or to ask the service once more, run: getcard status --check"))
}

/// The pause after this many refusals; `None` if there are no more attempts.
fn pause_after(count: u32) -> Option<&'static Duration> {
    PAUSES.get(usize::try_from(count).ok()?.checked_sub(1)?)
}

/// Describes the refusals of a link's sign-ins since the last success; `None` if there are none. Makes no call.
#[must_use]
pub fn refusal_message(entry: &Entry) -> Option<String> {
    let SignInRefusals { count, last_at } = entry.refusals?;
    let local = |at: Timestamp| at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
    let worked = entry
        .link
        .as_ref()
        .map_or_else(String::new, |link| format!("; it last worked on {}", local(link.last_validated_at)));
    Some(format!("the service has refused this device {times}, last on {}{worked}", local(last_at)))
}

/// Counts another refusal.
#[must_use]
pub fn record_refusal(before: Option<SignInRefusals>, now: Timestamp) -> SignInRefusals {
    SignInRefusals { count: before.map_or(0, |refusals| refusals.count).saturating_add(1), last_at: now }
}

/// The elapsed time; `long_ago` if the clock was set back.
fn since(then: Timestamp, now: Timestamp, long_ago: Duration) -> Duration {
    now.duration_since(then).try_into().unwrap_or(long_ago)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SessionId;
    use crate::store::entry::CachedSession;
    use jiff::SignedDuration;
    use zeroize::Zeroizing;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn at(millis: i64) -> Timestamp {
        START + SignedDuration::from_millis(millis)
    }

    fn cause(result: Result<Duration>) -> Cause {
        result.unwrap_err().cause().unwrap().clone()
    }

    #[test]
    fn refusals_pause_and_then_stop() {
        let mut entry = Entry { refusals: Some(record_refusal(None, START)), ..Entry::default() };
        assert!(matches!(cause(before_sign_in(&entry, at(9_999))), Cause::SignInPaused { .. }));
        assert_eq!(before_sign_in(&entry, at(10_000)).unwrap(), Duration::ZERO);
        entry.refusals = Some(record_refusal(entry.refusals, START));
        assert!(matches!(cause(before_sign_in(&entry, at(59_999))), Cause::SignInPaused { .. }));
        assert!(before_sign_in(&entry, at(60_000)).is_ok());
        entry.refusals = Some(record_refusal(entry.refusals, START));
        assert_eq!(cause(before_sign_in(&entry, at(1_000_000_000))), Cause::SignInStopped);
    }

    #[test]
    fn sign_ins_are_a_second_apart_even_if_the_clock_was_set_back() {
        let id = SessionId::new(Zeroizing::new("x".to_owned()));
        let session = Some(CachedSession { id, obtained_at: START });
        let entry = Entry { session, ..Entry::default() };
        let wait = |millis| before_sign_in(&entry, at(millis)).unwrap().as_millis();
        assert_eq!([wait(0), wait(300), wait(1_000), wait(9_000), wait(-60_000)], [1_000, 700, 0, 0, 0]);
        assert_eq!(before_sign_in(&Entry::default(), START).unwrap(), Duration::ZERO);
    }
}
