//! `--below`: finds the accounts below an amount, or below their own thresholds from the configuration.

use std::str::FromStr;

use crate::app::App;
use crate::error::{Cause, Error, Exit, Result};
use crate::model::account::Account;
use crate::model::money::{Amount, NotANumber};
use crate::model::threshold::Thresholds;

/// The value of `--below`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// One amount for all accounts.
    Amount(Amount),
    /// The configured thresholds.
    Low,
}

impl FromStr for Bound {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        if text == "low" { Ok(Self::Low) } else { text.parse().map(Self::Amount) }
    }
}

/// The limits to compare balances with.
#[derive(Debug, Clone, Copy)]
pub enum Limit<'a> {
    /// One amount for all accounts.
    Amount(Amount),
    /// Each account's own threshold.
    Thresholds(&'a Thresholds),
}

/// An account, and the limit that its balance is below.
pub type Below<'a> = (&'a Account, Amount);

impl<'a> Limit<'a> {
    /// The limit for `--below`; `None` if the option was not given.
    ///
    /// # Errors
    /// `validation_error` without an amount if the configuration has no thresholds either.
    pub fn asked(below: Option<Bound>, thresholds: &'a Thresholds) -> Result<Option<Self>> {
        match below {
            None => Ok(None),
            Some(Bound::Amount(amount)) => Ok(Some(Self::Amount(amount))),
            Some(Bound::Low) if thresholds.is_empty() => Err(Error::new(
                Cause::Usage,
                "--below has no amount, and the configuration has no [low] section",
            )
            .hint("set thresholds under [low], or name an amount, for example: getcard balance flexi --below 10")),
            Some(Bound::Low) => Ok(Some(Self::Thresholds(thresholds))),
        }
    }

    /// The accounts below the limit; an unknown balance is not below.
    ///
    /// # Errors
    /// `validation_error` if one amount applies to accounts with different units.
    pub fn below(self, accounts: &'a [Account]) -> Result<Vec<Below<'a>>> {
        if let (Self::Amount(limit), Some(first)) = (self, accounts.first())
            && accounts.iter().any(|account| account.unit != first.unit)
        {
            let names: Vec<&str> = accounts.iter().map(|account| &*account.name).collect();
            return Err(Error::new(
                Cause::MixedUnits,
                format!("{limit} cannot be compared with dollars and meals at once"),
            )
            .hint(format!("name accounts of one unit; these are selected: {}", names.join(", "))));
        }
        let limit = |account: &Account| match self {
            Self::Amount(limit) => Some(limit),
            Self::Thresholds(thresholds) => thresholds.of(account),
        };
        let is_below = |account: &'a Account| {
            let limit = limit(account)?;
            account.balance.is_some_and(|balance| balance < limit).then_some((account, limit))
        };
        Ok(accounts.iter().filter_map(is_below).collect())
    }
}

/// Prints the accounts that are below, and returns the exit status.
pub fn report(app: &App, below: &[Below<'_>]) -> Exit {
    for (account, limit) in below {
        let (left, limit) = (account.balance_text(), limit.display(account.unit));
        app.ui.note(&format!("{} is below {limit}: {left}", account.name));
    }
    if below.is_empty() { Exit::Done } else { Exit::Unmet }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::payment_watch::tests::account;
    use crate::model::money::Unit;

    fn names(limit: &str, accounts: &[Account]) -> Result<Vec<String>> {
        let below = Limit::Amount(limit.parse().unwrap()).below(accounts)?;
        Ok(below.iter().map(|(account, _)| account.name.to_string()).collect())
    }

    #[test]
    fn below_compares_numbers_of_one_unit() {
        let dollars = [account("1", "Flexi", "9.99"), account("2", "Points", "10"), account("3", "New", "")];
        assert_eq!(names("10", &dollars).unwrap(), ["Flexi"]);
        assert_eq!(names("0", &dollars).unwrap(), [""; 0]);
        let meals = Account { unit: Unit::Meals, ..account("4", "Board", "3") };
        assert_eq!(names("10", std::slice::from_ref(&meals)).unwrap(), ["Board"]);
        let error = names("10", &[dollars[0].clone(), meals]).unwrap_err();
        assert_eq!(error.cause(), Some(&Cause::MixedUnits));
    }

    #[test]
    fn without_an_amount_each_account_has_its_own() {
        let thresholds: Thresholds = toml::from_str("flexi = 10\nboard = 5").unwrap();
        let meals = Account { unit: Unit::Meals, ..account("4", "Board", "3") };
        let accounts = [account("1", "Flexi", "9.99"), account("2", "Points", "0"), meals];
        let limit = Limit::asked(Some(Bound::Low), &thresholds).unwrap().unwrap();
        let below: Vec<&str> =
            limit.below(&accounts).unwrap().iter().map(|(account, _)| &*account.name).collect();
        assert_eq!(below, ["Flexi", "Board"]);
        assert!(Limit::asked(None, &thresholds).unwrap().is_none());
        let error = Limit::asked(Some(Bound::Low), &Thresholds::default()).unwrap_err();
        assert_eq!(error.cause(), Some(&Cause::Usage));
    }
}
