//! The domain model: money, accounts, transactions. No wire names, no I/O.

pub mod account;
pub mod card;
pub mod money;
pub mod school;
pub mod text;
pub mod threshold;
pub mod time;
pub mod transaction;
