//! The progress line of a long read, on standard error.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use crate::terminal::wait_line::{self, Muted};

/// A progress line that is removed on drop.
pub struct Progress {
    bar: ProgressBar,
    /// Suppresses the wait line, because the bar already shows activity.
    _muted: Option<Muted>,
}

impl Progress {
    /// A progress line on standard error; hidden unless `visible`, or if standard error is not a terminal.
    #[must_use]
    pub fn transactions(visible: bool) -> Self {
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        Self { bar: bar.with_style(style("{pos} transactions{msg}")), _muted: visible.then(wait_line::mute) }
    }

    /// Updates how many transactions have been read, out of how many, and the oldest one's time.
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
    // The templates above are valid; if not, use the default bar.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
