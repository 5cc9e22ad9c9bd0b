//! Drops transactions that were already delivered.

use std::collections::HashMap;

use crate::model::text::Text;
use crate::model::transaction::Transaction;

/// What identifies a transaction: its key, else its id, else all of its fields.
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

/// The known transactions, with a count for each identity.
#[derive(Debug, Clone, Default)]
pub struct Dedup(HashMap<Identity, usize>);

impl Dedup {
    /// Adds the transactions of a response. A response contains all transactions that are alike, so counts
    /// are not added up.
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

    /// Removes known transactions and repeated keys or ids from a page. Transactions without either are told
    /// apart by their number only: of three alike with two known, one is new.
    pub fn drop_known(&self, page: &mut Vec<Transaction>) {
        let mut occurrences: HashMap<Identity, usize> = HashMap::with_capacity(page.len());
        page.retain(|transaction| {
            let identity = Identity::of(transaction);
            let known = self.0.get(&identity).copied().unwrap_or_default();
            let may_be_alike = matches!(identity, Identity::Fields(_));
            let occurrences = occurrences.entry(identity).or_default();
            *occurrences += 1;
            if may_be_alike { *occurrences > known } else { known == 0 && *occurrences == 1 }
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
    fn the_key_decides_or_else_the_id() {
        let both = named(Some("k"), Some("i"));
        assert_eq!(left(std::slice::from_ref(&both), &[named(Some("k"), Some("other"))]), 0);
        assert_eq!(left(&[both], &[named(Some("other"), Some("i"))]), 1);
        assert_eq!(left(&[named(None, Some("i"))], &[named(Some(""), Some("i")), named(None, Some("j"))]), 1);
        assert_eq!(left(&[], &[named(Some("k"), None), named(Some("k"), None)]), 1);
    }

    #[test]
    fn transactions_without_key_or_id_are_counted() {
        let nameless = named(None, None);
        assert_eq!(left(&[], &[nameless.clone(), nameless.clone()]), 2);
        let three = [nameless.clone(), nameless.clone(), nameless.clone()];
        assert_eq!(left(&three[..2], &three), 1);
    }
}
