//! Effects of the view that are requests to the service.

use futures_util::future::LocalBoxFuture;

use super::model::{Effect, Event};
use crate::live::feed::Feed;
use crate::live::payment_watch::ReceiptQuery;

/// The request that belongs to an effect, if any.
#[must_use]
pub fn request(feed: &dyn Feed, effect: Effect) -> Option<LocalBoxFuture<'_, Event>> {
    match effect {
        Effect::FetchPayload => Some(Box::pin(async { Event::Payload(feed.payload().await) })),
        Effect::FetchAccounts => Some(Box::pin(async { Event::Accounts(feed.accounts().await) })),
        Effect::FetchTransactions(query) => {
            Some(Box::pin(async { Event::Transactions(feed.transactions(query).await) }))
        }
        Effect::FetchNewest => Some(Box::pin(async {
            Event::Newest(feed.transactions(ReceiptQuery { account_id: None }).await)
        })),
        Effect::FetchPatron => Some(Box::pin(async { Event::Patron(feed.patron().await) })),
        Effect::Abandon | Effect::Suspend | Effect::Repaint | Effect::Report(_) => None,
    }
}
