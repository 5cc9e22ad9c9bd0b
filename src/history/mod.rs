//! Transaction history: range and filters, paging, summaries and reconciliation.

pub mod account_filter;
mod dedup;
pub mod mark;
pub mod paging;
pub mod range;
pub mod reconcile;
pub mod row_filter;
pub mod summary;
