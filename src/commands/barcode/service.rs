//! The service as the view sees it: signed in, the accounts selected, the payload checked.

use futures_util::FutureExt;

use super::BarcodeArgs;
use super::rendering::{self, Shape};
use crate::app::App;
use crate::auth::session::Session;
use crate::barcode::default_shape::default_shape;
use crate::commands::balance;
use crate::error::Result;
use crate::get::client::Client;
use crate::get::page::Query;
use crate::live::feed::{Answer, Feed};
use crate::live::payment_watch::ReceiptQuery;
use crate::model::account::{self, Account};
use crate::model::transaction::Transaction;
use crate::secret::Payload;

/// How many transactions are looked at for a receipt.
const NEWEST: u32 = 20;

/// What one run of the view asks of the service.
pub struct Service<'a> {
    client: &'a Client,
    session: Session<'a>,
    shape: Shape,
    /// The accounts that must be there.
    scope: &'a [String],
    /// The accounts that are shown if they are there.
    usual: &'a [String],
}

impl<'a> Service<'a> {
    /// The service in the name of the linked device.
    ///
    /// # Errors
    /// When there is no store to find it in.
    pub async fn new(app: &'a App, client: &'a Client, args: &'a BarcodeArgs) -> Result<Self> {
        Ok(Self {
            client,
            session: Session::new(client, app.entry_store().await?, &*app.clock),
            shape: Shape { columns: args.columns, level: args.ec_level },
            scope: &args.account,
            usual: &app.settings.file.accounts,
        })
    }

    async fn usable_payload(&self) -> Result<Payload> {
        let payload = self.session.call(async |session| self.client.barcode_payload(session).await).await?;
        default_shape(payload.expose(), self.shape.columns, self.shape.level).map_err(rendering::unusable)?;
        Ok(payload)
    }

    async fn selected_accounts(&self) -> Result<Vec<Account>> {
        let reply = self.session.call(async |session| self.client.accounts(session).await).await?;
        if self.scope.is_empty() {
            let usual = account::select(reply.accounts.clone(), false, self.usual);
            return usual
                .or_else(|_| account::select(reply.accounts, false, &[]))
                .map_err(balance::no_such_account);
        }
        account::select(reply.accounts, false, self.scope).map_err(balance::no_such_account)
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

    fn payload(&self) -> Answer<'_, Payload> {
        self.usable_payload().boxed_local()
    }

    fn accounts(&self) -> Answer<'_, Vec<Account>> {
        self.selected_accounts().boxed_local()
    }

    fn transactions(&self, query: ReceiptQuery) -> Answer<'_, Vec<Transaction>> {
        self.newest_transactions(query).boxed_local()
    }
}
