//! Which transaction is the receipt of a drop: the one that explains it, never one that only looks like it.

use std::time::Duration;

use super::Charge;
use crate::model::account::Account;
use crate::model::money::Amount;
use crate::model::transaction::Transaction;
use crate::platform::clock::Moment;

/// How far the service's clock may be behind ours.
const SKEW: Duration = Duration::from_secs(600);

/// The newest transaction of the account, if the account's newest ones add up to the drop and lead to the balance
/// that it left. `before` is when the balance was last seen as it was.
pub fn find<'a>(
    charge: &Charge,
    account: &Account,
    before: Moment,
    transactions: &'a [Transaction],
) -> Option<&'a Transaction> {
    let mut of_account: Vec<&Transaction> =
        transactions.iter().filter(|transaction| is_of(account, transaction)).collect();
    // Stable: transactions of one instant stay in the service's order.
    of_account.sort_by_key(|transaction| std::cmp::Reverse(transaction.occurred_at));
    let newest = *of_account.first()?;
    // A balance that is not told proves nothing: then only the time says that the transaction is a new one.
    let earliest = match newest.balance_after {
        Some(balance) if balance == charge.balance_after => before.ago(SKEW),
        Some(_) => return None,
        None => before.wall,
    };
    let mut explained = Amount::ZERO;
    for transaction in of_account.iter().take_while(|transaction| transaction.occurred_at >= earliest) {
        explained = explained - transaction.signed_amount;
        if explained == charge.amount {
            return Some(newest);
        }
    }
    None
}

/// A transaction names its account; where it does not, the kind must do.
fn is_of(account: &Account, transaction: &Transaction) -> bool {
    transaction
        .account
        .as_ref()
        .map_or(transaction.account_type == account.kind, |name| *name == account.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::payment_watch::tests::{account, amount, moment, spent};
    use crate::model::text::Text;

    fn charge() -> Charge {
        Charge {
            account: "Flexi".into(),
            amount: amount("4.50"),
            balance_after: amount("15.50"),
            location: None,
            transaction_id: None,
            confirmed: false,
            occurred_at: None,
            unit: crate::model::money::Unit::Usd,
        }
    }

    fn found(transactions: &[Transaction]) -> Option<Text> {
        find(&charge(), &account("1", "Flexi", "15.50"), moment(1000), transactions)?.id.clone()
    }

    #[test]
    fn the_transaction_that_leads_to_the_balance_is_found() {
        let list = [spent("new", "Flexi", "4.50", Some("15.50"), 1003), spent("old", "Flexi", "1", None, 10)];
        assert_eq!(found(&list).as_deref(), Some("new"));
        // The service's clock may be behind ours.
        assert_eq!(found(&[spent("new", "Flexi", "4.50", Some("15.50"), 900)]).as_deref(), Some("new"));
    }

    #[test]
    fn what_only_looks_like_it_is_left_alone() {
        let decoys = [
            spent("other account", "Points", "4.50", Some("15.50"), 1003),
            spent("other amount", "Flexi", "4.00", Some("15.50"), 1003),
            spent("same price, earlier", "Flexi", "4.50", Some("20"), 990),
            spent("same price, no balance, earlier", "Flexi", "4.50", None, 990),
            spent("same price and balance, long ago", "Flexi", "4.50", Some("15.50"), 100),
        ];
        for decoy in decoys {
            assert_eq!(found(std::slice::from_ref(&decoy)), None, "{:?}", decoy.id);
        }
    }

    #[test]
    fn two_purchases_between_two_looks_add_up() {
        let list = [
            spent("second", "Flexi", "1.50", Some("15.50"), 1004),
            spent("first", "Flexi", "3", Some("17"), 1002),
            spent("before", "Flexi", "3", Some("20"), 900),
        ];
        assert_eq!(found(&list).as_deref(), Some("second"));
    }
}
