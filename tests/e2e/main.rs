//! The real binary, end to end: against the sandbox and a real Secret Service.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod balance;
mod barcode;
mod charged;
mod completion;
mod crowd;
mod demo;
mod doctor;
mod ephemeral;
mod figures;
mod file_store;
mod forecast;
mod help;
mod history;
mod history_bars;
mod history_books;
mod history_new;
mod history_views;
mod hostile_input;
mod hostile_service;
mod journal;
mod kill_sweep;
mod killed;
mod link;
mod matrix;
mod migrate;
mod openmetrics;
mod probe;
mod readme;
mod restraint;
mod sandbox_browser;
mod sandbox_command;
mod sandbox_devices;
mod sandbox_replay;
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
