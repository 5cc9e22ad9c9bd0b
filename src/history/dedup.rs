//! Which transactions have been delivered: what makes two of them the same one.

use std::collections::HashMap;

use crate::model::text::Text;
use crate::model::transaction::Transaction;

/// What tells a transaction from every other: its key, else its id, else all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Identity {
    Key(Text),
    Id(Text),
    Fields(Box<Transaction>),
}

impl Identity {
    fn of(transaction: &Transaction) -> Self {
        let named = |name: &Option<Text>| name.clone().filter(|name| !name.is_empty());
        match (named(&transaction.key), named(&transaction.id)) {
            (Some(key), _) => Self::Key(key),
            (None, Some(id)) => Self::Id(id),
            (None, None) => Self::Fields(Box::new(transaction.clone())),
        }
    }
}

/// Transactions that are known, and how often each.
#[derive(Debug, Clone, Default)]
pub struct Dedup(HashMap<Identity, usize>);

impl Dedup {
    /// Adds what an answer holds; an answer holds all that there are alike.
    pub fn learn(&mut self, transactions: &[Transaction]) {
        let mut counts: HashMap<Identity, usize> = HashMap::new();
        for transaction in transactions {
            *counts.entry(Identity::of(transaction)).or_default() += 1;
        }
        for (identity, count) in counts {
            let known = self.0.entry(identity).or_default();
            *known = count.max(*known);
        }
    }

    /// Drops from a page what is known already, and what has its key or id twice. Those without either are
    /// told apart by nothing but their number: of three alike, with two known, one is new.
    pub fn drop_known(&self, page: &mut Vec<Transaction>) {
        let mut met: HashMap<Identity, usize> = HashMap::with_capacity(page.len());
        page.retain(|transaction| {
            let identity = Identity::of(transaction);
            let known = self.0.get(&identity).copied().unwrap_or_default();
            let may_be_alike = matches!(identity, Identity::Fields(_));
            let met = met.entry(identity).or_default();
            *met += 1;
            if may_be_alike { *met > known } else { known == 0 && *met == 1 }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::transaction::tests::transaction;

    fn named(key: Option<&str>, id: Option<&str>) -> Transaction {
        let name = |name: Option<&str>| name.map(Into::into);
        Transaction { key: name(key), id: name(id), ..transaction(0, 0) }
    }

    fn left(known: &[Transaction], page: &[Transaction]) -> usize {
        let mut page = page.to_vec();
        let mut seen = Dedup::default();
        seen.learn(known);
        seen.drop_known(&mut page);
        page.len()
    }

    #[test]
    fn the_key_decides_and_else_the_id() {
        let both = named(Some("k"), Some("i"));
        assert_eq!(left(std::slice::from_ref(&both), &[named(Some("k"), Some("other"))]), 0);
        assert_eq!(left(&[both], &[named(Some("other"), Some("i"))]), 1);
        assert_eq!(left(&[named(None, Some("i"))], &[named(Some(""), Some("i")), named(None, Some("j"))]), 1);
        assert_eq!(left(&[], &[named(Some("k"), None), named(Some("k"), None)]), 1);
    }

    #[test]
    fn nameless_ones_are_counted() {
        let nameless = named(None, None);
        assert_eq!(left(&[], &[nameless.clone(), nameless.clone()]), 2);
        let three = [nameless.clone(), nameless.clone(), nameless.clone()];
        assert_eq!(left(&three[..2], &three), 1);
    }
}
