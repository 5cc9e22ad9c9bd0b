//! Pages of transactions: requested first and read later, so that the next one can be requested meanwhile.

use jiff::Timestamp;
use uuid::Uuid;

use super::client::{Call, CallResult, Client};
use super::failure::Failure;
use super::transport::HttpReply;
pub use super::wire::transactions::Page;
use super::wire::{params, transactions};
use super::{envelope, method};
use crate::secret::SessionId;
use crate::secret::request_secrets::RequestSecrets;

/// What a page of transactions is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// At most this many.
    pub limit: u32,
    /// None after this instant.
    pub newest: Option<Timestamp>,
    /// None before this instant.
    pub oldest: Option<Timestamp>,
    /// Of this account only.
    pub account_id: Option<String>,
}

/// A page that has come and is not read yet.
pub struct UnreadPage<'a> {
    call: Call<'a>,
    reply: HttpReply,
    sent: RequestSecrets,
}

impl Client {
    /// A page of transactions, newest first, as the service returns it: perhaps cut short, perhaps with transactions
    /// outside the range.
    ///
    /// # Errors
    /// `authentication_error` when the session has ended.
    pub async fn transactions(&self, session: &SessionId, query: &Query) -> CallResult<Page> {
        self.unread_transactions(session, query).await?.read()
    }

    /// As [`Client::transactions`], but without reading the reply.
    ///
    /// # Errors
    /// `authentication_error` when the session has ended.
    pub async fn unread_transactions(
        &self,
        session: &SessionId,
        query: &Query,
    ) -> CallResult<UnreadPage<'_>> {
        let params = params::TransactionHistory {
            session_id: session.expose(),
            payment_system_type: 0,
            query_criteria: params::QueryCriteria {
                max_return_most_recent: query.limit,
                newest_date: query.newest.map(params::date),
                oldest_date: query.oldest.map(params::date),
                account_id: query.account_id.as_deref(),
            },
        };
        let call = Call::start(self, &method::TRANSACTION_HISTORY, Uuid::new_v4());
        let check = |reply: HttpReply, sent: RequestSecrets| match envelope::response(&reply) {
            Ok(_) => Ok((reply, sent)),
            Err(failure) => Err(failure.without(&sent)),
        };
        match self.attempts(&call, &params, check).await {
            Ok((reply, sent)) => Ok(UnreadPage { call: call.answered(), reply, sent }),
            Err(failure) => call.end(Err(failure)),
        }
    }
}

impl UnreadPage<'_> {
    /// Where the page after this one should begin, by the last lines of this one; `None` if that is unknown. A caller
    /// that relies on it must read the page, too.
    #[must_use]
    pub fn outlook(&self) -> Option<Timestamp> {
        transactions::last_date_of_cut(std::str::from_utf8(&self.reply.body).ok()?)
    }

    /// Reads the page, which ends the call.
    ///
    /// # Errors
    /// `internal_error` when the reply is not what the method should return.
    pub fn read(self) -> CallResult<Page> {
        let Self { call, reply, sent } = self;
        let page = envelope::response(&reply).and_then(transactions::transactions);
        call.end(page.map_err(|failure: Failure| failure.without(&sent)))
    }
}
