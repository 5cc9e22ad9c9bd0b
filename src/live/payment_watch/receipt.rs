//! Finds the receipt of a drop: transactions that explain it exactly, not ones that merely look similar.

use std::time::Duration;

use super::balance_tracker::BalanceDrop;
use crate::model::account::Account;
use crate::model::money::Amount;
use crate::model::transaction::Transaction;

/// How far the service's clock may be behind this machine's.
const SKEW: Duration = Duration::from_secs(600);

/// The newest transactions of the account, newest first, if they add up to the drop and lead to the balance
/// after it; otherwise none. The first is the receipt.
pub fn find<'a>(drop: &BalanceDrop, transactions: &'a [Transaction]) -> Vec<&'a Transaction> {
    let mut of_account: Vec<&Transaction> =
        transactions.iter().filter(|transaction| is_of(&drop.account, transaction)).collect();
    // A stable sort: transactions at the same instant stay in the service's order.
    of_account.sort_by_key(|transaction| std::cmp::Reverse(transaction.occurred_at));
    // Without a resulting balance, only the time can show that the transaction is new.
    let earliest = match of_account.first().map(|newest| newest.balance_after) {
        Some(Some(balance)) if balance == drop.balance => drop.before.ago(SKEW),
        Some(None) => drop.before.wall,
        Some(Some(_)) | None => return Vec::new(),
    };
    let mut explained = Amount::ZERO;
    let mut recent = of_account.iter().take_while(|transaction| transaction.occurred_at >= earliest);
    let adds_up = recent.position(|transaction| {
        explained = explained - transaction.signed_amount;
        explained == drop.amount
    });
    of_account.truncate(adds_up.map_or(0, |last| last + 1));
    of_account
}

/// Matches the account by name, or by kind if the transaction names no account.
fn is_of(account: &Account, transaction: &Transaction) -> bool {
    transaction
        .account
        .as_ref()
        .map_or(transaction.account_type == account.kind, |name| *name == account.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::payment_watch::balance_tracker::BalanceTracker;
    use crate::live::payment_watch::tests::{account, moment, spent};
    use crate::model::text::Text;

    /// Flexi dropped from $20 to $15.50 after second 1000.
    fn drop() -> BalanceDrop {
        let mut tracker = BalanceTracker::of(moment(1000), &[account("1", "Flexi", "20")]);
        tracker.observe(moment(1010), &[account("1", "Flexi", "15.50")], None).unwrap()
    }

    fn found(transactions: &[Transaction]) -> Option<Text> {
        find(&drop(), transactions).first()?.id.clone()
    }

    #[test]
    fn the_transaction_that_leads_to_the_balance_is_found() {
        let list = [spent("new", "Flexi", "4.50", Some("15.50"), 1003), spent("old", "Flexi", "1", None, 10)];
        assert_eq!(found(&list).as_deref(), Some("new"));
        // The service's clock may be behind this machine's.
        assert_eq!(found(&[spent("new", "Flexi", "4.50", Some("15.50"), 900)]).as_deref(), Some("new"));
    }

    #[test]
    fn similar_transactions_are_ignored() {
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
    fn two_purchases_between_polls_add_up() {
        let list = [
            spent("second", "Flexi", "1.50", Some("15.50"), 1004),
            spent("first", "Flexi", "3", Some("17"), 1002),
            spent("before", "Flexi", "3", Some("20"), 900),
        ];
        let ids: Vec<_> = find(&drop(), &list).into_iter().map(|it| it.id.as_deref().unwrap()).collect();
        assert_eq!(ids, ["second", "first"]);
    }
}
