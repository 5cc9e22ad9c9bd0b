//! A transaction on one of the patron's accounts.

use jiff::Timestamp;
use serde::Serialize;

use super::account::AccountType;
use super::money::{Amount, Unit};
use super::text::Text;

/// What a transaction does to its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum TransactionKind {
    /// Money or meals spent.
    Debit,
    /// Money or meals added.
    Deposit,
    /// A correction; it lowers the balance.
    Correction,
    /// A kind that getcard does not know; it counts as spent.
    Other,
}

impl TransactionKind {
    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Debit => "debit",
            Self::Deposit => "deposit",
            Self::Correction => "correction",
            Self::Other => "other",
        }
    }
}

/// A transaction as reported by the service.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Transaction {
    /// The service's id.
    pub id: Option<Text>,
    /// The service's key, which is the same for a transaction in every reply.
    pub key: Option<Text>,
    pub kind: TransactionKind,
    /// The amount as reported by the service: positive.
    pub amount: Amount,
    /// The change of the balance: negative if spent.
    pub signed_amount: Amount,
    /// The resulting balance, if the service reports it.
    pub balance_after: Option<Amount>,
    #[serde(serialize_with = "super::time::serialize")]
    pub occurred_at: Timestamp,
    /// When it was posted to the account.
    #[serde(serialize_with = "super::time::serialize")]
    pub posted_at: Option<Timestamp>,
    /// The name of the place.
    pub location: Option<Text>,
    /// The id of the place.
    pub location_id: Option<Text>,
    /// The name of the account.
    pub account: Option<Text>,
    pub account_type: AccountType,
    pub unit: Unit,
}

#[cfg(test)]
pub(crate) mod tests {
    use jiff::Timestamp;

    use super::{Transaction, TransactionKind};
    use crate::model::account::AccountType;
    use crate::model::money::{Amount, Unit};

    /// Transaction `number`, `second` seconds into the history.
    pub(crate) fn transaction(number: usize, second: i64) -> Transaction {
        Transaction {
            id: Some(number.to_string().into()),
            key: Some(format!("key-{number}").into()),
            kind: TransactionKind::Debit,
            amount: Amount::ZERO,
            signed_amount: Amount::ZERO,
            balance_after: None,
            occurred_at: Timestamp::from_second(1_770_000_000 + second).unwrap(),
            posted_at: None,
            location: None,
            location_id: None,
            account: None,
            account_type: AccountType::DecliningBalance,
            unit: Unit::Usd,
        }
    }
}
