//! Formats forecasts as a table with notes.

use jiff::civil::Date;

use crate::forecast::{DRAWS, Forecast, RunsOut};
use crate::model::money::{Amount, Unit};
use crate::model::text::clean;
use crate::output::prose::wrapped;
use crate::output::table::{Column, Style, render};

/// Formats the table, followed by notes on its basis.
pub fn text(forecasts: &[Forecast], today: Date, until: Option<Date>, style: Style) -> String {
    if forecasts.is_empty() {
        return "no accounts\n".to_owned();
    }
    let mut columns = ["BALANCE", "SPENT/DAY", "EARLY", "RUNS OUT", "LATE"].map(Column::Number).to_vec();
    columns.insert(0, Column::Text("ACCOUNT"));
    if until.is_some() {
        columns.extend(["CAN SPEND/DAY", "LEFT"].map(Column::Number));
    }
    let rows: Vec<Vec<String>> = forecasts.iter().map(|it| row(it, today, until.is_some())).collect();
    let mut text = render(&columns, &rows, style);
    text.push('\n');
    for note in notes(forecasts, today, until) {
        for line in wrapped(&note, 0, style.width.map_or(usize::MAX, usize::from)) {
            text.push_str(&clean(&line));
            text.push('\n');
        }
    }
    text
}

fn row(forecast: &Forecast, today: Date, has_end: bool) -> Vec<String> {
    let unknown = || "–".to_owned();
    let amount = |it: Option<Amount>| it.map_or_else(unknown, |it| it.display(forecast.unit));
    let day = |pick: fn(RunsOut) -> Option<Date>| match forecast.runs_out.map(pick) {
        _ if !forecast.has_history() || forecast.balance.is_none() => unknown(),
        Some(Some(date)) => short(date, today),
        _ => "lasts".to_owned(),
    };
    let mut row =
        vec![forecast.account.to_string(), amount(forecast.balance), amount(forecast.spent_per_day)];
    row.extend([day(|it| it.early), day(|it| it.median), day(|it| it.late)]);
    if has_end {
        row.push(amount(forecast.allowed_per_day));
        row.push(forecast.left_at_end.map_or_else(unknown, |left| {
            let low = match forecast.unit {
                Unit::Meals => left.low.to_string(),
                Unit::Usd => left.low.display(Unit::Usd),
            };
            format!("{low} to {}", left.high.display(forecast.unit))
        }));
    }
    row
}

/// Explains the figures and what they leave out.
fn notes(forecasts: &[Forecast], today: Date, until: Option<Date>) -> Vec<String> {
    let ranges = if until.is_some() { "EARLY to LATE and LEFT are" } else { "EARLY to LATE is" };
    let mut notes = vec![format!(
        "{ranges} the 10th to 90th percentile of {DRAWS} simulated futures made of whole past weeks."
    )];
    let lasts = |it: &Forecast| it.has_history() && it.runs_out.is_none_or(|it| it.late.is_none());
    if forecasts.iter().any(lasts) {
        let end = until
            .map_or_else(|| "for two years".to_owned(), |until| format!("until {}", short(until, today)));
        notes.push(format!("`lasts` means {end}."));
    }
    let mut breaks: Vec<_> = forecasts.iter().flat_map(|it| &it.left_out).collect();
    breaks.sort_by_key(|it| it.from);
    breaks.dedup();
    if !breaks.is_empty() {
        let breaks: Vec<String> = breaks.iter().map(|it| format!("{} to {}", it.from, it.to)).collect();
        notes.push(format!("Left out because the card was not used: {}.", breaks.join(", ")));
    }
    for it in forecasts.iter().filter(|it| !it.has_history()) {
        let days = match it.days_of_history {
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        };
        notes.push(format!("{}: too little history ({days}); a forecast needs two whole weeks.", it.account));
    }
    notes
}

/// Formats a date for people, with the year if it is not the current one.
pub fn short(date: Date, today: Date) -> String {
    let format = if date.year() == today.year() { "%b %-d" } else { "%b %-d, %Y" };
    date.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{Break, Left};
    use jiff::civil::date;

    fn amount(text: &str) -> Option<Amount> {
        text.parse().ok()
    }

    fn forecasts() -> [Forecast; 3] {
        let flexi = Forecast {
            id: None,
            account: "Flexi\u{1b} Dollars".into(),
            unit: Unit::Usd,
            balance: amount("123.4"),
            spent_per_day: amount("8.1"),
            runs_out: Some(RunsOut {
                early: Some(date(2026, 11, 30)),
                median: Some(date(2026, 12, 5)),
                late: None,
            }),
            allowed_per_day: amount("5.6"),
            left_at_end: Some(Left {
                low: Amount::ZERO,
                median: Amount::ZERO,
                high: amount("12.1").unwrap(),
            }),
            days_of_history: 80,
            left_out: vec![Break { from: date(2026, 7, 1), to: date(2026, 9, 15) }],
        };
        let board = Forecast {
            account: "Board".into(),
            unit: Unit::Meals,
            balance: amount("40"),
            spent_per_day: amount("1.43"),
            runs_out: None,
            allowed_per_day: amount("1.81"),
            left_at_end: Some(Left {
                low: amount("3").unwrap(),
                median: amount("9").unwrap(),
                high: amount("15").unwrap(),
            }),
            ..flexi.clone()
        };
        let new = Forecast {
            account: "Bonus".into(),
            spent_per_day: None,
            runs_out: None,
            left_at_end: None,
            days_of_history: 1,
            left_out: Vec::new(),
            ..flexi.clone()
        };
        [flexi, board, new]
    }

    #[test]
    fn the_table_shows_ranges_breaks_and_unknowns() {
        insta::assert_snapshot!(text(
            &forecasts(),
            date(2026, 11, 21),
            Some(date(2026, 12, 12)),
            Style { width: Some(100), color: false }
        ));
    }

    #[test]
    fn without_a_last_day_only_the_run_out_day_is_shown() {
        insta::assert_snapshot!(text(&forecasts()[..1], date(2025, 11, 21), None, Style::default()));
        assert_eq!(text(&[], date(2026, 11, 21), None, Style::default()), "no accounts\n");
    }
}
