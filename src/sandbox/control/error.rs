//! Why a control call failed.

use rust_decimal::Decimal;
use thiserror::Error;

use crate::sandbox::wire::exception::Exception;

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ControlError {
    /// No account name contains this text.
    #[error("no account has `{0}` in its name")]
    UnknownAccount(String),
    /// The account has no balance; a credit card, for example.
    #[error("the account has no balance")]
    NoBalance,
    /// Amounts are positive: dollars with at most two decimals, meals whole.
    #[error("`{0}` is not a valid amount for this account")]
    Amount(Decimal),
    #[error("insufficient funds")]
    InsufficientFunds,
    /// The card is reported lost and cannot be charged.
    #[error("the card is reported lost")]
    CardLost,
    /// Tampering needs three consecutive transactions that report a balance.
    #[error("the account has too few transactions")]
    TooFew,
    #[error("no device `{0}`")]
    UnknownDevice(String),
    /// A setting's name has three parts.
    #[error("`{0}` is not DOMAIN.CATEGORY.NAME")]
    SettingName(String),
}

impl From<ControlError> for Exception {
    fn from(error: ControlError) -> Self {
        match error {
            ControlError::InsufficientFunds => Self::insufficient_funds(),
            ControlError::CardLost => Self::card_lost(),
            other => Self::argument(&other.to_string()),
        }
    }
}
