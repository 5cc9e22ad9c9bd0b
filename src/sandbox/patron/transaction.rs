//! A transaction, in the sandbox and on the wire.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::sandbox::patron::account::{Account, MEALS};
use crate::sandbox::patron::places::Place;
use crate::sandbox::patron::profile::Owner;
use crate::sandbox::wire::amount::Amount;
use crate::sandbox::wire::date;

/// The wire's `transactionType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 1
    Debit,
    /// 3
    Deposit,
    /// 4; lowers the balance like a debit.
    Correction,
}

impl Kind {
    fn code(self) -> u8 {
        match self {
            Self::Debit => 1,
            Self::Deposit => 3,
            Self::Correction => 4,
        }
    }

    /// The balance after `amount`, which is positive: the kind determines the sign.
    pub fn apply(self, balance: Decimal, amount: Decimal) -> Decimal {
        match self {
            Self::Deposit => balance + amount,
            Self::Debit | Self::Correction => balance - amount,
        }
    }
}

/// A transaction. `account` is an index into the list of accounts.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// Unique and increasing: the order of transactions that share an instant.
    pub sequence: u64,
    pub kind: Kind,
    pub amount: Decimal,
    /// The wire's `resultingBalance`; `None` for null.
    pub balance_after: Option<Decimal>,
    /// In whole milliseconds.
    pub actual: Timestamp,
    pub posted: Option<Timestamp>,
    pub account: usize,
    pub place: Place,
}

impl Transaction {
    /// The wire's `transactionId`.
    pub fn id(&self) -> String {
        format!("{}", 471_000_000 + self.sequence)
    }

    /// The transaction in the format of the history methods.
    pub fn on_wire<'a>(&'a self, account: &'a Account, owner: &'a Owner) -> TransactionOnWire<'a> {
        TransactionOnWire {
            transaction_id: self.id(),
            transaction_key: format!("{}-{}-{}", owner.patron_id, account.tender, self.sequence),
            transaction_sequence: self.sequence,
            transaction_type: self.kind.code(),
            amount: Amount(self.amount),
            resulting_balance: self.balance_after.map(Amount),
            actual_date: date::write(self.actual),
            posted_date: self.posted.map(date::write),
            patron_id: &owner.patron_id,
            plan_id: (account.kind == MEALS).then_some(account.tender),
            tender_id: account.tender,
            location_id: self.place.id.as_deref(),
            location_name: &self.place.name,
            patron_full_name: format!("{} {}", owner.first_name, owner.last_name),
            account_type: account.kind,
            account_name: account.name,
            payment_system_type: account.payment_system_type(),
        }
    }
}

/// All fields of a transaction.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionOnWire<'a> {
    transaction_id: String,
    transaction_key: String,
    transaction_sequence: u64,
    transaction_type: u8,
    amount: Amount,
    resulting_balance: Option<Amount>,
    actual_date: String,
    posted_date: Option<String>,
    patron_id: &'a str,
    plan_id: Option<&'a str>,
    tender_id: &'a str,
    location_id: Option<&'a str>,
    location_name: &'a str,
    patron_full_name: String,
    account_type: u8,
    account_name: &'a str,
    payment_system_type: u8,
}

#[cfg(test)]
mod tests {
    use super::{Kind, Transaction};
    use crate::sandbox::patron::opening::{FLEXI, patron};
    use crate::sandbox::patron::places::WEB_DEPOSIT;
    use crate::sandbox::patron::random::Random;
    use rust_decimal::Decimal;

    #[test]
    fn the_kind_determines_the_sign() {
        let (ten, two) = (Decimal::TEN, Decimal::TWO);
        assert_eq!(Kind::Debit.apply(ten, two), Decimal::from(8));
        assert_eq!(Kind::Correction.apply(ten, two), Decimal::from(8));
        assert_eq!(Kind::Deposit.apply(ten, two), Decimal::from(12));
    }

    #[test]
    fn the_wire_format_has_every_field_of_the_protocol() {
        let (owner, accounts) = patron(&mut Random::new(1), 2026);
        let transaction = Transaction {
            sequence: 5,
            kind: Kind::Deposit,
            amount: Decimal::new(1235, 2),
            balance_after: None,
            actual: "2026-02-09T19:04:11Z".parse().unwrap(),
            posted: None,
            account: FLEXI,
            place: WEB_DEPOSIT.clone(),
        };
        let wire = transaction.on_wire(&accounts[FLEXI], &owner);
        let text = serde_json::to_string(&wire).unwrap();
        let row: serde_json::Value = serde_json::from_str(&text).unwrap();
        let expected = [
            "transactionId",
            "transactionKey",
            "transactionSequence",
            "transactionType",
            "amount",
            "resultingBalance",
            "actualDate",
            "postedDate",
            "patronId",
            "planId",
            "tenderId",
            "locationId",
            "locationName",
            "patronFullName",
            "accountType",
            "accountName",
            "paymentSystemType",
        ];
        assert_eq!(row.as_object().unwrap().len(), expected.len());
        for name in expected {
            assert!(row.get(name).is_some(), "{name}");
        }
        assert!(text.contains(r#""amount":12.35,"resultingBalance":null"#), "{text}");
        assert_eq!(row["actualDate"], "2026-02-09T19:04:11.000+0000");
        assert!(row["locationId"].is_null() && row["planId"].is_null());
    }
}
