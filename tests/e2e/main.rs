//! The real binary, end to end: against the sandbox and a real Secret Service.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod balance;
mod barcode;
mod charged;
mod completion;
mod crowd;
mod dead_links;
mod demo;
mod doctor;
mod ephemeral;
mod exceptions;
mod file_store;
mod help;
mod history;
mod history_bars;
mod history_views;
mod hostile_input;
mod hostile_service;
mod journal;
mod kill_sweep;
mod killed;
mod link;
mod login;
mod lost;
mod matrix;
mod migrate;
mod openmetrics;
mod phone;
mod probe;
mod purge;
mod readme;
mod restraint;
mod schools;
mod secrets;
mod secure;
mod sessions;
mod status;
mod stores;
mod support;
mod unlink;
mod view;
mod watch;
