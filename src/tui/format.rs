//! Texts of the view, shortened to fit the line.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::freshness::Freshness;
use super::model::Model;

/// A length of time in its largest unit, rounded down: a code is never shown as older than it is.
#[must_use]
pub fn length(time: Duration) -> String {
    match time.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ ..7200 => format!("{} min", seconds / 60),
        seconds @ ..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

/// A time to wait, rounded up: nothing happens earlier than shown.
#[must_use]
pub fn wait(time: Duration) -> String {
    length(Duration::from_secs(time.as_secs() + u64::from(time.subsec_nanos() > 0)))
}

/// A wall-clock time in the user's zone.
#[must_use]
pub fn time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// A time of today; of any other day, the day as well.
#[must_use]
pub fn when(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let form = if is_same_day(at, now, zone) { "%H:%M" } else { "%b %-d, %H:%M" };
    at.to_zoned(zone.clone()).strftime(form).to_string()
}

/// A time of today; any other day without its time.
#[must_use]
pub fn day_or_time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let form = if is_same_day(at, now, zone) { "%H:%M" } else { "%b %-d" };
    at.to_zoned(zone.clone()).strftime(form).to_string()
}

fn is_same_day(one: Timestamp, other: Timestamp, zone: &TimeZone) -> bool {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    day(one) == day(other)
}

/// The text as a sentence begins.
#[must_use]
pub fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// The text if it fits, otherwise its beginning and an ellipsis.
#[must_use]
pub fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut taken = String::new();
    let mut used = 0;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if used + 1 > width {
            break;
        }
        taken.push(character);
    }
    if width > 0 {
        taken.push('…');
    }
    taken
}

/// The first of these that fits, otherwise the last one shortened.
#[must_use]
pub fn first_that_fits(forms: &[String], width: usize) -> String {
    let fitting = forms.iter().find(|form| form.width() <= width).cloned();
    fitting.unwrap_or_else(|| forms.last().map_or_else(String::new, |form| shortened(form, width)))
}

/// The state in a word.
#[must_use]
pub fn state(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Absent => "no code yet",
        Freshness::Live => "live",
        Freshness::Stale => "STALE",
        Freshness::Expired => "EXPIRED",
    }
}

/// When the code was fetched and when the next one is, in as many words as fit.
#[must_use]
pub fn freshness(model: &Model, width: usize) -> String {
    let zone = &model.setup.zone;
    let fetched = model.code.age(model.now).map(|age| {
        let at = time(model.now.ago(age), zone);
        (format!("Last fetched {at} ({} ago)", length(age)), format!("{at} ({} ago)", length(age)))
    });
    let (next, short_next) = next_fetch(model);
    match fetched {
        Some((long, short)) => {
            let forms =
                [format!("{long} · {next}"), format!("{short} · {next}"), format!("{short} · {short_next}")];
            first_that_fits(&forms, width)
        }
        None => first_that_fits(&[next, short_next], width),
    }
}

/// When the next code is fetched, long and short.
#[must_use]
pub fn next_fetch(model: &Model) -> (String, String) {
    let Some(pause) = model.code.pace.wait(model.now) else {
        return ("refreshing…".to_owned(), "refreshing…".to_owned());
    };
    if model.paused {
        return ("paused".to_owned(), "paused".to_owned());
    }
    let in_pause = wait(pause);
    if model.code.failure.is_some() {
        let at = time(model.now.ahead(pause), &model.setup.zone);
        return (format!("next try {at} (in {in_pause})"), format!("next try in {in_pause}"));
    }
    (format!("next in {in_pause}"), format!("next in {in_pause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_one_unit() {
        let told: Vec<String> =
            [0, 119, 120, 7199, 7200, 200_000].map(|seconds| length(Duration::from_secs(seconds))).into();
        assert_eq!(told, ["0 s", "119 s", "2 min", "119 min", "2 h", "2 days"]);
        assert_eq!(wait(Duration::from_millis(6001)), "7 s");
    }

    #[test]
    fn text_is_cut_by_columns_not_characters() {
        assert_eq!(shortened("Flexi Dollars", 13), "Flexi Dollars");
        assert_eq!(shortened("Flexi Dollars", 6), "Flexi…");
        assert_eq!(shortened("学食学食", 4), "学…");
        assert_eq!(shortened("abc", 0), "");
    }
}
