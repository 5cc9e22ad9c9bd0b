//! Any text as the date of a transaction, and as the WHEN of an option.

#![no_main]

use getcard::history::range::{Range, When};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    // The service's dates are read by this alone.
    let read: Result<Timestamp, _> = text.parse();
    if let Ok(read) = read {
        let again: Timestamp = read.to_string().parse().expect("what is written is read");
        assert_eq!(read, again);
    }
    let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    let when: Option<When> = text.parse().ok();
    if let Some(when) = when
        && let Ok(range) = Range::new(Some(when), None, &now)
    {
        let _ = range.contains(Timestamp::UNIX_EPOCH);
    }
});
