//! Low-balance thresholds, which the user sets per account.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};

use super::account::Account;
use super::money::Amount;

/// Thresholds by account id or part of the account name. A balance below its threshold is low.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct Thresholds(BTreeMap<String, Threshold>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Threshold(Amount);

impl Thresholds {
    /// The threshold for an account; if several match, the one with the longest name.
    #[must_use]
    pub fn of(&self, account: &Account) -> Option<Amount> {
        let matching = self.0.iter().filter(|(words, _)| account.matches(words));
        matching.max_by_key(|(words, _)| words.len()).map(|(_, threshold)| threshold.0)
    }

    /// Returns whether an account is low; `None` without a known balance or a threshold.
    #[must_use]
    pub fn is_low(&self, account: &Account) -> Option<bool> {
        Some(account.balance? < self.of(account)?)
    }

    /// Sets [`Account::low`] on each account.
    pub fn mark(&self, accounts: &mut [Account]) {
        for account in accounts {
            account.low = self.is_low(account);
        }
    }

    /// Adds the thresholds of `others` for names that are not in `self`.
    #[must_use]
    pub fn or(mut self, others: &Self) -> Self {
        for (words, threshold) in &others.0 {
            self.0.entry(words.clone()).or_insert(*threshold);
        }
        self
    }

    /// Returns whether there are no thresholds.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Accepts a TOML number, or a string that contains one.
impl<'de> Deserialize<'de> for Threshold {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = Threshold;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount such as 10 or 7.5")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Threshold, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Threshold, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Threshold, E> {
                // The shortest representation of the float is what was typed.
                self.visit_str(&number.to_string())
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Threshold, E> {
                text.parse().map(Threshold).map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_any(Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::account::AccountType;
    use crate::model::money::Unit;

    fn account(name: &str, balance: Option<&str>) -> Account {
        Account {
            id: Some("7".into()),
            name: name.into(),
            kind: AccountType::DecliningBalance,
            balance: balance.map(|balance| balance.parse().unwrap()),
            unit: Unit::Usd,
            usable: true,
            deposit_accepted: true,
            last_four: None,
            low: None,
        }
    }

    fn thresholds(text: &str) -> Thresholds {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn the_longest_matching_name_wins() {
        let low = thresholds("flexi = 10\n\"Second Flexi\" = \"0.1\"\n");
        assert_eq!(low.is_low(&account("Flexi Dollars", Some("9.99"))), Some(true));
        assert_eq!(low.is_low(&account("Flexi Dollars", Some("10"))), Some(false));
        assert_eq!(low.is_low(&account("Second Flexi", Some("9.99"))), Some(false));
        assert_eq!(low.is_low(&account("Flexi Dollars", None)), None);
        assert_eq!(low.is_low(&account("Board", Some("0"))), None);
        assert!(thresholds("").is_empty());
    }

    #[test]
    fn amounts_are_exact_and_anything_else_is_an_error() {
        let of = |text: &str| thresholds(text).of(&account("x", None)).unwrap().to_string();
        assert_eq!(
            (of("x = 12.35"), of("x = -3"), of("7 = 0.1")),
            ("12.35".into(), "-3".into(), "0.1".into())
        );
        for text in ["x = true", "x = nan", "x = \"ten\"", "x = []"] {
            assert!(toml::from_str::<Thresholds>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn or_adds_missing_names() {
        let low = thresholds("flexi = 5").or(&thresholds("flexi = 10\nboard = 3"));
        assert_eq!(low, thresholds("flexi = 5\nboard = 3"));
    }
}
