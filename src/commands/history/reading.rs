//! Reads transactions page by page, with progress, and reports an incomplete range.

use std::future;
use std::path::Path;
use std::task::Poll;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use tokio::task::yield_now;

use super::HistoryFormat;
use super::sink::Sink;
use crate::app::App;
use crate::auth::session::Session;
use crate::error::Result;
use crate::get::client::Client;
use crate::get::page::Query;
use crate::history::paging::{HistoryQuery, Pager, Shortfall};
use crate::model::transaction::Transaction;
use crate::output::table::Style;
use crate::terminal::progress::Progress;

/// A read in progress, and where its result goes.
pub struct Reading<'a> {
    app: &'a App,
    client: &'a Client,
    session: &'a Session<'a>,
    pager: Pager,
    sink: Sink<'a>,
    progress: Option<Progress>,
    count: u64,
}

impl<'a> Reading<'a> {
    /// Progress is shown for reads of unknown length, unless the result is streamed to the same terminal.
    pub fn new(
        app: &'a App,
        client: &'a Client,
        session: &'a Session<'a>,
        wanted: HistoryQuery,
        format: HistoryFormat,
    ) -> Self {
        let sink = Sink::Stdout(&app.ui);
        let visible = wanted.limit.is_none() && !(format.is_streamed() && sink.is_terminal());
        let progress = visible.then(|| app.ui.progress());
        Self { app, client, session, pager: Pager::new(wanted), sink, progress, count: 0 }
    }

    /// Writes the result to a file, if one is named.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub fn into_file(mut self, path: Option<&'a Path>) -> Result<Self> {
        self.sink = Sink::open(&self.app.ui, path)?;
        Ok(self)
    }

    /// Passes all transactions to `each`, in pages, newest first, and writes what it returns. While a page is
    /// processed, the next one is already being fetched, if it can be predicted.
    ///
    /// # Errors
    /// If a page cannot be fetched, `each` fails, or the output cannot be written.
    pub async fn run(&mut self, mut each: impl FnMut(Vec<Transaction>) -> Result<Vec<u8>>) -> Result<()> {
        let (client, session) = (self.client, self.session);
        let fetch =
            async |query: Query| session.call(async |id| client.unread_transactions(id, &query).await).await;
        let mut prefetched = None;
        while let Some(query) = self.pager.query() {
            let page = match prefetched.take() {
                Some((asked, page)) if asked == query => page,
                _ => fetch(query).await,
            };
            let page = match page {
                Ok(page) => page,
                Err(error) => {
                    self.pager.refused(error)?;
                    continue;
                }
            };
            let next = page.outlook().and_then(|end| self.pager.query_after(end));
            let ahead = match next {
                Some(query) => Some((query.clone(), started(fetch(query).boxed_local()).await)),
                None => None,
            };
            let rows = self.pager.take(page.read()?);
            self.show_progress(&rows);
            let output = if rows.is_empty() { Vec::new() } else { each(rows)? };
            // Finish the fetch first: writing may block for minutes if the reader of the output is slow.
            if let Some((query, page)) = ahead {
                prefetched = Some((query, page.await));
            }
            self.sink.write(output)?;
        }
        Ok(())
    }

    fn show_progress(&mut self, rows: &[Transaction]) {
        self.count += rows.len() as u64;
        if let Some(progress) = &self.progress {
            progress.reached(self.count, self.pager.total(), rows.last().map(|row| row.occurred_at));
        }
    }

    /// Ends the read, reports what is missing, and returns whether the result is complete.
    pub fn finish(&mut self) -> bool {
        drop(self.progress.take());
        let skipped = self.pager.skipped();
        if skipped > 0 {
            let rows = if skipped == 1 { "row" } else { "rows" };
            self.app.ui.warn(&format!("skipped {skipped} {rows} without an amount or a date"));
        }
        match self.pager.shortfall() {
            None => return skipped == 0,
            Some(Shortfall::Limit) if self.app.ui.json => {}
            Some(Shortfall::Limit) => {
                let count = self.count;
                self.app.ui.note(&format!("these are the newest {count}; --limit and --all show more"));
            }
            Some(Shortfall::Service) => self
                .app
                .ui
                .warn("some transactions are missing: the service returns only so many from one instant"),
        }
        false
    }

    /// The style of tables at the output.
    pub fn style(&self) -> Style {
        self.sink.style()
    }

    /// Writes a part of the result.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn write(&mut self, bytes: impl AsRef<[u8]>) -> Result<()> {
        self.sink.write(bytes)
    }

    /// Ends the output; a file appears only now.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn close(self) -> Result<()> {
        self.sink.finish()
    }
}

/// Starts a call, so that its request is sent before the caller continues with something else.
async fn started<'a, T: 'a>(mut call: LocalBoxFuture<'a, T>) -> LocalBoxFuture<'a, T> {
    match future::poll_fn(|context| Poll::Ready(call.poll_unpin(context))).await {
        Poll::Ready(result) => future::ready(result).boxed_local(),
        Poll::Pending => {
            // Let the connection send the request.
            yield_now().await;
            call
        }
    }
}
