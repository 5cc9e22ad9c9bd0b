//! The card's past: which transactions, read page by page, summed up and checked.

pub mod paging;
pub mod range;
pub mod reconcile;
pub mod scope;
mod seen;
pub mod summary;
