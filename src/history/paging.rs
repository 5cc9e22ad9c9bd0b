//! Pages through the service's history: every transaction of a range once, newest first.
//!
//! This module decides which page to request next and what in it is new; the caller does the I/O. A truncated
//! page is continued from its oldest instant, which both pages then include. The service's own claims are not
//! trusted: a full page counts as truncated, and one without anything new is requested again in a larger
//! size, then stepped over and reported.

use jiff::{Timestamp, ToSpan};

use super::account_filter::AccountFilter;
use super::dedup::Dedup;
use super::range::{Range, whole_milliseconds};
use super::row_filter::RowFilter;
use crate::error::{Category, Cause, Error, Result};
use crate::get::page::{Page, Query};
use crate::model::transaction::Transaction;

/// The usual number of transactions per page.
pub const PAGE_SIZE: u32 = 1000;
/// The largest page requested when one instant fills smaller ones. Its reply still fits the client's size limit.
const MAX_PAGE_SIZE: u32 = 16_000;

/// Which transactions to read.
#[derive(Debug, Clone, Default)]
pub struct HistoryQuery {
    pub range: Range,
    pub scope: AccountFilter,
    /// The filter by place and kind.
    pub rows: RowFilter,
    /// The maximum number of transactions; the newest are kept.
    pub limit: Option<usize>,
}

/// Why a range is incomplete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortfall {
    /// The query's limit was reached.
    Limit,
    /// The service does not return all transactions of one instant.
    Service,
}

/// Pages through a range.
pub struct Pager {
    wanted: HistoryQuery,
    page_size: u32,
    /// The size of the next page.
    size: u32,
    /// The newest instant of the next page.
    newest: Option<Timestamp>,
    /// The transactions already delivered of that instant.
    seen: Dedup,
    /// The largest page so far, in transactions within the range.
    longest: usize,
    delivered: usize,
    total: Option<u64>,
    skipped: usize,
    shortfall: Option<Shortfall>,
    ended: bool,
}

impl Pager {
    /// Starts at the newest transaction of the query's range.
    #[must_use]
    pub fn new(wanted: HistoryQuery) -> Self {
        // One more than the limit shows whether there are more.
        let sufficient = wanted.limit.filter(|_| !wanted.scope.is_selective() && !wanted.rows.is_selective());
        let sufficient = sufficient.and_then(|limit| u32::try_from(limit.saturating_add(1)).ok());
        Self::with_page_size(wanted, sufficient.map_or(PAGE_SIZE, |size| size.min(PAGE_SIZE)))
    }

    fn with_page_size(wanted: HistoryQuery, page_size: u32) -> Self {
        Self {
            newest: wanted.range.until.map(whole_milliseconds),
            wanted,
            page_size,
            size: page_size,
            seen: Dedup::default(),
            longest: 0,
            delivered: 0,
            total: None,
            skipped: 0,
            shortfall: None,
            ended: false,
        }
    }

    /// The page to request now; `None` at the end.
    #[must_use]
    pub fn query(&self) -> Option<Query> {
        (!self.ended).then(|| self.query_of(self.size, self.newest))
    }

    /// The page to request next if the current one ends at `end`, for prefetching; `None` if that makes no
    /// progress, or if there is a limit, which the current page may already reach.
    #[must_use]
    pub fn query_after(&self, end: Timestamp) -> Option<Query> {
        let end = whole_milliseconds(end);
        let is_progress = self.newest.is_none_or(|newest| end < newest);
        (is_progress && self.wanted.limit.is_none()).then(|| self.query_of(self.page_size, Some(end)))
    }

    fn query_of(&self, limit: u32, newest: Option<Timestamp>) -> Query {
        let account_id = self.wanted.scope.account_id().map(ToOwned::to_owned);
        Query { limit, newest, oldest: self.wanted.range.since, account_id }
    }

    /// Handles a failed request: skips the page if it was enlarged and may have failed for its size.
    ///
    /// # Errors
    /// Returns the error otherwise.
    pub fn refused(&mut self, error: Error) -> Result<()> {
        if self.size <= self.page_size || !is_about_size(&error) {
            return Err(error);
        }
        self.shortfall = Some(Shortfall::Service);
        self.step_over();
        Ok(())
    }

    /// Why the range is incomplete; valid after the last page.
    #[must_use]
    pub fn shortfall(&self) -> Option<Shortfall> {
        self.shortfall
    }

