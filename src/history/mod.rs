//! The card's past: which transactions, read page by page, summed up and checked.

pub mod account_filter;
mod dedup;
pub mod paging;
pub mod range;
pub mod reconcile;
pub mod summary;
