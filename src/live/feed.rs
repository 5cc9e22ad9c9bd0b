//! The trait for the view's data source: the command signs in, selects, and checks; the view only requests.

use futures_util::future::LocalBoxFuture;

use crate::error::Result;
use crate::live::payment_watch::{Change, ReceiptQuery};
use crate::model::account::Account;
use crate::model::text::Text;
use crate::model::transaction::Transaction;
use crate::secret::Payload;

/// What the card holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CardBalances {
    /// The accounts in scope.
    pub accounts: Vec<Account>,
    /// The name of the meal plan.
    pub plan: Option<Text>,
}

/// A reply in progress.
pub type Answer<'a, T> = LocalBoxFuture<'a, Result<T>>;

/// The service, as the view sees it. Answers fail with what the view should show; trying again is up to the view.
pub trait Feed {
    /// A new code, one that a barcode can hold.
    fn payload(&self) -> Answer<'_, Payload>;

    /// What the card holds.
    fn accounts(&self) -> Answer<'_, CardBalances>;

    /// What was connected is gone: the next answers come by new connections.
    fn reconnect(&self);

    /// Reports that the state of the watch for a charge has changed.
    fn report(&self, change: &Change);

    /// The newest transactions.
    fn transactions(&self, query: ReceiptQuery) -> Answer<'_, Vec<Transaction>>;

    /// Whose card it is.
    fn patron(&self) -> Answer<'_, Option<String>>;
}
