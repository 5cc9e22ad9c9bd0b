//! A page of the history: the requested range, newest first, cut off at a limit.

use jiff::Timestamp;

use crate::sandbox::patron::ledger::Ledger;
use crate::sandbox::patron::transaction::Transaction;

/// How many transactions on either side of the range the `outside-range` fault adds.
const STRAYS: usize = 3;

/// A history query; both ends of the range are inclusive.
#[derive(Clone, Copy, Debug)]
pub struct Query {
    /// How many of the newest to skip.
    pub skip: usize,
    /// The row limit; `None` for no limit.
    pub most: Option<usize>,
    pub newest: Option<Timestamp>,
    pub oldest: Option<Timestamp>,
    pub account: Option<usize>,
    /// Misbehave as the real service sometimes does and return transactions outside the range.
    pub strays: bool,
}

#[derive(Debug)]
pub struct Page<'a> {
    /// How many are in the range, returned or not.
    pub total: usize,
    /// Whether the limit cut the list short.
    pub capped: bool,
    /// Newest first.
    pub rows: Vec<&'a Transaction>,
}

impl Ledger {
    /// Reads a page. Both ends are found by binary search, so the cost does not grow with the history.
    pub fn page(&self, query: &Query) -> Page<'_> {
        let rows = self.rows();
        match query.account {
            None => page(rows.len(), |place| &rows[place], query),
            Some(account) => {
                let places = self.rows_of(account);
                page(places.len(), |place| &rows[places[place]], query)
            }
        }
    }
}

/// Reads a page of `count` transactions; `row(0)` is the oldest.
fn page<'a>(count: usize, row: impl Fn(usize) -> &'a Transaction, query: &Query) -> Page<'a> {
    let start = query.oldest.map_or(0, |oldest| first(count, |place| row(place).actual >= oldest));
    let end = query.newest.map_or(count, |newest| first(count, |place| row(place).actual > newest));
    let total = end.saturating_sub(start);
    let rest = total.saturating_sub(query.skip);
    let most = query.most.unwrap_or(usize::MAX);
    let last = end.saturating_sub(total - rest);
    let mut shown = last.saturating_sub(rest.min(most))..last;
    if query.strays {
        shown.start = shown.start.min(start).saturating_sub(STRAYS);
        shown.end = end.saturating_add(STRAYS).min(count);
    }
    Page { total, capped: rest > most, rows: shown.rev().map(row).collect() }
}

/// The first index in `0..count` for which the monotonic predicate `rule` holds, or `count`.
fn first(count: usize, rule: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if rule(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::{Page, Query};
    use crate::sandbox::patron::ledger::{Entry, Ledger};
    use crate::sandbox::patron::opening::{BANANA, FLEXI, patron};
    use crate::sandbox::patron::places::CAFES;
    use crate::sandbox::patron::random::Random;
    use crate::sandbox::patron::transaction::Kind;
    use jiff::Timestamp;
    use rust_decimal::Decimal;

    const ALL: Query =
        Query { skip: 0, most: Some(100), newest: None, oldest: None, account: None, strays: false };

    fn at(second: i64) -> Option<Timestamp> {
        Timestamp::from_second(second).ok()
    }

    /// Sequences 1 to 10 at the seconds 0, 1, 2, 3, 3, 3, 3, 4, 5, 6; every third on Banana Bucks.
    fn ledger() -> Ledger {
        let mut ledger = Ledger::new(patron(&mut Random::new(1), 2026).1);
        for (index, second) in [0, 1, 2, 3, 3, 3, 3, 4, 5, 6].into_iter().enumerate() {
            let row = ledger.book(Entry {
                account: if index % 3 == 2 { BANANA } else { FLEXI },
                kind: Kind::Debit,
                amount: Decimal::ONE,
                place: CAFES[0].clone(),
                at: at(second).unwrap(),
            });
            ledger.list(row.unwrap());
        }
        ledger
    }

    fn sequences(page: &Page<'_>) -> Vec<u64> {
        page.rows.iter().map(|row| row.sequence).collect()
    }

    #[test]
    fn newest_first_and_both_ends_inclusive() {
        let ledger = ledger();
        let page = ledger.page(&ALL);
        assert_eq!(sequences(&page), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
        assert!(!page.capped);
        let range = Query { newest: at(5), oldest: at(4), ..ALL };
        assert_eq!(sequences(&ledger.page(&range)), [9, 8]);
        let nothing = Query { newest: at(1), oldest: at(4), ..ALL };
        assert_eq!(ledger.page(&nothing).total, 0);
    }

    #[test]
    fn the_limit_drops_the_oldest_and_sets_capped() {
        let ledger = ledger();
        let page = ledger.page(&Query { most: Some(4), ..ALL });
        assert_eq!(sequences(&page), [10, 9, 8, 7]);
        assert_eq!((page.total, page.capped), (10, true));
        let exact = ledger.page(&Query { most: Some(10), ..ALL });
        assert!(!exact.capped);
    }

    #[test]
    fn a_bound_includes_every_transaction_of_a_shared_instant() {
        let ledger = ledger();
        let page = ledger.page(&Query { most: Some(5), ..ALL });
        assert_eq!(sequences(&page), [10, 9, 8, 7, 6]);
        let next = ledger.page(&Query { most: Some(5), newest: at(3), ..ALL });
        assert_eq!(sequences(&next), [7, 6, 5, 4, 3]);
    }

    #[test]
    fn skip_counts_from_the_newest() {
        let ledger = ledger();
        let page = ledger.page(&Query { skip: 3, most: Some(4), ..ALL });
        assert_eq!(sequences(&page), [7, 6, 5, 4]);
        assert_eq!((page.total, page.capped), (10, true));
        let rest = ledger.page(&Query { skip: 7, most: Some(4), ..ALL });
        assert_eq!((sequences(&rest), rest.capped), (vec![3, 2, 1], false));
        assert!(ledger.page(&Query { skip: 11, ..ALL }).rows.is_empty());
        assert_eq!(ledger.page(&Query { most: None, ..ALL }).rows.len(), 10);
    }

    #[test]
    fn filtering_by_account() {
        let ledger = ledger();
        let query = Query { account: Some(BANANA), ..ALL };
        assert_eq!(sequences(&ledger.page(&query)), [9, 6, 3]);
        let page = ledger.page(&Query { newest: at(4), most: Some(1), ..query });
        assert_eq!(sequences(&page), [6]);
        assert_eq!((page.total, page.capped), (2, true));
    }

    #[test]
    fn strays_are_outside_the_range() {
        let ledger = ledger();
        let query = Query { newest: at(4), oldest: at(4), strays: true, ..ALL };
        let page = ledger.page(&query);
        assert_eq!(sequences(&page), [10, 9, 8, 7, 6, 5]);
        assert_eq!(page.total, 1);
    }
}
