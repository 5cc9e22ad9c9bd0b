//! The names of accounts in books: letters, digits and hyphens, and no two accounts with the same one.

use std::ops::Index;

use crate::model::account::AccountType;
use crate::model::money::Unit;
use crate::model::text::Text;
use crate::model::transaction::Transaction;

/// What spent money goes to.
pub const SPENT: &str = "Expenses:Campus";
/// What deposits come from.
pub const DEPOSITS: &str = "Equity:Deposits";
/// What makes up for balances that jump without a transaction.
pub const ADJUSTMENTS: &str = "Equity:Adjustments";
/// What balances come from that were there before the books begin.
pub const OPENING: &str = "Equity:Opening-Balances";
/// The accounts that are not the card's own.
pub const OTHERS: [&str; 4] = [SPENT, DEPOSITS, ADJUSTMENTS, OPENING];

/// An account of the card.
#[derive(Debug)]
pub struct BookAccount {
    /// Its name in the books.
    pub name: String,
    /// The service's name for it.
    pub original: Option<Text>,
    /// What it counts.
    pub unit: Unit,
    kind: AccountType,
}

/// The accounts of the card that were met so far.
#[derive(Debug, Default)]
pub struct Accounts(Vec<BookAccount>);

impl Accounts {
    /// Where a transaction's account stands; one that is met for the first time is added at the end.
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

    /// Every account, in the order in which they were met.
    pub fn iter(&self) -> impl Iterator<Item = &BookAccount> {
        self.0.iter()
    }

    /// A name that no account has yet.
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

/// A part of an account's name that both programs take: it begins with a capital letter or a digit.
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
    fn names_are_plain_and_differ() {
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
