//! A page of `retrieveTransactionHistoryWithinDateRange` (protocol.md, transaction).

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::accounts::account_type;
use super::{Id, Instant, read};
use crate::get::failure::Failure;
use crate::get::page::Page;
use crate::model::money::Amount;
use crate::model::transaction::{Transaction, TransactionKind};

/// Reads a page of transactions.
pub fn transactions(json: &str) -> Result<Page, Failure> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        total_count: Option<u64>,
        return_capped: Option<bool>,
        transactions: Option<Vec<WireTransaction>>,
    }
    let answer: Answer = read(json)?;
    let transactions =
        answer.transactions.unwrap_or_default().into_iter().map(|WireTransaction(it)| it).collect();
    Ok(Page { total: answer.total_count, capped: answer.return_capped.unwrap_or(false), transactions })
}

/// When the last transaction of a page happened that says it was cut, as services write it.
pub fn last_date_of_cut(json: &str) -> Option<Timestamp> {
    json.contains("\"returnCapped\":true").then_some(())?;
    let (_, last) = json.rsplit_once("\"actualDate\":\"")?;
    last.split('"').next()?.parse().ok()
}

struct WireTransaction(Transaction);

impl<'de> Deserialize<'de> for WireTransaction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Fields {
            transaction_id: Option<Id>,
            transaction_key: Option<Id>,
            transaction_type: Option<i64>,
            amount: Amount,
            resulting_balance: Option<Amount>,
            actual_date: Option<Instant>,
            posted_date: Option<Instant>,
            location_id: Option<Id>,
            location_name: Option<String>,
            account_type: Option<i64>,
            account_name: Option<String>,
        }
        let fields = Fields::deserialize(deserializer)?;
        let kind = match fields.transaction_type {
            Some(1) => TransactionKind::Debit,
            Some(3) => TransactionKind::Deposit,
            Some(4) => TransactionKind::Correction,
            _ => TransactionKind::Other,
        };
        let signed = if kind == TransactionKind::Deposit { fields.amount } else { -fields.amount };
        let occurred_at = fields.actual_date.or(fields.posted_date);
        let Instant(occurred_at) = occurred_at.ok_or_else(|| D::Error::missing_field("actualDate"))?;
        let account_type = account_type(fields.account_type);
        Ok(Self(Transaction {
            id: fields.transaction_id.map(|Id(id)| id),
            key: fields.transaction_key.map(|Id(key)| key),
            kind,
            amount: fields.amount,
            signed_amount: signed,
            balance_after: fields.resulting_balance,
            occurred_at,
            posted_at: fields.posted_date.map(|Instant(at)| at),
            location: fields.location_name,
            location_id: fields.location_id.map(|Id(id)| id),
            account: fields.account_name,
            account_type,
            unit: account_type.unit(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::Unit;

    #[test]
    fn a_transaction_has_its_sign_from_its_type() {
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
    fn the_last_date_tells_where_a_cut_page_ends() {
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
