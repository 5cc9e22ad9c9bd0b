//! Data that is read again and again: when to poll, where from, and what a payment looks like in it.

pub mod feed;
pub mod follow;
pub mod payment_watch;
pub mod poll_timer;
pub mod polled;
pub mod sleep;
