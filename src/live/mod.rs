//! Data that is read again and again: when to poll, where from, and what a payment looks like in it.

pub mod feed;
pub mod payment_watch;
pub mod poll_timer;
