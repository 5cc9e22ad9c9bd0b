//! Paging against honest, mistaken and odd services.

use jiff::ToSpan;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;

use super::{HistoryQuery, MAX_PAGE_SIZE, Pager};
use crate::error::{Category, Cause, Error};
use crate::get::page::{Page, Query};
use crate::history::range::Range;
use crate::model::transaction::Transaction;
use crate::model::transaction::tests::transaction;

/// How a simulated service answers.
#[derive(Debug, Clone, Copy)]
struct Habits {
    /// Its `returnCapped`, given the truth.
    capped: fn(bool) -> bool,
    /// Whether it reports the total.
    counts: bool,
    /// Its own page size limit.
    own_limit: usize,
    /// How many transactions on either side of the range it adds.
    strays: usize,
    /// Whether it respects the start of a page.
    heeds_newest: bool,
}

impl Habits {
    fn is_honest(&self) -> bool {
        (self.capped)(true) && self.own_limit == usize::MAX && self.strays == 0 && self.heeds_newest
    }
}

const HONEST: Habits =
    Habits { capped: |truth| truth, counts: true, own_limit: usize::MAX, strays: 0, heeds_newest: true };

/// The response of a service with these transactions, newest first.
fn answer(history: &[Transaction], habits: &Habits, query: &Query) -> Page {
    let newest = query.newest.filter(|_| habits.heeds_newest);
    let start = history.partition_point(|row| newest.is_some_and(|newest| row.occurred_at > newest));
    let end = history.partition_point(|row| query.oldest.is_none_or(|oldest| row.occurred_at >= oldest));
    let end = end.max(start);
    let limit = habits.own_limit.min(query.limit as usize);
    let cut = end.min(start + limit);
    let shown = start.saturating_sub(habits.strays)..(cut + habits.strays).min(history.len());
    Page {
        skipped: 0,
        total: habits.counts.then_some((end - start) as u64),
        capped: (habits.capped)(cut < end),
        transactions: history[shown].to_vec(),
    }
}

/// Everything that paging delivers, and whether it reports it as complete.
fn collect(
    history: &[Transaction],
    habits: Habits,
    wanted: HistoryQuery,
    size: u32,
) -> (Vec<Transaction>, bool) {
    let mut pager = Pager::with_page_size(wanted, size);
    let (mut all, mut calls) = (Vec::new(), 0);
    while let Some(query) = pager.query() {
        calls += 1;
        assert!(calls <= 4 * history.len() + 40, "paging did not end");
        let page = answer(history, &habits, &query);
        let guess = page.transactions.last().filter(|_| page.capped).map(|last| last.occurred_at);
        let guess = guess.and_then(|end| pager.query_after(end));
        all.extend(pager.take(page));
        // Continuing an honest service's page where it ends makes progress, unless it is all one instant.
        if let (Some(guess), Some(next)) = (guess, pager.query())
            && habits.is_honest()
        {
            assert_eq!(guess, next);
        }
    }
    (all, pager.shortfall().is_none())
}

/// Transactions, newest first; about half share their instant with the one before.
fn histories() -> impl Strategy<Value = Vec<Transaction>> {
    proptest::collection::vec(prop_oneof![3 => Just(0), 2 => 1_i64..4], 0..120).prop_map(|steps| {
        let mut second = 1_000;
        let rows = steps.iter().enumerate().map(|(number, step)| {
            second -= step;
            transaction(number, second)
        });
        rows.collect()
    })
}

fn strip_ids(history: &mut [Transaction]) {
    for row in history {
        (row.id, row.key) = (None, None);
    }
}

fn range_of(since: i64, until: i64) -> Range {
    let at = |second| Some(transaction(0, second).occurred_at);
    Range { since: at(since), until: at(until) }
}

