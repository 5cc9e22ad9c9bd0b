//! What `history --new` has shown: which transactions were there the last time, so that the next time tells what came.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::transaction::Transaction;

/// How far behind the newest one a transaction may still appear: some are listed days after they happened.
const LATEST: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What was there the last time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mark {
    /// When the newest one happened.
    newest: Option<Timestamp>,
    /// Nothing before this was looked at.
    from: Option<Timestamp>,
    /// Those that happened within [`LATEST`] of the newest one, and how many are alike.
    known: BTreeMap<String, usize>,
}

impl Mark {
    /// From when on transactions must be read to find the new ones; `None` for all.
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        self.newest.map(horizon).max(self.from)
    }
}

/// Tells new transactions from known ones, the newest first, and makes the next mark.
#[derive(Debug, Default)]
pub struct NewRows {
    before: Mark,
    after: Mark,
    oldest: Option<Timestamp>,
}

impl NewRows {
    /// From the mark of the last time; from an empty one everything is new.
    #[must_use]
    pub fn new(before: Mark) -> Self {
        let after = Mark { newest: before.newest, from: before.from, known: BTreeMap::new() };
        Self { before, after, oldest: None }
    }

    /// The new ones of the next transactions.
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

    /// The mark for the next time; with `cut`, older transactions than those taken were left out for good.
    #[must_use]
    pub fn finish(mut self, cut: bool) -> Mark {
        if cut {
            self.after.from = self.oldest;
        }
        self.after
    }
}

fn horizon(newest: Timestamp) -> Timestamp {
    newest.checked_sub(LATEST).unwrap_or(Timestamp::MIN)
}

/// What tells a transaction from others: its key, else its id, else all that is known of it.
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

    fn look(mark: Mark, rows: &[Transaction]) -> (usize, Mark) {
        let mut marking = NewRows::new(mark);
        let new = marking.take(rows.to_vec()).len();
        (new, marking.finish(false))
    }

    #[test]
    fn each_is_new_once_and_a_late_one_too() {
        let (two, late, old) = (transaction(2, 20 * DAY), transaction(1, 15 * DAY), transaction(0, 0));
        let (new, mark) = look(Mark::default(), &[two.clone(), old.clone()]);
        assert_eq!(new, 2);
        assert_eq!(mark.since(), Some(transaction(0, 6 * DAY).occurred_at));
        assert_eq!(mark.known.len(), 1, "what is too old to be asked for again need not be known");
        let (new, mark) = look(mark, &[two.clone(), late.clone()]);
        assert_eq!(new, 1);
        let read: Mark = serde_json::from_slice(&serde_json::to_vec(&mark).unwrap()).unwrap();
        assert_eq!((look(read.clone(), &[two, late]).0, read), (0, mark));
    }

    #[test]
    fn those_without_a_name_are_counted() {
        let nameless = Transaction { id: None, key: None, ..transaction(0, 0) };
        let three = [nameless.clone(), nameless.clone(), nameless];
        let (_, mark) = look(Mark::default(), &three[..2]);
        assert_eq!(look(mark, &three).0, 1);
    }

    #[test]
    fn what_a_limit_left_out_does_not_come_back() {
        let mut marking = NewRows::new(Mark::default());
        assert_eq!(marking.take(vec![transaction(2, 2 * DAY), transaction(1, DAY)]).len(), 2);
        assert_eq!(marking.finish(true).since(), Some(transaction(1, DAY).occurred_at));
    }

    #[test]
    fn nothing_at_all_is_a_mark_too() {
        let (_, mark) = look(Mark::default(), &[]);
        assert_eq!((mark.since(), look(mark, &[transaction(0, 0)]).0), (None, 1));
    }
}
