//! How much chaos is made: `GETCARD_CHAOS=long` asks for much more of it.

/// The number of kills, rounds or processes of a test, or its step from case to case: the usual one, or the one of a
/// long run.
pub fn usual_or_long<T>(usual: T, long: T) -> T {
    if std::env::var("GETCARD_CHAOS").is_ok_and(|chaos| chaos == "long") { long } else { usual }
}
