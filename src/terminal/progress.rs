//! The progress of a long read, on standard error.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use crate::terminal::wait_line::{self, Muted};

/// A line that shows progress while it lives.
pub struct Progress {
    bar: ProgressBar,
    /// The bar itself says that something goes on.
    _muted: Option<Muted>,
}

impl Progress {
    /// A line on standard error; none unless `visible`, and none where that is no terminal.
    #[must_use]
    pub fn transactions(visible: bool) -> Self {
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        Self { bar: bar.with_style(style("{pos} transactions{msg}")), _muted: visible.then(wait_line::mute) }
    }

    /// How many are read of how many, and back to when.
    pub fn reached(&self, count: u64, total: Option<u64>, oldest: Option<Timestamp>) {
        if let Some(total) = total.filter(|total| *total >= count) {
            self.bar.set_length(total);
            self.bar.set_style(style("{bar:30} {pos} of {len} transactions{msg}"));
        }
        self.bar.set_position(count);
        if let Some(oldest) = oldest {
            let local = oldest.to_zoned(jiff::tz::TimeZone::system());
            self.bar.set_message(local.strftime(", back to %Y-%m-%d").to_string());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    // The templates above are valid; otherwise a plain bar will do.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
