//! The state of `history --new`: which transactions it has already shown.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::transaction::Transaction;

/// How much older than the newest transaction a late one may be: some are listed days after they happened.
const MAX_DELAY: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What the last run of `history --new` saw.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mark {
    /// The time of the newest transaction.
    newest: Option<Timestamp>,
    /// Older transactions were never read.
    from: Option<Timestamp>,
    /// The transactions within [`MAX_DELAY`] of the newest one, each with a count.
    known: BTreeMap<String, usize>,
}

impl Mark {
    /// How far back transactions must be read to find the new ones; `None` for all.
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        self.newest.map(horizon).max(self.from)
    }
}

/// Separates new transactions from known ones, newest first, and builds the next mark.
#[derive(Debug, Default)]
pub struct NewRows {
    before: Mark,
    after: Mark,
    oldest: Option<Timestamp>,
}

impl NewRows {
    /// Compares with the mark of the last run; with an empty mark everything is new.
    #[must_use]
    pub fn new(before: Mark) -> Self {
        let after = Mark { newest: before.newest, from: before.from, known: BTreeMap::new() };
        Self { before, after, oldest: None }
    }

    /// Keeps the new ones of the next transactions.
    #[must_use]
    pub fn take(&mut self, mut rows: Vec<Transaction>) -> Vec<Transaction> {
        rows.retain(|row| self.is_new(row));
        rows
    }

    fn is_new(&mut self, row: &Transaction) -> bool {
        self.after.newest = self.after.newest.max(Some(row.occurred_at));
        self.oldest = Some(row.occurred_at);
        let name = name(row);
        let known = self.before.known.get_mut(&name).filter(|left| **left > 0);
        let is_new = known.map(|left| *left -= 1).is_none();
        if self.after.newest.is_none_or(|newest| horizon(newest) <= row.occurred_at) {
            *self.after.known.entry(name).or_default() += 1;
        }
        is_new
    }

    /// The mark for the next run. `cut` means that transactions older than those taken were skipped for good.
    #[must_use]
    pub fn finish(mut self, cut: bool) -> Mark {
        if cut {
            self.after.from = self.oldest;
        }
        self.after
    }
}

fn horizon(newest: Timestamp) -> Timestamp {
    newest.checked_sub(MAX_DELAY).unwrap_or(Timestamp::MIN)
}

/// What identifies a transaction: its key, else its id, else all of its fields.
fn name(row: &Transaction) -> String {
    let named = |name: &Option<crate::model::text::Text>| {
        name.as_ref().map(|name| name.exact().to_owned()).filter(|name| !name.is_empty())
    };
    match (named(&row.key), named(&row.id)) {
        (Some(key), _) => format!("key {key}"),
        (None, Some(id)) => format!("id {id}"),
        (None, None) => serde_json::to_string(row).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::transaction::tests::transaction;

    const DAY: i64 = 86_400;

    fn show_new(mark: Mark, rows: &[Transaction]) -> (usize, Mark) {
        let mut marking = NewRows::new(mark);
        let new = marking.take(rows.to_vec()).len();
        (new, marking.finish(false))
    }

    #[test]
    fn each_transaction_is_new_once_even_if_late() {
        let (two, late, old) = (transaction(2, 20 * DAY), transaction(1, 15 * DAY), transaction(0, 0));
        let (new, mark) = show_new(Mark::default(), &[two.clone(), old.clone()]);
        assert_eq!(new, 2);
        assert_eq!(mark.since(), Some(transaction(0, 6 * DAY).occurred_at));
        assert_eq!(mark.known.len(), 1, "transactions too old to be read again are forgotten");
        let (new, mark) = show_new(mark, &[two.clone(), late.clone()]);
        assert_eq!(new, 1);
        let read: Mark = serde_json::from_slice(&serde_json::to_vec(&mark).unwrap()).unwrap();
        assert_eq!((show_new(read.clone(), &[two, late]).0, read), (0, mark));
    }

    #[test]
    fn transactions_without_key_or_id_are_counted() {
        let nameless = Transaction { id: None, key: None, ..transaction(0, 0) };
        let three = [nameless.clone(), nameless.clone(), nameless];
        let (_, mark) = show_new(Mark::default(), &three[..2]);
        assert_eq!(show_new(mark, &three).0, 1);
    }

    #[test]
    fn transactions_beyond_a_limit_do_not_come_back() {
        let mut marking = NewRows::new(Mark::default());
        assert_eq!(marking.take(vec![transaction(2, 2 * DAY), transaction(1, DAY)]).len(), 2);
        assert_eq!(marking.finish(true).since(), Some(transaction(1, DAY).occurred_at));
    }

    #[test]
    fn an_empty_history_gives_a_mark() {
        let (_, mark) = show_new(Mark::default(), &[]);
        assert_eq!((mark.since(), show_new(mark, &[transaction(0, 0)]).0), (None, 1));
    }
}
