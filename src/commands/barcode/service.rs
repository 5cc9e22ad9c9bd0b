//! Implements the view's feed with the service: signs in, selects accounts, validates payloads.

use futures_util::FutureExt;

use super::BarcodeArgs;
use super::rendering;
use crate::app::App;
use crate::auth::payload_limiter::PayloadLimiter;
use crate::auth::session::Session;
use crate::barcode::default_shape::default_shape;
use crate::barcode::shape::ShapeOptions;
use crate::commands::balance;
use crate::error::Result;
use crate::get::client::Client;
use crate::get::page::Query;
use crate::journal::Journal;
use crate::journal::record::WatchState;
use crate::live::feed::{Answer, CardBalances, Feed};
use crate::live::payment_watch::{Change, Reason, ReceiptQuery};
use crate::model::account::{self, Account};
use crate::model::threshold::Thresholds;
use crate::model::transaction::Transaction;
use crate::secret::{Payload, SessionId};

/// The number of transactions to search for a receipt.
const NEWEST: u32 = 20;

/// The feed of one run of the view.
pub struct Service<'a> {
    client: &'a Client,
    session: Session<'a>,
    shape: ShapeOptions,
    /// The requested accounts; they must exist.
    scope: &'a [String],
    /// The configured accounts, which need not exist.
    configured: &'a [String],
    /// The low-balance thresholds.
    low: &'a Thresholds,
    limiter: PayloadLimiter<'a>,
    journal: &'a Journal,
    /// Whether codes are shown in the view as soon as they are fetched.
    in_view: bool,
    /// Whether the user waits for a charge.
    until_charged: bool,
}

impl<'a> Service<'a> {
    /// A feed on behalf of the linked device.
    ///
    /// # Errors
    /// Like [`App::entry_store`].
    pub async fn new(app: &'a App, client: &'a Client, args: &'a BarcodeArgs) -> Result<Self> {
        Ok(Self {
            client,
            session: Session::new(client, app.entry_store().await?, &*app.clock),
            shape: ShapeOptions { columns: args.columns, level: args.ec_level },
            scope: &args.account,
            configured: &app.settings.file.accounts,
            low: &app.settings.file.low,
            limiter: app.payload_limiter(),
            journal: app.journal(),
            in_view: false,
            until_charged: args.until_charged,
        })
    }

    /// Uses a session that was already loaded.
    #[must_use]
    pub fn with_session(self, session: Option<SessionId>) -> Self {
        Self { session: self.session.with_session(session), ..self }
    }

    /// Journals each code as shown in the view.
    #[must_use]
    pub fn for_view(self) -> Self {
        Self { in_view: true, ..self }
    }

    async fn usable_payload(&self) -> Result<Payload> {
        let permit = self.limiter.take().await?;
        let payload = self.session.call(async |session| self.client.barcode_payload(session).await).await?;
        default_shape(payload.expose(), self.shape).map_err(rendering::unusable)?;
        drop(permit);
        if self.in_view {
            self.journal.code_shown("view");
        }
        Ok(payload)
    }

    async fn holdings(&self) -> Result<CardBalances> {
        let reply = self.session.call(async |session| self.client.accounts(session).await).await?;
        let mut accounts = self.selected(reply.accounts)?;
        self.low.mark(&mut accounts);
        Ok(CardBalances { accounts, plan: reply.plan_name })
    }

    fn selected(&self, accounts: Vec<Account>) -> Result<Vec<Account>> {
        if self.scope.is_empty() {
            let configured = account::select(accounts.clone(), false, self.configured);
            return configured
                .or_else(|_| account::select(accounts, false, &[]))
                .map_err(balance::no_such_account);
        }
        account::select(accounts, false, self.scope).map_err(balance::no_such_account)
    }

    async fn patron_name(&self) -> Result<Option<String>> {
        let user = self.session.call(async |session| self.client.user(session).await).await?;
        let names = [user.first_name, user.last_name].into_iter().flatten().map(|name| name.to_string());
        let name = names.filter(|name| !name.trim().is_empty()).collect::<Vec<_>>().join(" ");
        Ok(Some(name).filter(|name| !name.is_empty()))
    }

    async fn newest_transactions(&self, query: ReceiptQuery) -> Result<Vec<Transaction>> {
        let query = Query {
            limit: NEWEST,
            newest: None,
            oldest: None,
            account_id: query.account_id.map(|id| id.exact().to_owned()),
        };
        let page = self.session.call(async |session| self.client.transactions(session, &query).await).await?;
        Ok(page.transactions)
    }
}

impl Feed for Service<'_> {
    fn reconnect(&self) {
        self.client.reconnect();
    }

    fn report(&self, change: &Change) {
        match change {
            Change::Completed(paid) => self.journal.completed(paid.lag),
            // Only completion matters if the user does not wait for a charge.
            _ if !self.until_charged => {}
            Change::Active => self.journal.watch(WatchState::Active),
            Change::Unavailable(Reason::Expired) => self.journal.watch(WatchState::Expired),
            Change::Unavailable(Reason::CredentialsRevoked) => self.journal.watch(WatchState::Revoked),
            Change::Unavailable(Reason::UpstreamUnavailable) => self.journal.watch(WatchState::Unavailable),
        }
    }

    fn payload(&self) -> Answer<'_, Payload> {
        self.usable_payload().boxed_local()
    }

    fn accounts(&self) -> Answer<'_, CardBalances> {
        self.holdings().boxed_local()
    }

    fn transactions(&self, query: ReceiptQuery) -> Answer<'_, Vec<Transaction>> {
        self.newest_transactions(query).boxed_local()
    }

    fn patron(&self) -> Answer<'_, Option<String>> {
        self.patron_name().boxed_local()
    }
}
