//! Parameters and answers as they are on the wire (protocol.md, methods), and what they mean in the model.
//!
//! Every field of an answer is optional to read; a field that is there has the right type or is an error.

use std::fmt;

use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::failure::Failure;
use crate::model::account::{Account, AccountType};
use crate::model::money::Amount;
use crate::model::transaction::{Transaction, TransactionKind};
use crate::redact;

/// The credentials that every client of the service signs in with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemCredentials {
    user_name: &'static str,
    password: &'static str,
    domain: &'static str,
}

/// The one value of [`SystemCredentials`].
pub const SYSTEM_CREDENTIALS: SystemCredentials =
    SystemCredentials { user_name: "get_mobile", password: "NOTUSED", domain: "" };

/// Parameters of `authenticatePIN`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticatePin<'a> {
    pub pin: &'a str,
    pub device_id: &'a str,
    pub system_credentials: SystemCredentials,
}

/// Parameters of `authenticateSystem`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticateSystem {
    pub system_credentials: SystemCredentials,
}

/// Parameters of the methods that take nothing but a session.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionOnly<'a> {
    pub session_id: &'a str,
}

/// Parameters of `createPIN`; the key of the PIN is upper case.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePin<'a> {
    pub session_id: &'a str,
    pub device_id: &'a str,
    #[serde(rename = "PIN")]
    pub pin: &'a str,
}

/// Parameters of `updatePIN`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdatePin<'a> {
    pub session_id: &'a str,
    pub device_id: &'a str,
    #[serde(rename = "oldPIN")]
    pub old_pin: &'a str,
    #[serde(rename = "newPIN")]
    pub new_pin: &'a str,
}

/// Parameters of `deletePIN`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletePin<'a> {
    pub session_id: &'a str,
    pub device_id: &'a str,
}

/// Parameters of `retrieveTransactionHistoryWithinDateRange`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionHistory<'a> {
    pub session_id: &'a str,
    pub payment_system_type: u8,
    pub query_criteria: QueryCriteria<'a>,
}

/// What a page of transactions is asked for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryCriteria<'a> {
    pub max_return_most_recent: u32,
    pub newest_date: Option<String>,
    pub oldest_date: Option<String>,
    pub account_id: Option<&'a str>,
}

/// An instant as the service's clients send it: `2025-01-01T00:00:00.000Z`.
pub fn date(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Reads the answer of a method; the failure names the field.
pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, Failure> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { "response".to_owned() } else { format!("response.{path}") };
        let problem = error.inner().to_string();
        let problem = problem.split(" at line ").next().unwrap_or_default();
        Failure::Shape { field, problem: redact::text(problem).into_owned() }
    })
}

/// An id on the wire: text or a number, kept as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id(pub String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor;
        impl Visitor<'_> for IdVisitor {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a whole number")
            }

            fn visit_str<E>(self, text: &str) -> Result<Id, E> {
                Ok(Id(text.to_owned()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }
        }
        deserializer.deserialize_any(IdVisitor)
    }
}

/// An instant on the wire: `2026-02-09T19:04:11.000+0000`, `Z` or `+00:00` too.
#[derive(Debug, Clone, Copy)]
pub struct Instant(Timestamp);

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_| D::Error::custom("expected a date with a UTC offset"))
    }
}

/// The answer of `retrieveAccounts`: an object, or the bare list.
pub struct Accounts {
    pub accounts: Vec<Account>,
    pub plan_name: Option<String>,
}

/// Reads the answer of `retrieveAccounts`.
pub fn accounts(json: &str) -> Result<Accounts, Failure> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        accounts: Vec<WireAccount>,
        plan_name: Option<String>,
    }
    let answer =
        if json.starts_with('[') { Answer { accounts: read(json)?, plan_name: None } } else { read(json)? };
    let accounts = answer.accounts.into_iter().map(Account::from).collect();
    Ok(Accounts { accounts, plan_name: answer.plan_name })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireAccount {
    id: Option<Id>,
    account_display_name: Option<String>,
    account_type: Option<i64>,
    is_active: Option<bool>,
    is_account_tender_active: Option<bool>,
    deposit_accepted: Option<bool>,
    balance: Option<Amount>,
    last_four: Option<Id>,
    expiration_month: Option<Id>,
    name_on_media: Option<String>,
}

impl From<WireAccount> for Account {
    fn from(wire: WireAccount) -> Self {
        let kind = account_type(wire.account_type);
        let last_four = wire.last_four.map(|Id(digits)| digits).filter(|digits| !digits.is_empty());
        // A charge account holds a balance; a stored credit card has the marks of a card instead.
        let has_card_marks =
            last_four.is_some() || wire.expiration_month.is_some() || wire.name_on_media.is_some();
        let card = kind == AccountType::ApplePay || kind == AccountType::Charge && has_card_marks;
        let active = wire.is_active.unwrap_or(true) && wire.is_account_tender_active.unwrap_or(true);
        let id = wire.id.map(|Id(id)| id);
        let name = wire.account_display_name.filter(|name| !name.is_empty());
        Self {
            name: name.or_else(|| id.clone()).unwrap_or_else(|| "unnamed".to_owned()),
            id,
            kind,
            balance: wire.balance,
            unit: kind.unit(),
            usable: active && !card,
            deposit_accepted: wire.deposit_accepted.unwrap_or(false),
            last_four,
        }
    }
}

