//! Live data: what to poll, when, and how a payment shows in it.

pub mod feed;
pub mod follow;
pub mod payment_watch;
pub mod poll_timer;
pub mod polled;
pub mod sleep;
