//! Filters transactions by place and kind.

use crate::model::transaction::{Transaction, TransactionKind};

/// Which places and kinds to keep; the default keeps all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowFilter {
    /// Part of the place's name, lowercase.
    place: Option<String>,
    kinds: Vec<TransactionKind>,
}

impl RowFilter {
    /// Keeps transactions of any of these kinds at places whose name contains this text (case-insensitive).
    #[must_use]
    pub fn new(place: Option<&str>, kinds: &[TransactionKind]) -> Self {
        Self { place: place.map(str::to_lowercase), kinds: kinds.to_vec() }
    }

    /// Returns whether pages may contain transactions that this filter drops.
    #[must_use]
    pub fn is_selective(&self) -> bool {
        *self != Self::default()
    }

    /// Returns whether to keep a transaction.
    #[must_use]
    pub fn admits(&self, transaction: &Transaction) -> bool {
        let at_place = |place: &String| {
            transaction.location.as_deref().is_some_and(|location| location.to_lowercase().contains(place))
        };
        self.place.as_ref().is_none_or(at_place)
            && (self.kinds.is_empty() || self.kinds.contains(&transaction.kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::transaction::tests::transaction;

    #[test]
    fn places_match_by_substring_and_kinds_by_any() {
        let at = |place: Option<&str>| Transaction { location: place.map(Into::into), ..transaction(0, 0) };
        let cafe = RowFilter::new(Some("CAF"), &[]);
        assert!(cafe.is_selective() && cafe.admits(&at(Some("Perk Café"))));
        assert!(!cafe.admits(&at(Some("Hall"))) && !cafe.admits(&at(None)));
        let added = RowFilter::new(None, &[TransactionKind::Deposit, TransactionKind::Correction]);
        assert!(!added.admits(&transaction(0, 0)));
        assert!(added.admits(&Transaction { kind: TransactionKind::Deposit, ..transaction(0, 0) }));
        assert!(!RowFilter::default().is_selective() && RowFilter::default().admits(&at(None)));
    }
}
