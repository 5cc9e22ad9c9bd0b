//! Account names in the books: letters, digits and hyphens, unique per account.

use std::ops::Index;

use crate::model::account::AccountType;
use crate::model::money::Unit;
use crate::model::text::Text;
use crate::model::transaction::Transaction;

/// The counter-account of spending.
pub const SPENT: &str = "Expenses:Campus";
/// The counter-account of deposits.
pub const DEPOSITS: &str = "Equity:Deposits";
/// The counter-account of balance changes that no transaction explains.
pub const ADJUSTMENTS: &str = "Equity:Adjustments";
/// The counter-account of balances from before the books begin.
pub const OPENING: &str = "Equity:Opening-Balances";
/// The counter-accounts, which are not accounts of the card.
pub const OTHERS: [&str; 4] = [SPENT, DEPOSITS, ADJUSTMENTS, OPENING];

/// A card account.
#[derive(Debug)]
pub struct BookAccount {
    /// The name in the books.
    pub name: String,
    /// The service's name.
    pub original: Option<Text>,
    pub unit: Unit,
    kind: AccountType,
}

/// The card accounts seen so far.
#[derive(Debug, Default)]
pub struct Accounts(Vec<BookAccount>);

impl Accounts {
    /// The index of a transaction's account, which is added if it is new.
    pub fn find(&mut self, row: &Transaction) -> usize {
        let is_same = |account: &BookAccount| {
            account.original == row.account && account.kind == row.account_type && account.unit == row.unit
        };
        self.0.iter().position(is_same).unwrap_or_else(|| {
            let name = self.free_name(row.account.as_deref().unwrap_or_default());
            let (original, unit, kind) = (row.account.clone(), row.unit, row.account_type);
            self.0.push(BookAccount { name, original, unit, kind });
            self.0.len() - 1
        })
    }

    /// All accounts, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &BookAccount> {
        self.0.iter()
    }

    /// Derives an unused name, with a number if necessary.
    fn free_name(&self, original: &str) -> String {
        let name = format!("Assets:Card:{}", component(original));
        let is_taken = |name: &str| self.0.iter().any(|account| account.name == name);
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        std::iter::once(name.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(name)
    }
}

impl Index<usize> for Accounts {
    type Output = BookAccount;

    fn index(&self, at: usize) -> &BookAccount {
        &self.0[at]
    }
}

/// An account name component that hledger and Beancount both accept: it starts with a capital letter or a digit.
fn component(original: &str) -> String {
    let words = original.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut name = words.collect::<Vec<_>>().join("-");
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    } else {
        name.push_str("Account");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::transaction::tests::transaction;

    #[test]
    fn names_are_ascii_and_unique() {
        let mut accounts = Accounts::default();
        let names = ["Flexi Dollars", "flexi  dollars!", "学食", "", "1st; \"x\"\n(y):z"];
        for name in names {
            accounts.find(&Transaction { account: Some(name.into()), ..transaction(0, 0) });
        }
        assert_eq!(accounts.find(&Transaction { account: Some("学食".into()), ..transaction(0, 0) }), 2);
        let names: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
        let expected = [
            "Assets:Card:Flexi-Dollars",
            "Assets:Card:Flexi-dollars",
            "Assets:Card:Account",
            "Assets:Card:Account-2",
            "Assets:Card:1st-x-y-z",
        ];
        assert_eq!(names, expected);
    }
}
