//! `--summary`: sums up spending and deposits by place, day, week, month or account.

use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::HistoryFormat;
use super::reading::Reading;
use crate::error::{Exit, Result};
use crate::history::summary::{By, Group, Summary, Summing, Sums};
use crate::model::money::{Amount, Unit};
use crate::model::transaction::Transaction;
use crate::output::csv::{self, Cell};
use crate::output::json;
use crate::output::table::{self, Column, Style, Tone, render};

/// Reads the range and prints its summary.
pub async fn run(mut reading: Reading<'_>, by: By, zone: TimeZone, format: HistoryFormat) -> Result<Exit> {
    let mut summing = Summing::new(by, zone);
    let each = |page: Vec<Transaction>| {
        for transaction in &page {
            summing.add(transaction);
        }
        Ok(Vec::new())
    };
    reading.run(each).await?;
    reading.finish();
    let result = summing.finish();
    let output = match format {
        HistoryFormat::Json => json::line(&result)?,
        HistoryFormat::Jsonl => json_lines(&result)?,
        HistoryFormat::Csv => csv_lines(&result),
        HistoryFormat::Table | HistoryFormat::Hledger | HistoryFormat::Beancount => {
            table(&result, reading.style()).into_bytes()
        }
    };
    reading.write(output)?;
    reading.close()?;
    Ok(Exit::Done)
}

/// One CSV line per group, with a header.
fn csv_lines(summary: &Summary) -> Vec<u8> {
    let titles = ["name", "unit", "count", "spent", "deposited", "share"];
    let header = titles.map(|title| Cell::Text(Some(title))).to_vec();
    let plain = |value: &dyn ToString| Cell::Plain(Some(value.to_string()));
    let groups = summary.groups.iter().map(|group| {
        let Sums { count, spent, deposited } = &group.sums;
        let unit = Cell::Text(Some(group.unit.name()));
        let numbers = [plain(count), plain(spent), plain(deposited), plain(&group.share)];
        [Cell::Text(group.name.as_deref()), unit].into_iter().chain(numbers).collect()
    });
    csv::lines(std::iter::once(header).chain(groups))
}

/// One JSON line per group.
fn json_lines(summary: &Summary) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for group in &summary.groups {
        json::append(&mut lines, group)?;
    }
    Ok(lines)
}

/// A table with a total below the groups of each unit.
fn table(summary: &Summary, style: Style) -> String {
    if summary.groups.is_empty() {
        return "no transactions\n".to_owned();
    }
    let title = match summary.by {
        By::Location => "PLACE",
        By::Day => "DAY",
        By::Week => "WEEK",
        By::Month => "MONTH",
        By::Account => "ACCOUNT",
    };
    let columns = [
        Column::Text(title),
        Column::Number("COUNT"),
        Column::Number("SPENT"),
        Column::Number("DEPOSITED"),
        Column::Number("SHARE"),
    ];
    let row = |name: &str, unit: Unit, sums: &Sums, share: String, tone: Tone| {
        let amount = |amount: Amount, tone: Tone| {
            if amount == Amount::ZERO {
                table::Cell::from("–")
            } else {
                table::Cell::new(amount.display(unit), tone)
            }
        };
        let deposited = if tone == Tone::Plain { Tone::Good } else { tone };
        vec![
            table::Cell::new(name, tone),
            table::Cell::new(sums.count.to_string(), tone),
            amount(sums.spent, tone),
            amount(sums.deposited, deposited),
            share.into(),
        ]
    };
    let of_group = |group: &Group| {
        let name = group.name.as_deref().unwrap_or("–");
        let share = if group.sums.spent == Amount::ZERO { "–".to_owned() } else { percent(group.share) };
        row(name, group.unit, &group.sums, share, Tone::Plain)
    };
    let mut rows: Vec<Vec<table::Cell>> = Vec::new();
    for (unit, name) in [(Unit::Usd, "Total in USD"), (Unit::Meals, "Total in meals")] {
        rows.extend(summary.groups.iter().filter(|group| group.unit == unit).map(of_group));
        let total = summary.total_of(unit);
        if total.count > 0 {
            rows.push(row(name, unit, total, String::new(), Tone::Strong));
        }
    }
    render(&columns, &rows, style)
}

/// Formats a share with one decimal.
fn percent(share: Amount) -> String {
    let percent = share.decimal() * Decimal::ONE_HUNDRED;
    format!("{:.1}%", percent.round_dp(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::transaction::Transaction;
    use crate::model::transaction::tests::transaction;
    use jiff::tz::TimeZone;

    fn summary() -> Summary {
        let mut summing = Summing::new(By::Location, TimeZone::UTC);
        let rows =
            [("=Cafe\u{1b}", Unit::Usd, "-3.5"), ("Hall", Unit::Meals, "-1"), ("Web", Unit::Usd, "50")];
        for (place, unit, amount) in rows {
            summing.add(&Transaction {
                location: Some(place.into()),
                unit,
                signed_amount: amount.parse().unwrap(),
                ..transaction(0, 0)
            });
        }
        summing.finish()
    }

    #[test]
    fn the_table_has_a_total_below_each_unit() {
        let expected = "\
PLACE           COUNT   SPENT  DEPOSITED   SHARE
=Cafe               1   $3.50          –  100.0%
Web                 1       –     $50.00       –
Total in USD        2   $3.50     $50.00
Hall                1  1 meal          –  100.0%
Total in meals      1  1 meal          –
";
        assert_eq!(table(&summary(), Style::default()), expected);
    }

    #[test]
    fn lines_have_the_same_fields_as_the_document() {
        let csv = String::from_utf8(csv_lines(&summary())).unwrap();
        assert!(csv.starts_with("name,unit,count,spent,deposited,share\n'=Cafe,USD,1,3.5,0,1\n"), "{csv}");
        let json = String::from_utf8(json_lines(&summary()).unwrap()).unwrap();
        let first = "{\"name\":\"=Cafe\\u001b\",\"unit\":\"USD\",\"count\":1,\"spent\":3.5,\"deposited\":0,\"share\":1}";
        assert_eq!(json.lines().next(), Some(first));
    }
}
