//! Reading page by page, with progress, and what to say of a range that was not read to its end.

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

/// Pages on their way to a result.
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
    /// Progress is shown for a read of unknown length, unless the result runs over the same terminal meanwhile.
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

    /// Writes the result into a file, if one is named.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn into_file(mut self, path: Option<&'a Path>) -> Result<Self> {
        self.sink = Sink::open(&self.app.ui, path)?;
        Ok(self)
    }

    /// Gives every transaction to `each`, some at a time, newest first, and writes what it makes of them. While a
    /// page is read the next one is on its way already, where what comes next can be told without reading.
    ///
    /// # Errors
    /// When a page cannot be had, those of `each`, and when the output cannot be written.
    pub async fn run(&mut self, mut each: impl FnMut(Vec<Transaction>) -> Result<Vec<u8>>) -> Result<()> {
        let (client, session) = (self.client, self.session);
        let fetch =
            async |query: Query| session.call(async |id| client.unread_transactions(id, &query).await).await;
        let mut came = None;
        while let Some(query) = self.pager.query() {
            let page = match came.take() {
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
            self.tell(&rows);
            let output = if rows.is_empty() { Vec::new() } else { each(rows)? };
            // Whoever reads the output may take minutes, which no reply would wait for.
            if let Some((query, page)) = ahead {
                came = Some((query, page.await));
            }
            self.sink.write(output)?;
        }
        Ok(())
    }

    fn tell(&mut self, rows: &[Transaction]) {
        self.count += rows.len() as u64;
        if let Some(progress) = &self.progress {
            progress.reached(self.count, self.pager.total(), rows.last().map(|row| row.occurred_at));
        }
    }

    /// Ends the read: says what is missing, and gives whether nothing is.
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
                self.app.ui.note(&format!("these are the newest {count}; for more use --limit or --all"));
            }
            Some(Shortfall::Service) => self.app.ui.warn(
                "some transactions are missing: more happened at one instant than the service gives at a time",
            ),
        }
        false
    }

    /// How tables look where the result goes.
    pub fn style(&self) -> Style {
        self.sink.style()
    }

    /// Writes what is made of everything that was read.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn write(&mut self, bytes: impl AsRef<[u8]>) -> Result<()> {
        self.sink.write(bytes)
    }

    /// Ends the output; only now a file is there.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn close(self) -> Result<()> {
        self.sink.finish()
    }
}

/// A call that is on its way: its request is written before the caller goes on with something else.
async fn started<'a, T: 'a>(mut call: LocalBoxFuture<'a, T>) -> LocalBoxFuture<'a, T> {
    match future::poll_fn(|context| Poll::Ready(call.poll_unpin(context))).await {
        Poll::Ready(result) => future::ready(result).boxed_local(),
        Poll::Pending => {
            // The connection's turn.
            yield_now().await;
            call
        }
    }
}
