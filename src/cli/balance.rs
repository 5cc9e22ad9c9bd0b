//! Arguments of `balance`.

use clap::Args;

use crate::model::money::Amount;

/// Arguments of `balance`.
#[derive(Debug, Args)]
pub struct Balance {
    /// Accounts to show: ids or parts of names.
    #[arg(value_name = "ACCOUNT")]
    pub accounts: Vec<String>,
    /// Every account: inactive ones and payment cards too.
    #[arg(long)]
    pub all: bool,
    /// Exit with 6 if a selected account is below this amount.
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    pub below: Option<Amount>,
    /// Print bare numbers, one a line; an empty line for an unknown balance.
    #[arg(long, conflicts_with = "json")]
    pub value: bool,
    /// Read them again every so many seconds, 5 or more, and print them when they change; with --below until
    /// an account is below.
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "10", value_parser = clap::value_parser!(u64).range(5..=86_400))]
    pub watch: Option<u64>,
}
