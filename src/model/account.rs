//! An account of the patron, and selecting accounts by the user's words.

use serde::Serialize;

use super::money::{Amount, Unit};
use super::text::Text;

/// The kind of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountType {
    /// A meal plan, counted in meals.
    Meals,
    /// A charge account or a credit card.
    Charge,
    /// A declining balance, in dollars.
    DecliningBalance,
    ApplePay,
    /// A kind that the service is not known to use.
    Other,
}

impl AccountType {
    /// The name for people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Meals => "meals",
            Self::Charge => "charge",
            Self::DecliningBalance => "declining balance",
            Self::ApplePay => "Apple Pay",
            Self::Other => "other",
        }
    }

    /// The name in machine-readable output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Meals => "meals",
            Self::Charge => "charge",
            Self::DecliningBalance => "declining_balance",
            Self::ApplePay => "apple_pay",
            Self::Other => "other",
        }
    }

    /// The unit of this kind of account.
    #[must_use]
    pub fn unit(self) -> Unit {
        if self == Self::Meals { Unit::Meals } else { Unit::Usd }
    }
}

/// An account as reported by the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The service's id; some deployments send none.
    pub id: Option<Text>,
    /// The display name.
    pub name: Text,
    #[serde(rename = "type")]
    pub kind: AccountType,
    /// The balance; `None` if the service does not report it.
    pub balance: Option<Amount>,
    pub unit: Unit,
    /// Whether it has a balance that can be spent now: active, tender active, and not a payment card.
    pub usable: bool,
    /// Whether it accepts deposits.
    pub deposit_accepted: bool,
    /// The last four digits of a payment card.
    pub last_four: Option<Text>,
    /// Whether the balance is below the user's threshold; `None` if either is unknown.
    pub low: Option<bool>,
}

impl Account {
    /// Returns whether the words select this account: its exact id, or part of its name (case-insensitive).
    #[must_use]
    pub fn matches(&self, words: &str) -> bool {
        self.id.as_deref() == Some(words) || self.name.to_lowercase().contains(&words.to_lowercase())
    }

    /// Returns whether to warn about the balance: it is below the user's threshold, or nothing is left.
    #[must_use]
    pub fn is_low(&self) -> bool {
        self.low == Some(true) || self.balance.is_some_and(|balance| balance <= Amount::ZERO)
    }

    /// The balance for people; a dash if it is unknown.
    #[must_use]
    pub fn balance_text(&self) -> String {
        self.balance.map_or_else(|| "–".to_owned(), |balance| balance.display(self.unit))
    }
}

/// No account matches a user's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSuchAccount {
    /// The words that match no account.
    pub wanted: String,
    /// The names of the accounts to choose from.
    pub names: Vec<Text>,
}

/// Selects accounts in the service's order: the usable ones, or all of them with `all`, and of those the ones
/// that match any of `wanted`. An empty `wanted` matches all.
///
/// # Errors
/// If one of `wanted` matches no account.
pub fn select(accounts: Vec<Account>, all: bool, wanted: &[String]) -> Result<Vec<Account>, NoSuchAccount> {
    let candidates: Vec<Account> = accounts.into_iter().filter(|account| all || account.usable).collect();
    for words in wanted {
        if !candidates.iter().any(|account| account.matches(words)) {
            let names = candidates.into_iter().map(|account| account.name).collect();
            return Err(NoSuchAccount { wanted: words.clone(), names });
        }
    }
    let chosen = |account: &Account| wanted.is_empty() || wanted.iter().any(|words| account.matches(words));
    Ok(candidates.into_iter().filter(chosen).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str, name: &str, usable: bool) -> Account {
        Account {
            id: Some(id.into()),
            name: name.into(),
            kind: AccountType::DecliningBalance,
            balance: None,
            unit: Unit::Usd,
            usable,
            deposit_accepted: true,
            last_four: None,
            low: None,
        }
    }

    fn names(accounts: &[Account]) -> Vec<&str> {
        accounts.iter().map(|account| &*account.name).collect()
    }

    fn all() -> Vec<Account> {
        vec![
            account("1", "Flexi Dollars", true),
            account("2", "Slug Points", true),
            account("3", "Old Flexi", false),
        ]
    }

    fn pick(every: bool, wanted: &[&str]) -> Result<Vec<Account>, NoSuchAccount> {
        let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        select(all(), every, &wanted)
    }

    #[test]
    fn the_default_is_all_usable_accounts() {
        assert_eq!(names(&pick(false, &[]).unwrap()), ["Flexi Dollars", "Slug Points"]);
        assert_eq!(pick(true, &[]).unwrap().len(), 3);
    }

    #[test]
    fn ids_and_name_parts_select_in_the_services_order() {
        assert_eq!(names(&pick(false, &["points", "1"]).unwrap()), ["Flexi Dollars", "Slug Points"]);
        assert_eq!(names(&pick(true, &["FLEXI"]).unwrap()), ["Flexi Dollars", "Old Flexi"]);
    }

    #[test]
    fn an_unusable_account_is_found_only_with_all() {
        let error = pick(false, &["old"]).unwrap_err();
        assert_eq!(error.wanted, "old");
        assert_eq!(error.names, ["Flexi Dollars", "Slug Points"]);
        assert_eq!(names(&pick(true, &["old"]).unwrap()), ["Old Flexi"]);
    }
}