fn account_type(number: Option<i64>) -> AccountType {
    match number {
        Some(1) => AccountType::Meals,
        Some(2) => AccountType::Charge,
        Some(3) => AccountType::DecliningBalance,
        Some(4) => AccountType::ApplePay,
        _ => AccountType::Other,
    }
}

/// A page of `retrieveTransactionHistoryWithinDateRange`, newest first.
pub struct TransactionPage {
    pub total_count: Option<u64>,
    pub return_capped: bool,
    pub transactions: Vec<Transaction>,
}

/// Reads a page of transactions.
pub fn transactions(json: &str) -> Result<TransactionPage, Failure> {
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
    Ok(TransactionPage {
        total_count: answer.total_count,
        return_capped: answer.return_capped.unwrap_or(false),
        transactions,
    })
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

/// Who the patron is, of `user.retrieve`.
#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the wire's names")]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: Option<Id>,
    pub user_name: Option<String>,
    pub institution_id: Option<Id>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
}

/// The answer of `retrieveLookupList`.
#[derive(Deserialize)]
pub struct LookupList {
    pub institutions: Vec<Institution>,
}

/// An institution that the service knows.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Institution {
    pub id: Option<Id>,
    pub name: Option<String>,
    pub short_name: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::Unit;

    fn field(result: Result<impl Sized, Failure>) -> String {
        match result.err().unwrap() {
            Failure::Shape { field, .. } => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_sample_of_s1_is_read() {
        let json = r#"{"accounts":[
            {"accountDisplayName":"Flexi Dollars","accountType":3,"depositAccepted":true,"balance":50},
            {"accountDisplayName":"Board","accountType":1,"depositAccepted":false,"balance":0}],"planName":"STAGING"}"#;
        let Accounts { accounts, plan_name } = accounts(json).unwrap();
        assert_eq!(plan_name.as_deref(), Some("STAGING"));
        assert_eq!(accounts[0].kind, AccountType::DecliningBalance);
        assert!(accounts[0].usable && accounts[0].id.is_none());
        assert_eq!(accounts[1].unit, Unit::Meals);
    }

    #[test]
    fn a_bare_list_of_accounts_is_read() {
        assert_eq!(accounts(r#"[{"id":7,"balance":null}]"#).unwrap().accounts[0].name, "7");
    }

    #[test]
    fn both_flags_make_an_account_usable_and_cards_are_not() {
        let usable = |fields: &str| accounts(&format!("[{{{fields}}}]")).unwrap().accounts[0].usable;
        assert!(usable(r#""accountType":3"#));
        assert!(usable(r#""accountType":2,"lastFour":null"#));
        assert!(!usable(r#""accountType":3,"isActive":false"#));
        assert!(!usable(r#""accountType":3,"isAccountTenderActive":false"#));
        assert!(!usable(r#""accountType":2,"lastFour":"4242""#));
        assert!(!usable(r#""accountType":4"#));
    }

    #[test]
    fn a_wrong_field_is_named() {
        assert_eq!(field(accounts(r#"{"accounts":[{"balance":"a lot"}]}"#)), "response.accounts[0].balance");
        assert_eq!(field(accounts(r#"{"planName":"x"}"#)), "response");
        assert_eq!(field(accounts("true")), "response");
        let page = r#"{"transactions":[{"amount":1,"actualDate":"yesterday"}]}"#;
        assert_eq!(field(transactions(page)), "response.transactions[0].actualDate");
    }

    #[test]
    fn a_transaction_has_its_sign_from_its_type() {
        let page = r#"{"totalCount":3,"returnCapped":true,"transactions":[
            {"transactionId":"a","transactionType":1,"amount":12.35,"resultingBalance":1.65,"actualDate":"2026-02-09T19:04:11.000+0000","accountType":3},
            {"transactionType":3,"amount":50,"actualDate":"2026-02-09T19:04:11Z","resultingBalance":null},
            {"transactionType":4,"amount":1,"actualDate":"2026-02-09T19:04:11+00:00","accountType":1}]}"#;
        let page = transactions(page).unwrap();
        assert!(page.return_capped);
        let signed: Vec<String> = page.transactions.iter().map(|it| it.signed_amount.to_string()).collect();
        assert_eq!(signed, ["-12.35", "50", "-1"]);
        assert_eq!(page.transactions[0].occurred_at, page.transactions[2].occurred_at);
        assert_eq!(page.transactions[0].occurred_at.to_string(), "2026-02-09T19:04:11Z");
        assert_eq!(page.transactions[2].unit, Unit::Meals);
    }

    #[test]
    fn dates_are_sent_with_milliseconds_and_z() {
        assert_eq!(date("2025-01-01T00:00:00Z".parse().unwrap()), "2025-01-01T00:00:00.000Z");
    }
}