proptest! {
    #[test]
    fn every_page_size_gives_the_complete_range(
        history in histories(),
        size in prop_oneof![1_u32..10, 1_u32..=1000],
        counts in any::<bool>(),
        (since, length) in (900_i64..1_000, 0_i64..100),
        bounded in any::<bool>(),
    ) {
        let range = if bounded { range_of(since, since + length) } else { Range::default() };
        let expected: Vec<_> =
            history.iter().filter(|row| range.contains(row.occurred_at)).cloned().collect();
        let wanted = HistoryQuery { range, ..HistoryQuery::default() };
        let result = collect(&history, Habits { counts, ..HONEST }, wanted, size);
        assert_eq!(result, (expected, true));
    }

    #[test]
    fn a_wrong_capped_flag_loses_nothing(
        history in histories(),
        size in prop_oneof![1_u32..10, 1_u32..=1000],
        capped in select(vec![(|_| true) as fn(bool) -> bool, |_| false, |truth| !truth]),
        counts in any::<bool>(),
        strays in 0_usize..4,
    ) {
        let habits = Habits { capped, counts, strays, ..HONEST };
        let (result, complete) = collect(&history, habits, HistoryQuery::default(), size);
        assert_eq!(result, history);
        assert!(complete || !counts);
    }

    #[test]
    fn a_page_limit_of_the_service_is_handled_or_reported(
        history in histories(),
        own_limit in 1_usize..20,
        size in 1_u32..=100,
        counts in any::<bool>(),
        strays in 0_usize..4,
    ) {
        let habits = Habits { counts, own_limit, strays, ..HONEST };
        let (result, complete) = collect(&history, habits, HistoryQuery::default(), size);
        assert!(result.is_sorted_by_key(|row| std::cmp::Reverse(row.occurred_at)));
        assert!(result == history || !complete, "{} of {}", result.len(), history.len());
        if strays == 0 && !history.chunk_by(|a, b| a.occurred_at == b.occurred_at).any(|tie| tie.len() >= own_limit) {
            assert_eq!((result, complete), (history, true));
        }
    }

    #[test]
    fn transactions_without_ids_are_all_delivered(mut history in histories(), size in 1_u32..=100) {
        strip_ids(&mut history);
        assert_eq!(collect(&history, HONEST, HistoryQuery::default(), size), (history, true));
    }

    #[test]
    fn a_service_that_ignores_the_start_of_a_page_is_read_in_larger_pages(history in histories(), size in 1_u32..=100) {
        let habits = Habits { heeds_newest: false, ..HONEST };
        assert_eq!(collect(&history, habits, HistoryQuery::default(), size), (history, true));
    }

    #[test]
    fn a_limit_keeps_the_newest_and_reports_whether_there_are_more(
        history in histories(),
        limit in 0_usize..130,
        size in 1_u32..=130,
    ) {
        let wanted = HistoryQuery { limit: Some(limit), ..HistoryQuery::default() };
        let (result, complete) = collect(&history, HONEST, wanted, size);
        assert_eq!(result, history[..limit.min(history.len())]);
        assert_eq!(complete, history.len() <= limit);
    }
}

#[test]
fn an_instant_that_exceeds_the_largest_page_is_reported() {
    let history: Vec<_> = (0..MAX_PAGE_SIZE as usize + 5)
        .map(|number| transaction(number, 5))
        .chain((0..10).map(|number| transaction(1_000_000 + number, 1)))
        .collect();
    let (result, complete) = collect(&history, HONEST, HistoryQuery::default(), 1000);
    assert!(!complete);
    assert_eq!(result.len(), MAX_PAGE_SIZE as usize + 10);
    assert_eq!(result.last(), history.last());
}

#[test]
fn a_page_refused_for_its_size_is_stepped_over() {
    let history: Vec<_> =
        (0..30).map(|number| transaction(number, if number < 20 { 9 } else { 5 })).collect();
    let mut pager = Pager::with_page_size(HistoryQuery::default(), 10);
    let mut count = 0;
    while let Some(query) = pager.query() {
        match query.limit {
            ..=10 => count += pager.take(answer(&history, &HONEST, &query)).len(),
            _ => pager
                .refused(Error::new(
                    Cause::Exception { code: Some("9801".to_owned()), category: Category::Validation },
                    "invalid service argument",
                ))
                .unwrap(),
        }
    }
    assert_eq!((count, pager.shortfall().is_none()), (20, false));
}

#[test]
fn a_failure_of_a_page_of_the_usual_size_is_returned() {
    let mut pager = Pager::new(HistoryQuery::default());
    assert_eq!(
        pager.refused(Error::new(Cause::CannotConnect, "down")).unwrap_err(),
        Error::new(Cause::CannotConnect, "down")
    );
}

#[test]
fn submillisecond_bounds_lose_nothing() {
    let mut history: Vec<_> = (0..6).map(|number| transaction(number, 5)).collect();
    for (row, fraction) in history.iter_mut().zip((0_i64..).step_by(300)) {
        row.occurred_at -= fraction.microseconds();
    }
    assert_eq!(collect(&history, HONEST, HistoryQuery::default(), 2), (history, true));
}
