//! The service's pages → every transaction of a range, once, newest first.
//!
//! Which page to ask for, and what is new in it, is decided here; whoever asks has the connection.
//! A page that was cut goes on where it ended: the next one is asked for from its oldest instant, which both
//! hold. What the service says of a page is not trusted alone: a full page counts as cut, one that brings
//! nothing new is asked for again in a larger size, and then stepped over and reported.

use jiff::{Timestamp, ToSpan};

use super::account_filter::AccountFilter;
use super::dedup::Dedup;
use super::range::{Range, whole_milliseconds};
use super::row_filter::RowFilter;
use crate::error::{Category, Cause, Error, Result};
use crate::get::page::{Page, Query};
use crate::model::transaction::Transaction;

/// How many transactions a page is asked for .
pub const PAGE_SIZE: u32 = 1000;
/// The largest page that is tried when one instant fills smaller ones: its reply is within the client's limit.
const LARGEST_PAGE: u32 = 16_000;

/// Which transactions are wanted.
#[derive(Debug, Clone, Default)]
pub struct HistoryQuery {
    /// When.
    pub range: Range,
    /// Of which accounts.
    pub scope: AccountFilter,
    /// Of which places and kinds.
    pub rows: RowFilter,
    /// At most so many, the newest.
    pub limit: Option<usize>,
}

/// Why a range is not complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortfall {
    /// The wanted number is reached.
    Limit,
    /// The service does not give all of one instant.
    Service,
}

/// The pages of a range, one after the other.
pub struct Pager {
    wanted: HistoryQuery,
    page_size: u32,
    /// The size of the next page.
    size: u32,
    /// The newest instant of the next page.
    newest: Option<Timestamp>,
    /// What is known of that instant.
    seen: Dedup,
    /// The most that a page held so far.
    longest: usize,
    delivered: usize,
    total: Option<u64>,
    skipped: usize,
    shortfall: Option<Shortfall>,
    ended: bool,
}

impl Pager {
    /// The wanted transactions, page by page.
    #[must_use]
    pub fn new(wanted: HistoryQuery) -> Self {
        // One more than wanted tells whether there are more.
        let enough = wanted.limit.filter(|_| !wanted.scope.is_selective() && !wanted.rows.is_selective());
        let enough = enough.and_then(|limit| u32::try_from(limit.saturating_add(1)).ok());
        Self::with_page_size(wanted, enough.map_or(PAGE_SIZE, |size| size.min(PAGE_SIZE)))
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

    /// The page to ask for now; `None` when there are no more.
    #[must_use]
    pub fn query(&self) -> Option<Query> {
        (!self.ended).then(|| self.query_of(self.size, self.newest))
    }

    /// The page to ask for after the present one, should that one end at this instant; `None` where the present
    /// one may be enough.
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

    /// The page cannot be had: goes on without it, where it was larger than usual and that may be why.
    ///
    /// # Errors
    /// The error, where that is not so.
    pub fn refused(&mut self, error: Error) -> Result<()> {
        if self.size <= self.page_size || !is_about_size(&error) {
            return Err(error);
        }
        self.shortfall = Some(Shortfall::Service);
        self.step_over();
        Ok(())
    }

    /// Why the range is not complete, after the last page; `None` where it is.
    #[must_use]
    pub fn shortfall(&self) -> Option<Shortfall> {
        self.shortfall
    }

    /// How many rows had no amount or no date, and were left out.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// How many transactions the service counts in the whole range, where it says.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// What is new in the page that was asked for, newest first and older than all before; settles which is next.
    pub fn take(&mut self, page: Page) -> Vec<Transaction> {
        let size = self.size as usize;
        let returned = page.transactions.len() + page.skipped;
        let skipped = page.skipped;
        self.skipped += skipped;
        let mut rows = page.transactions;
        rows.retain(|row| self.is_in_range(row));
        rows.sort_by_key(|row| std::cmp::Reverse(row.occurred_at));
        let within = rows.len();
        // More than asked for: what follows the page's proper end came by mistake, and comes again in its turn.
        if let Some(end) = rows.get(size.saturating_sub(1)).map(instant) {
            rows.truncate(rows.partition_point(|row| instant(row) >= end));
        }
        let end = rows.last().map(instant);
        let at_end: Vec<Transaction> =
            rows.iter().rev().take_while(|row| Some(instant(row)) == end).cloned().collect();
        self.seen.drop_known(&mut rows);
        self.total = self.total.or(page.total);
        let facts = Facts { capped: page.capped, total: page.total, is_full: returned >= size, within, end };
        match self.judge(&facts) {
            Next::End => self.ended = true,
            Next::From(end) => {
                self.newest = Some(end);
                self.size = self.page_size;
                self.seen = Dedup::default();
                self.seen.learn(&at_end);
            }
            Next::Larger(size) => {
                // They come again.
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

    /// What a page of these facts calls for.
    fn judge(&self, facts: &Facts) -> Next {
        match facts.end {
            _ if !facts.has_more_rows() => Next::End,
            Some(end) if self.newest.is_none_or(|newest| end < newest) => Next::From(end),
            _ if facts.is_full && self.size < LARGEST_PAGE => {
                Next::Larger(self.size.saturating_mul(2).min(LARGEST_PAGE))
            }
            _ => Next::Over,
        }
    }

    /// Goes on just before the instant that cannot be got through.
    fn step_over(&mut self) {
        self.newest = self.newest.and_then(|newest| newest.checked_sub(1.millisecond()).ok());
        self.size = self.page_size;
        self.seen = Dedup::default();
        let is_over = |newest: Timestamp| self.wanted.range.since.is_some_and(|since| newest < since);
        self.ended = self.newest.is_none_or(is_over);
    }

    /// What of the new transactions is wanted, up to the limit.
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

/// What a page is.
struct Facts {
    /// The service says that it cut the page.
    capped: bool,
    /// How many the service counts.
    total: Option<u64>,
    /// It holds as many as were asked for.
    is_full: bool,
    /// How many of them were asked for at all.
    within: usize,
    /// The oldest instant of those.
    end: Option<Timestamp>,
}

impl Facts {
    /// Whether the service counts more than it gave.
    fn is_short(&self) -> bool {
        self.total.is_some_and(|total| total > self.within as u64)
    }

    /// Whether there may be more behind the page.
    fn has_more_rows(&self) -> bool {
        self.capped || self.is_full || self.is_short()
    }

    /// Whether a page that brings nothing older was cut within its one instant: by the largest size that is
    /// asked for, or by a limit of the service's own. A page that is shorter than others, or complete by the
    /// service's count, is said to be cut by mistake.
    fn is_cut(&self, longest: usize) -> bool {
        let as_long = self.within > 0 && self.within >= longest;
        self.is_full || self.capped && self.total.map_or(as_long, |_| self.is_short())
    }
}

/// What follows a page.
enum Next {
    /// Nothing.
    End,
    /// The page that begins at this instant.
    From(Timestamp),
    /// The same page in this size.
    Larger(u32),
    /// The page that begins just before the instant of this one.
    Over,
}

/// When, as the wire tells instants apart.
fn instant(row: &Transaction) -> Timestamp {
    whole_milliseconds(row.occurred_at)
}

/// Whether a page may have been refused for its size.
fn is_about_size(error: &Error) -> bool {
    error
        .cause()
        .is_some_and(|cause| *cause == Cause::ReplyTooLarge || cause.category() == Category::Validation)
}

#[cfg(test)]
mod tests;
