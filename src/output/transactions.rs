//! Transactions as table rows, JSON Lines and CSV.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::csv::{self, Cell};
use super::json;
use super::table::{self, Column, Style, Tone, render};
use crate::error::Result;
use crate::model::money::{Amount, Unit};
use crate::model::text::Text;
use crate::model::time;
use crate::model::transaction::Transaction;

const COLUMNS: [&str; 13] = [
    "id",
    "key",
    "kind",
    "amount",
    "signed_amount",
    "balance_after",
    "occurred_at",
    "posted_at",
    "location",
    "location_id",
    "account",
    "account_type",
    "unit",
];

/// The CSV header line.
#[must_use]
pub fn csv_header() -> Vec<u8> {
    csv::lines([COLUMNS.map(|title| Cell::Text(Some(title))).to_vec()])
}

/// One CSV line per transaction.
#[must_use]
pub fn csv_lines(transactions: &[Transaction]) -> Vec<u8> {
    let number = |amount: Amount| Cell::Plain(Some(amount.to_string()));
    let instant = |at: Timestamp| Cell::Plain(Some(time::text(at)));
    csv::lines(transactions.iter().map(|row| {
        vec![
            Cell::Text(row.id.as_deref()),
            Cell::Text(row.key.as_deref()),
            Cell::Text(Some(row.kind.name())),
            number(row.amount),
            number(row.signed_amount),
            row.balance_after.map_or(Cell::Plain(None), number),
            instant(row.occurred_at),
            row.posted_at.map_or(Cell::Plain(None), instant),
            Cell::Text(row.location.as_deref()),
            Cell::Text(row.location_id.as_deref()),
            Cell::Text(row.account.as_deref()),
            Cell::Text(Some(row.account_type.name())),
            Cell::Text(Some(row.unit.name())),
        ]
    }))
}

/// One JSON line per transaction.
///
/// # Errors
/// Like [`json::line`].
pub fn json_lines(transactions: &[Transaction]) -> Result<Vec<u8>> {
    let mut lines = Vec::with_capacity(transactions.len() * 400);
    for transaction in transactions {
        json::append(&mut lines, transaction)?;
    }
    Ok(lines)
}

/// A table for people, in local time.
#[must_use]
pub fn table(transactions: &[Transaction], zone: &TimeZone, style: Style) -> String {
    if transactions.is_empty() {
        return "no transactions\n".to_owned();
    }
    let columns = [
        Column::Text("WHEN"),
        Column::Text("PLACE"),
        Column::Text("ACCOUNT"),
        Column::Number("AMOUNT"),
        Column::Number("BALANCE"),
    ];
    let rows: Vec<Vec<table::Cell>> = transactions
        .iter()
        .map(|row| {
            let text = |text: &Option<Text>| text.as_deref().unwrap_or("–").to_owned();
            let tone = if row.signed_amount > Amount::ZERO { Tone::Good } else { Tone::Plain };
            vec![
                row.occurred_at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string().into(),
                text(&row.location).into(),
                text(&row.account).into(),
                table::Cell::new(signed(row.signed_amount, row.unit), tone),
                row.balance_after.map_or_else(|| "–".to_owned(), |balance| balance.display(row.unit)).into(),
            ]
        })
        .collect();
    render(&columns, &rows, style)
}

/// A signed amount for people: `-$12.35`, `+$50.00`.
#[must_use]
pub fn signed(amount: Amount, unit: Unit) -> String {
    let plus = if amount > Amount::ZERO { "+" } else { "" };
    format!("{plus}{}", amount.display(unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::account::AccountType;
    use crate::model::transaction::TransactionKind;
    use crate::model::transaction::tests::transaction;

    fn purchase() -> Transaction {
        Transaction {
            kind: TransactionKind::Correction,
            amount: "12.35".parse().unwrap(),
            signed_amount: "-12.35".parse().unwrap(),
            balance_after: Some("-50".parse().unwrap()),
            location: Some("=1\u{202e}+1, \"x\"".into()),
            account: Some("Flexi".into()),
            ..transaction(7, 0)
        }
    }

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn csv_columns_match_the_json_fields() {
        let json: serde_json::Value = serde_json::from_slice(&json_lines(&[purchase()]).unwrap()).unwrap();
        let header = text(csv_header());
        let mut titles: Vec<_> = header.trim_end().split(',').collect();
        titles.sort_unstable();
        assert_eq!(titles, json.as_object().unwrap().keys().collect::<Vec<_>>());
        let line = text(csv_lines(&[purchase()]));
        let expected = "7,key-7,correction,12.35,-12.35,-50,2026-02-02T02:40:00.000Z,,\"'=1+1, \"\"x\"\"\",,Flexi,declining_balance,USD\n";
        assert_eq!(line, expected);
    }

    #[test]
    fn names_match_the_json_values() {
        let kinds = [
            TransactionKind::Debit,
            TransactionKind::Deposit,
            TransactionKind::Correction,
            TransactionKind::Other,
        ];
        for kind in kinds {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        let accounts = [
            AccountType::Meals,
            AccountType::Charge,
            AccountType::DecliningBalance,
            AccountType::ApplePay,
            AccountType::Other,
        ];
        for account in accounts {
            assert_eq!(serde_json::to_value(account).unwrap(), account.name());
        }
        for unit in [Unit::Usd, Unit::Meals] {
            assert_eq!(serde_json::to_value(unit).unwrap(), unit.name());
        }
    }

    #[test]
    fn json_lines_keep_text_exact_and_harmless() {
        let line = text(json_lines(&[purchase(), purchase()]).unwrap());
        assert_eq!(line.lines().count(), 2);
        assert!(line.contains(r#""location":"=1\u202e+1, \"x\"""#) && line.contains(r#""amount":12.35,"#));
    }

    #[test]
    fn the_table_has_signs_units_and_local_time() {
        let zone = TimeZone::get("America/Los_Angeles").unwrap();
        let meals = Transaction {
            unit: Unit::Meals,
            signed_amount: "50".parse().unwrap(),
            location: Some("学食 🍜".into()),
            ..transaction(1, 60)
        };
        let expected = "\
WHEN              PLACE      ACCOUNT     AMOUNT  BALANCE
2026-02-01 18:41  学食 🍜    –        +50 meals        –
2026-02-01 18:40  =1+1, \"x\"  Flexi      -$12.35  -$50.00
";
        assert_eq!(table(&[meals, purchase()], &zone, Style::default()), expected);
        assert_eq!(table(&[], &zone, Style::default()), "no transactions\n");
    }
}
