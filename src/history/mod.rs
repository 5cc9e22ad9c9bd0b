//! The card's past: which transactions, read page by page, summed up and checked.

pub mod account_filter;
mod dedup;
pub mod mark;
pub mod paging;
pub mod range;
pub mod reconcile;
pub mod row_filter;
pub mod summary;
