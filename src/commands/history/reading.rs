//! Reading page by page, with progress, and what to say of a range that was not read to its end.

use crate::app::App;
use crate::cli::HistoryFormat;
use crate::error::Result;
use crate::get::client::{Page, Query};
use crate::history::paging::{Pager, Shortfall};
use crate::model::transaction::Transaction;
use crate::progress::Progress;

/// Pages on their way to a result.
pub struct Reading<'a, F> {
    app: &'a App,
    pager: Pager<F>,
    progress: Option<Progress>,
    count: u64,
}

impl<'a, F: AsyncFn(&Query) -> Result<Page>> Reading<'a, F> {
    /// Progress is shown for a read of unknown length, unless the result runs over the same terminal meanwhile.
    pub fn new(app: &'a App, pager: Pager<F>, is_long: bool, format: HistoryFormat) -> Self {
        let streams = matches!(format, HistoryFormat::Jsonl | HistoryFormat::Csv);
        let visible = is_long && !(streams && app.ui.is_terminal());
        let progress = visible.then(|| app.ui.progress());
        Self { app, pager, progress, count: 0 }
    }

    /// The next transactions; `None` when there are no more.
    pub async fn next(&mut self) -> Result<Option<Vec<Transaction>>> {
        let page = self.pager.next().await?;
        if let Some(page) = &page {
            self.count += page.len() as u64;
            if let Some(progress) = &self.progress {
                let oldest = page.last().map(|transaction| transaction.occurred_at);
                progress.reached(self.count, self.pager.total(), oldest);
            }
        }
        Ok(page)
    }

    /// Ends the read: says what is missing, and gives whether nothing is.
    pub fn finish(mut self) -> bool {
        drop(self.progress.take());
        match self.pager.shortfall() {
            None => return true,
            Some(Shortfall::Limit) if self.app.ui.json => {}
            Some(Shortfall::Limit) => {
                let count = self.count;
                self.app.ui.note(&format!("these are the newest {count}; for more use --limit or --all"));
            }
            Some(Shortfall::Service) => self.app.ui.warn(
                "some transactions are missing: more happened at one instant than the service gives at a time",
            ),
        }
        false
    }
}
