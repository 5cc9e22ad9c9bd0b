//! Why a control call failed.

use rust_decimal::Decimal;
use thiserror::Error;

use crate::sandbox::wire::exception::Exception;

/// Why a control call failed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ControlError {
    /// No account has this in its name.
    #[error("no account has `{0}` in its name")]
    UnknownAccount(String),
    /// The account has no balance, as a credit card has none.
    #[error("the account has no balance")]
    NoBalance,
    /// Dollars are positive with at most two decimals, meals whole.
    #[error("`{0}` is not a valid amount for this account")]
    Amount(Decimal),
    /// The balance is lower than the amount.
    #[error("insufficient funds")]
    InsufficientFunds,
    /// The card is reported lost: nothing can be bought with it.
    #[error("the card is reported lost")]
    CardLost,
    /// No three transactions in a row claim a balance.
    #[error("the account has too few transactions")]
    TooFew,
    /// No device has this id.
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
