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
    /// A correction, which takes away like a debit.
    Correction,
    /// A kind that the service has not been seen to use; taken as spent.
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

/// A transaction as the service describes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Transaction {
    /// The service's id.
    pub id: Option<Text>,
    /// The service's key: the same for the same transaction in every answer.
    pub key: Option<Text>,
    /// What it does.
    pub kind: TransactionKind,
    /// How much, as the service has it: positive.
    pub amount: Amount,
    /// How much, by what it does to the balance: negative when spent.
    pub signed_amount: Amount,
    /// The account's balance afterwards, where the service says.
    pub balance_after: Option<Amount>,
    /// When it happened.
    #[serde(serialize_with = "super::time::serialize")]
    pub occurred_at: Timestamp,
    /// When it was posted to the account.
    #[serde(serialize_with = "super::time::serialize")]
    pub posted_at: Option<Timestamp>,
    /// Where.
    pub location: Option<Text>,
    /// The place's id.
    pub location_id: Option<Text>,
    /// The account's name.
    pub account: Option<Text>,
    /// The account's kind.
    pub account_type: AccountType,
    /// What the amounts count.
    pub unit: Unit,
}

#[cfg(test)]
pub(crate) mod tests {
    use jiff::Timestamp;

    use super::{Transaction, TransactionKind};
    use crate::model::account::AccountType;
    use crate::model::money::{Amount, Unit};

    /// The `number`th transaction, `second` seconds into the history.
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