    /// The number of rows dropped because they had no amount or no date.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// The service's count of transactions in the whole range, if it gives one.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Returns the new transactions of the requested page, newest first and older than all before, and
    /// decides which page is next.
    pub fn take(&mut self, page: Page) -> Vec<Transaction> {
        let size = self.size as usize;
        let returned = page.transactions.len() + page.skipped;
        let skipped = page.skipped;
        self.skipped += skipped;
        let mut rows = page.transactions;
        rows.retain(|row| self.is_in_range(row));
        rows.sort_by_key(|row| std::cmp::Reverse(row.occurred_at));
        let within = rows.len();
        // If the page has more rows than requested, those after its proper end are unreliable; they come
        // again later.
        if let Some(end) = rows.get(size.saturating_sub(1)).map(instant) {
            rows.truncate(rows.partition_point(|row| instant(row) >= end));
        }
        let end = rows.last().map(instant);
        let at_end: Vec<Transaction> =
            rows.iter().rev().take_while(|row| Some(instant(row)) == end).cloned().collect();
        self.seen.drop_known(&mut rows);
        self.total = self.total.or(page.total);
        let facts = Facts { capped: page.capped, total: page.total, is_full: returned >= size, within, end };
        match self.decide(&facts) {
            Next::End => self.ended = true,
            Next::From(end) => {
                self.newest = Some(end);
                self.size = self.page_size;
                self.seen = Dedup::default();
                self.seen.learn(&at_end);
            }
            Next::Larger(size) => {
                // These rows come again.
                self.skipped -= skipped;
                self.size = size;
                self.seen.learn(&at_end);
            }
            Next::Over => {
                if facts.is_cut(self.longest) {
                    self.shortfall = Some(Shortfall::Service);
                }
                self.step_over();
                self.ended |= end.is_none();
            }
        }
        self.longest = self.longest.max(within);
        self.deliver(rows)
    }

    /// Decides what to request after a page.
    fn decide(&self, facts: &Facts) -> Next {
        match facts.end {
            _ if !facts.has_more_rows() => Next::End,
            Some(end) if self.newest.is_none_or(|newest| end < newest) => Next::From(end),
            _ if facts.is_full && self.size < MAX_PAGE_SIZE => {
                Next::Larger(self.size.saturating_mul(2).min(MAX_PAGE_SIZE))
            }
            _ => Next::Over,
        }
    }

    /// Continues just before the instant that cannot be read completely.
    fn step_over(&mut self) {
        self.newest = self.newest.and_then(|newest| newest.checked_sub(1.millisecond()).ok());
        self.size = self.page_size;
        self.seen = Dedup::default();
        let is_over = |newest: Timestamp| self.wanted.range.since.is_some_and(|since| newest < since);
        self.ended = self.newest.is_none_or(is_over);
    }

    /// Applies the filters and the limit to the new transactions.
    fn deliver(&mut self, mut rows: Vec<Transaction>) -> Vec<Transaction> {
        rows.retain(|row| self.wanted.scope.admits(row) && self.wanted.rows.admits(row));
        if let Some(limit) = self.wanted.limit {
            let left = limit.saturating_sub(self.delivered);
            if rows.len() > left {
                rows.truncate(left);
                self.shortfall = self.shortfall.or(Some(Shortfall::Limit));
                self.ended = true;
            }
        }
        self.delivered += rows.len();
        rows
    }

    fn is_in_range(&self, row: &Transaction) -> bool {
        self.wanted.range.contains(row.occurred_at) && self.newest.is_none_or(|newest| instant(row) <= newest)
    }
}

/// What is known about a page.
struct Facts {
    /// The service says that it truncated the page.
    capped: bool,
    /// The service's count of transactions.
    total: Option<u64>,
    /// The page has at least as many rows as requested.
    is_full: bool,
    /// The number of its rows within the requested range.
    within: usize,
    /// The oldest instant of those rows.
    end: Option<Timestamp>,
}

impl Facts {
    /// Whether the service counts more than it returned.
    fn is_short(&self) -> bool {
        self.total.is_some_and(|total| total > self.within as u64)
    }

    /// Whether there may be more after this page.
    fn has_more_rows(&self) -> bool {
        self.capped || self.is_full || self.is_short()
    }

    /// Whether a page that reaches no older instant was truncated within its single instant, by the largest
    /// page size or by a limit of the service. The service's claim is wrong if the page is shorter than
    /// others, or complete by its own count.
    fn is_cut(&self, longest: usize) -> bool {
        let as_long = self.within > 0 && self.within >= longest;
        self.is_full || self.capped && self.total.map_or(as_long, |_| self.is_short())
    }
}

/// What to request after a page.
enum Next {
    End,
    /// The page that starts at this instant.
    From(Timestamp),
    /// The same page, in this size.
    Larger(u32),
    /// The page that starts just before the current one.
    Over,
}

/// The instant in the resolution of the wire.
fn instant(row: &Transaction) -> Timestamp {
    whole_milliseconds(row.occurred_at)
}

/// Returns whether a request may have failed because of its page size.
fn is_about_size(error: &Error) -> bool {
    error
        .cause()
        .is_some_and(|cause| *cause == Cause::ReplyTooLarge || cause.category() == Category::Validation)
}

#[cfg(test)]
mod tests;
