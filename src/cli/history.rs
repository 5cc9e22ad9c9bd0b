//! Arguments of `history`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::history::range::When;
use crate::history::summary::By;

/// How transactions are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HistoryFormat {
    /// A table for people.
    Table,
    /// One JSON document.
    Json,
    /// A JSON document a line.
    Jsonl,
    /// Comma-separated values, for spreadsheets.
    Csv,
}

/// Arguments of `history`.
#[derive(Debug, Args)]
pub struct History {
    /// Nothing before this: today, a day (2026-02-09), a time (RFC 3339), or back from now: 30d, 6w, 3m.
    #[arg(long, value_name = "WHEN")]
    pub since: Option<When>,
    /// Nothing after this; a day counts to its end.
    #[arg(long, value_name = "WHEN")]
    pub until: Option<When>,
    /// Of these accounts only: an id or a part of the name.
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Vec<String>,
    /// At most so many, the newest [default: 50; a summary, chart or check takes all].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// All of the range.
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
    /// How to print them; --json is json.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<HistoryFormat>,
    /// Sum up what was spent and deposited.
    #[arg(long, value_name = "BY", conflicts_with_all = ["chart", "reconcile"])]
    pub summary: Option<By>,
    /// Draw the balances over time and the spending by place.
    #[arg(long, conflicts_with_all = ["format", "reconcile"])]
    pub chart: bool,
    /// Write the chart to this file, .svg or .png.
    #[arg(long, short, value_name = "FILE", requires = "chart")]
    pub output: Option<PathBuf>,
    /// Check that every balance follows from the one before, and the last one from the balance now.
    #[arg(long)]
    pub reconcile: bool,
}
