//! What can be typed of the commands that help with getcard itself.

use clap::Args;

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Check nothing; print the figures of the journal in the `OpenMetrics` text format.
    #[arg(long, conflicts_with = "json")]
    pub openmetrics: bool,
}
