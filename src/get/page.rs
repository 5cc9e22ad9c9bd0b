//! Pages of transactions, fetched first and parsed later, so that the next one can be requested meanwhile.

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

/// The query for a page of transactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The maximum number of transactions.
    pub limit: u32,
    /// The upper bound, inclusive.
    pub newest: Option<Timestamp>,
    /// The lower bound, inclusive.
    pub oldest: Option<Timestamp>,
    /// Restricts the query to one account.
    pub account_id: Option<String>,
}

/// A fetched page that is not parsed yet.
pub struct UnreadPage<'a> {
    call: Call<'a>,
    reply: HttpReply,
    sent: RequestSecrets,
}

impl Client {
    /// Fetches a page of transactions, newest first, as the service returns it: it may be truncated or
    /// contain transactions outside the range.
    ///
    /// # Errors
    /// `authentication_error` if the session has ended.
    pub async fn transactions(&self, session: &SessionId, query: &Query) -> CallResult<Page> {
        self.unread_transactions(session, query).await?.read()
    }

    /// Like [`Client::transactions`], but without parsing the reply.
    ///
    /// # Errors
    /// `authentication_error` if the session has ended.
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
    /// Guesses where the next page starts, from the end of the raw reply; `None` if that is unclear. A caller
    /// that relies on it must still read the page.
    #[must_use]
    pub fn outlook(&self) -> Option<Timestamp> {
        transactions::last_date_of_cut(std::str::from_utf8(&self.reply.body).ok()?)
    }

    /// Parses the page, which ends the call.
    ///
    /// # Errors
    /// `internal_error` if the reply is malformed.
    pub fn read(self) -> CallResult<Page> {
        let Self { call, reply, sent } = self;
        let page = envelope::response(&reply).and_then(transactions::transactions);
        call.end(page.map_err(|failure: Failure| failure.without(&sent)))
    }
}
