//! Filters transactions by account.

use crate::model::account::Account;
use crate::model::text::Text;
use crate::model::transaction::Transaction;

/// Which accounts' transactions to keep.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountFilter {
    id: Option<Text>,
    chosen: Option<Vec<Text>>,
    others: Vec<Text>,
}

impl AccountFilter {
    /// Keeps the transactions of `chosen`, which are some of the accounts in `every`.
    #[must_use]
    pub fn of(chosen: &[Account], every: &[Account]) -> Self {
        let names = |accounts: &mut dyn Iterator<Item = &Account>| -> Vec<Text> {
            accounts.map(|account| account.name.clone()).collect()
        };
        let chosen_names = names(&mut chosen.iter());
        let others = names(&mut every.iter().filter(|account| !chosen_names.contains(&account.name)));
        let id = match chosen {
            [only] => only.id.clone(),
            _ => None,
        };
        Self { id, chosen: Some(chosen_names), others }
    }

    /// The account id for the service's own filter, which takes at most one.
    #[must_use]
    pub fn account_id(&self) -> Option<&str> {
        self.id.as_ref().map(Text::exact)
    }

    /// Returns whether pages may contain transactions that this filter drops.
    #[must_use]
    pub fn is_selective(&self) -> bool {
        self.chosen.is_some() && self.id.is_none()
    }

    /// Returns whether to keep a transaction. If the service filters by id, only transactions that name
    /// another account are dropped, because their account name may differ from the account's own.
    #[must_use]
    pub fn admits(&self, transaction: &Transaction) -> bool {
        let Some(chosen) = &self.chosen else { return true };
        match &transaction.account {
            Some(name) if chosen.contains(name) => true,
            Some(name) if self.others.contains(name) => false,
            _ => self.id.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::account::AccountType;
    use crate::model::money::Unit;
    use crate::model::transaction::tests::transaction;

    fn account(id: Option<&str>, name: &str) -> Account {
        Account {
            id: id.map(Into::into),
            name: name.into(),
            kind: AccountType::DecliningBalance,
            balance: None,
            unit: Unit::Usd,
            usable: true,
            deposit_accepted: false,
            last_four: None,
            low: None,
        }
    }

    fn admits(scope: &AccountFilter, name: Option<&str>) -> bool {
        scope.admits(&Transaction { account: name.map(Into::into), ..transaction(0, 0) })
    }

    #[test]
    fn a_single_account_is_filtered_by_the_service() {
        let every = [account(Some("1"), "Flexi"), account(Some("2"), "Board")];
        let scope = AccountFilter::of(&every[..1], &every);
        assert_eq!(scope.account_id(), Some("1"));
        assert!(admits(&scope, Some("Flexi")) && admits(&scope, Some("FLEXI 2026")) && admits(&scope, None));
        assert!(!admits(&scope, Some("Board")));
    }

    #[test]
    fn several_accounts_or_one_without_id_are_filtered_here() {
        let every = [account(None, "Flexi"), account(Some("2"), "Board"), account(Some("3"), "Points")];
        for chosen in [&every[..2], &every[..1]] {
            let scope = AccountFilter::of(chosen, &every);
            assert!(scope.account_id().is_none() && scope.is_selective());
            assert!(
                admits(&scope, Some("Flexi")) && !admits(&scope, Some("Points")) && !admits(&scope, None)
            );
        }
    }

    #[test]
    fn the_default_keeps_everything() {
        assert!(admits(&AccountFilter::default(), None) && !AccountFilter::default().is_selective());
    }
}
