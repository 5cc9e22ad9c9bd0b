//! A transaction on one of the patron's accounts.

use jiff::Timestamp;
use serde::Serialize;

use super::account::AccountType;
use super::money::{Amount, Unit};

/// What a transaction does to its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
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

/// A transaction as the service describes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Transaction {
    /// The service's id.
    pub id: Option<String>,
    /// The service's key: the same for the same transaction in every answer.
    pub key: Option<String>,
    /// What it does.
    pub kind: TransactionKind,
    /// How much, as the service has it: positive.
    pub amount: Amount,
    /// How much, by what it does to the balance: negative when spent.
    pub signed_amount: Amount,
    /// The account's balance afterwards, where the service says.
    pub balance_after: Option<Amount>,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was posted to the account.
    pub posted_at: Option<Timestamp>,
    /// Where, exactly as the service has it.
    pub location: Option<String>,
    /// The place's id.
    pub location_id: Option<String>,
    /// The account's name.
    pub account: Option<String>,
    /// The account's kind.
    pub account_type: AccountType,
    /// What the amounts count.
    pub unit: Unit,
}
