//! The reply of `retrieveTransactionHistoryWithinDateRange`: a page of transactions.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::accounts::account_type;
use super::fields::{Flag, Id, Instant, List, Number, read};
use crate::get::failure::Failure;
use crate::model::money::Amount;
use crate::model::text::Text;
use crate::model::transaction::{Transaction, TransactionKind};

/// The maximum number of transactions in a page; more than is ever requested.
const MAX_TRANSACTIONS: usize = 20_000;

/// A page of transactions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The service's count of transactions in the range.
    pub total: Option<u64>,
    /// Whether the service says that it truncated the list.
    pub capped: bool,
    /// Newest first.
    pub transactions: Vec<Transaction>,
    /// The number of rows without an amount or a date, which were dropped.
    pub skipped: usize,
}

/// Parses a page of transactions: an object, or a bare list.
pub fn transactions(json: &str) -> Result<Page, Failure> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase")]
    struct Reply {
        total_count: Option<Number>,
        return_capped: Option<Flag>,
        transactions: Option<List<Row, MAX_TRANSACTIONS>>,
    }
    let reply = if json.trim_start().starts_with('[') {
        Reply { transactions: Some(read(json)?), ..Reply::default() }
    } else {
        read(json)?
    };
    let rows = reply.transactions.map(|List(rows)| rows).unwrap_or_default();
    let returned = rows.len();
    let transactions: Vec<Transaction> = rows.into_iter().filter_map(|Row(row)| row).collect();
    Ok(Page {
        total: reply.total_count.and_then(|Number(count)| count.try_into().ok()),
        capped: reply.return_capped == Some(Flag(true)),
        skipped: returned - transactions.len(),
        transactions,
    })
}

/// Finds the date of the last transaction in a page that is marked as truncated, by a text search in the
/// usual format.
pub fn last_date_of_cut(json: &str) -> Option<Timestamp> {
    json.contains("\"returnCapped\":true").then_some(())?;
    let (_, last) = json.rsplit_once("\"actualDate\":\"")?;
    last.split('"').next()?.parse().ok()
}

/// A row of a page; `None` if it has no amount or date.
struct Row(Option<Transaction>);

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Fields {
            transaction_id: Option<Id>,
            transaction_key: Option<Id>,
            transaction_type: Option<Number>,
            amount: Option<Amount>,
            resulting_balance: Option<Amount>,
            actual_date: Option<Instant>,
            posted_date: Option<Instant>,
            location_id: Option<Id>,
            location_name: Option<Text>,
            account_type: Option<Number>,
            account_name: Option<Text>,
        }
        let fields = Fields::deserialize(deserializer)?;
        let kind = match fields.transaction_type.map(|Number(number)| number) {
            Some(1) => TransactionKind::Debit,
            Some(3) => TransactionKind::Deposit,
            Some(4) => TransactionKind::Correction,
            _ => TransactionKind::Other,
        };
        let (Some(amount), Some(Instant(occurred_at))) =
            (fields.amount, fields.actual_date.or(fields.posted_date))
        else {
            return Ok(Self(None));
        };
        let signed = if kind == TransactionKind::Deposit { amount } else { -amount };
        let account_type = account_type(fields.account_type);
        Ok(Self(Some(Transaction {
            id: fields.transaction_id.map(|Id(id)| id),
            key: fields.transaction_key.map(|Id(key)| key),
            kind,
            amount,
            signed_amount: signed,
            balance_after: fields.resulting_balance,
            occurred_at,
            posted_at: fields.posted_date.map(|Instant(at)| at),
            location: fields.location_name,
            location_id: fields.location_id.map(|Id(id)| id),
            account: fields.account_name,
            account_type,
            unit: account_type.unit(),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::Unit;

    #[test]
    fn the_sign_follows_from_the_type() {
        let page = r#"{"totalCount":3,"returnCapped":true,"transactions":[
            {"transactionId":"a","transactionType":1,"amount":12.35,"resultingBalance":1.65,"actualDate":"2026-02-09T19:04:11.000+0000","accountType":3},
            {"transactionType":3,"amount":50,"actualDate":"2026-02-09T19:04:11Z","resultingBalance":null},
            {"transactionType":4,"amount":1,"actualDate":"2026-02-09T19:04:11+00:00","accountType":1}]}"#;
        let page = transactions(page).unwrap();
        assert!(page.capped);
        let signed: Vec<String> = page.transactions.iter().map(|it| it.signed_amount.to_string()).collect();
        assert_eq!(signed, ["-12.35", "50", "-1"]);
        assert_eq!(page.transactions[0].occurred_at, page.transactions[2].occurred_at);
        assert_eq!(page.transactions[0].occurred_at.to_string(), "2026-02-09T19:04:11Z");
        assert_eq!(page.transactions[2].unit, Unit::Meals);
    }

    #[test]
    fn a_row_without_amount_or_date_is_skipped_and_counted() {
        let page = transactions(
            r#"[{"amount":null,"actualDate":"2026-02-09T19:04:11Z"},{"amount":"2.50"},
                {"amount":"2.50","actualDate":"2026-02-09T19:04:11Z","transactionType":"3"}]"#,
        );
        let page = page.unwrap();
        assert_eq!((page.skipped, page.transactions.len()), (2, 1));
        assert_eq!(page.transactions[0].signed_amount.to_string(), "2.5");
    }

    #[test]
    fn errors_name_the_date_field() {
        let failure =
            transactions(r#"{"transactions":[{"amount":1,"actualDate":"yesterday"}]}"#).unwrap_err();
        let Failure::Shape { field, .. } = failure else { panic!("{failure:?}") };
        assert_eq!(field, "response.transactions[0].actualDate");
    }

    #[test]
    fn the_last_date_is_the_end_of_a_truncated_page() {
        let page = r#"{"totalCount":3,"returnCapped":true,"transactions":[
            {"actualDate":"2026-02-09T19:04:11.000+0000"},{"actualDate":"2026-02-08T07:00:00.500Z","locationName":"\"actualDate\":\"x"}]}"#;
        assert_eq!(last_date_of_cut(page), "2026-02-08T07:00:00.5Z".parse().ok());
        assert_eq!(last_date_of_cut(&page.replace("true", "false")), None);
        assert_eq!(
            last_date_of_cut(r#"{"returnCapped":true,"transactions":[{"actualDate":"today"}]}"#),
            None
        );
    }
}
