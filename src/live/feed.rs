//! The view's data source as a trait: the implementation signs in, selects and validates; the view only requests.

use futures_util::future::LocalBoxFuture;

use crate::error::Result;
use crate::live::payment_watch::{Change, ReceiptQuery};
use crate::model::account::Account;
use crate::model::text::Text;
use crate::model::transaction::Transaction;
use crate::secret::Payload;

/// The balances on the card.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CardBalances {
    /// The accounts in scope.
    pub accounts: Vec<Account>,
    /// The name of the meal plan.
    pub plan: Option<Text>,
}

/// A reply in progress.
pub type Answer<'a, T> = LocalBoxFuture<'a, Result<T>>;

/// The service, as the view sees it. Errors are what the view should show; retrying is up to the view.
pub trait Feed {
    /// A new code that a barcode can hold.
    fn payload(&self) -> Answer<'_, Payload>;

    fn accounts(&self) -> Answer<'_, CardBalances>;

    /// Drops the open connections, so that the next requests use new ones.
    fn reconnect(&self);

    /// Reports a state change of the charge watch.
    fn report(&self, change: &Change);

    fn transactions(&self, query: ReceiptQuery) -> Answer<'_, Vec<Transaction>>;

    /// The patron's name.
    fn patron(&self) -> Answer<'_, Option<String>>;
}
