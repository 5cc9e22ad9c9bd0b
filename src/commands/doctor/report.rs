//! Formats the checks, one line each, and the figures as tables.

use super::{Check, Status};
use crate::journal::figures::{Cause, DurationStats, Figures, Period, Rate, Reads};
use crate::model::text::clean;
use crate::output::prose::wrapped;
use crate::output::table::{Cell, Column, Style, render};

/// The column in which the detail of a check starts, after its status and name.
const INDENT: usize = 16;

/// Formats a check with its hint, unless the previous check had the same hint (`repeats_hint`).
pub(super) fn check(check: &Check, repeats_hint: bool, color: bool, width: Option<u16>) -> String {
    let (status, sgr) = match check.status {
        Status::Ok => ("ok", "32"),
        Status::Warn => ("warn", "33"),
        Status::Fail => ("fail", "1;31"),
    };
    let status = if color { format!("\x1b[{sgr}m{status:<5}\x1b[0m") } else { format!("{status:<5}") };
    let lines =
        |text: &str| wrapped(&clean(text), INDENT, width.map_or(usize::MAX, usize::from)).join("\n") + "\n";
    let mut text = format!("{status} {:<9} {}", check.label(), lines(&check.detail).trim_start());
    if let Some(hint) = check.hint.as_ref().filter(|_| !repeats_hint) {
        text += &lines(&format!("hint: {hint}"));
    }
    text
}

/// Formats the figures: the last day next to the whole journal.
pub(super) fn figures(figures: &Figures, style: Style) -> String {
    let Some(since) = figures.all.since else {
        return "\nno calls in the journal yet\n".to_owned();
    };
    let periods = [&figures.last_day, &figures.all];
    let row = |name: &str, of: fn(&Period) -> String| {
        let mut row = vec![Cell::from(name)];
        row.extend(periods.iter().map(|period| of(period).into()));
        row
    };
    let rows = [
        row("sign-ins", |period| rate(&period.sign_ins)),
        row("barcode reads", |period| reads(&period.barcode)),
        row("balance reads", |period| reads(&period.balance)),
        row("completion lag", |period| spread(&period.completion_lag)),
        row("session life", |period| session_life(&period.session_life)),
        row("retries", |period| period.retries.to_string()),
    ];
    let day = since.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d").to_string();
    let mut text = format!("\nFigures of the journal, since {day}\n");
    text += &render(&[Column::Text("FIGURE"), Column::Text("LAST DAY"), Column::Text("ALL")], &rows, style);
    if !figures.all.failures.is_empty() {
        text += "\nWhy calls failed\n";
        text += &causes(figures, style);
    }
    text
}

fn causes(figures: &Figures, style: Style) -> String {
    let row = |cause: &Cause| {
        let recent = figures.last_day.failures.iter().find(|recent| recent.is_like(cause));
        let code = cause.code.clone().unwrap_or_default();
        let times = [recent.map_or(0, |recent| recent.count), cause.count].map(|count| count.to_string());
        let mut row: Vec<Cell> = vec![cause.method.clone().into(), cause.category.name().into(), code.into()];
        row.extend(times.map(Cell::from));
        row
    };
    let rows: Vec<Vec<Cell>> = figures.all.failures.iter().map(row).collect();
    let columns = [
        Column::Text("METHOD"),
        Column::Text("CATEGORY"),
        Column::Text("CODE"),
        Column::Number("LAST DAY"),
        Column::Number("ALL"),
    ];
    render(&columns, &rows, style)
}

fn percent(part: Option<f64>) -> String {
    part.map_or_else(String::new, |part| format!("{:.1}%", part * 100.0))
}

fn rate(rate: &Rate) -> String {
    match rate.count {
        0 => "–".to_owned(),
        count => format!("{count}, {} succeeded", percent(rate.success_rate)),
    }
}

fn reads(reads: &Reads) -> String {
    match (reads.count, reads.p50_ms, reads.p95_ms) {
        (0, ..) => "–".to_owned(),
        (count, Some(p50), Some(p95)) => {
            format!("{count}, p50 {p50} ms, p95 {p95} ms, {} failed", percent(reads.error_rate))
        }
        (count, ..) => format!("{count}, {} failed", percent(reads.error_rate)),
    }
}

fn spread(spread: &DurationStats) -> String {
    match (spread.p50_ms, spread.p95_ms) {
        (Some(p50), Some(p95)) => format!("{}, p50 {p50} ms, p95 {p95} ms", spread.count),
        _ => "–".to_owned(),
    }
}

/// Formats session lifetimes in readable units.
fn session_life(spread: &DurationStats) -> String {
    let minutes = |ms: u64| match ms / 60_000 {
        0 => format!("{} s", ms / 1000),
        minutes @ 1..120 => format!("{minutes} min"),
        minutes => format!("{} h", minutes / 60),
    };
    match (spread.p50_ms, spread.p95_ms) {
        (Some(p50), Some(p95)) => format!("{}, p50 {}, p95 {}", spread.count, minutes(p50), minutes(p95)),
        _ => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Category;
    use crate::journal::record::{Event, Outcome, Record};
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn a_check_has_status_detail_and_hint() {
        let bad = Check::warn("sign_in", "bad\x1b[31m", "run: getcard login");
        let text = check(&bad, false, false, None);
        assert_eq!(text, "warn  sign-in   bad[31m\n                hint: run: getcard login\n");
        let behind = check(&Check::unchecked("accounts", &bad), true, false, None);
        assert_eq!(behind, "warn  accounts  not checked: fix sign-in first\n");
        let narrow = check(&Check::ok("tls", "trusted by all"), false, false, Some(26));
        assert_eq!(narrow, "ok    tls       trusted by\n                all\n");
        assert!(check(&Check::ok("tls", "fine"), false, true, None).starts_with("\x1b[32mok   \x1b[0m tls "));
    }

    #[test]
    fn session_lives_have_readable_units() {
        let shown = |ms| session_life(&DurationStats { count: 1, p50_ms: Some(ms), p95_ms: Some(ms) });
        assert_eq!(shown(59_999), "1, p50 59 s, p95 59 s");
        assert_eq!(shown(60_000 * 119), "1, p50 119 min, p95 119 min");
        assert_eq!(shown(60_000 * 130), "1, p50 2 h, p95 2 h");
        assert_eq!(session_life(&DurationStats { count: 0, p50_ms: None, p95_ms: None }), "–");
    }

    #[test]
    fn figures_are_a_table_unless_the_journal_is_empty() {
        let none = Figures::of(&[], Timestamp::UNIX_EPOCH);
        assert_eq!(figures(&none, Style::default()), "\nno calls in the journal yet\n");
        let now = Timestamp::from_second(1_770_000_000).unwrap();
        let mut failed =
            Record::new(now, Event::Call, Outcome::Failed(Category::Internal), "default", "https://x");
        failed.method = Some("commerce.retrieveAccounts".to_owned());
        let text = figures(&Figures::of(std::slice::from_ref(&failed), now), Style::default());
        assert!(text.contains("balance reads   1, 100.0% failed  1, 100.0% failed\n"), "{text}");
        let old = Record { at: now - SignedDuration::from_hours(25), ..failed.clone() };
        let text = figures(&Figures::of(&[old, failed], now), Style::default());
        assert!(
            text.contains("\ncommerce.retrieveAccounts  internal_error               1    2\n"),
            "{text}"
        );
    }
}
