//! The patron: profile, accounts, transactions, card and barcode payload.

pub mod account;
pub mod history;
pub mod ledger;
pub mod opening;
pub mod page;
pub mod payload;
pub mod places;
pub mod profile;
pub mod purchase;
pub mod random;
pub mod transaction;
