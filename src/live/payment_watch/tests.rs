//! Tests of the state machine, step by step.

use std::time::Duration;

use jiff::Timestamp;

use super::{Change, Charge, ChargeFilter, PaymentWatch, Reason, Source};
use crate::model::account::{Account, AccountType};
use crate::model::money::{Amount, Unit};
use crate::model::transaction::{Transaction, TransactionKind};
use crate::platform::clock::Moment;

pub fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub fn moment(seconds: u64) -> Moment {
    let wall = Timestamp::from_second(1_770_000_000 + i64::try_from(seconds).unwrap()).unwrap();
    let steady = Duration::from_secs(seconds);
    Moment { wall, steady, boot: steady }
}

pub fn account(id: &str, name: &str, balance: &str) -> Account {
    Account {
        id: (!id.is_empty()).then(|| id.into()),
        name: name.into(),
        kind: AccountType::DecliningBalance,
        balance: (!balance.is_empty()).then(|| amount(balance)),
        unit: Unit::Usd,
        usable: true,
        deposit_accepted: true,
        last_four: None,
        low: None,
    }
}

pub fn spent(id: &str, account: &str, price: &str, after: Option<&str>, seconds: u64) -> Transaction {
    Transaction {
        id: Some(id.into()),
        key: None,
        kind: TransactionKind::Debit,
        amount: amount(price),
        signed_amount: -amount(price),
        balance_after: after.map(amount),
        occurred_at: moment(seconds).wall,
        posted_at: None,
        location: Some("Oakes Cafe".into()),
        location_id: None,
        account: Some(account.into()),
        account_type: AccountType::DecliningBalance,
        unit: Unit::Usd,
    }
}

/// A watch with a shown code, over one account with $20.
fn active() -> PaymentWatch {
    let mut watch = PaymentWatch::new(moment(0), Duration::from_secs(10), Some(Duration::from_secs(300)));
    assert_eq!(watch.accounts(moment(1), &[account("1", "Flexi", "20")]), None);
    assert_eq!(watch.shown(), Some(Change::Active));
    watch
}

fn completed(outcome: Option<Change>) -> Charge {
    match outcome {
        Some(Change::Completed(charge)) => charge,
        other => panic!("{other:?}"),
    }
}

#[test]
fn code_and_balances_make_it_active() {
    let mut watch = PaymentWatch::new(moment(0), Duration::from_secs(10), None);
    assert_eq!(watch.shown(), None);
    assert_eq!(watch.accounts(moment(1), &[account("1", "Flexi", "20")]), Some(Change::Active));
    assert_eq!(watch.shown(), None, "once");
}

#[test]
fn spending_before_the_code_is_shown_is_ignored() {
    let mut watch = PaymentWatch::new(moment(0), Duration::from_secs(10), None);
    watch.accounts(moment(1), &[account("1", "Flexi", "20")]);
    watch.accounts(moment(2), &[account("1", "Flexi", "15")]);
    watch.shown();
    watch.accounts(moment(3), &[account("1", "Flexi", "15")]);
    assert_eq!(watch.dropped(), None);
}

#[test]
fn a_drop_completes_with_its_transaction() {
    let mut watch = active();
    watch.accounts(moment(11), &[account("1", "Flexi", "15.50")]);
    let dropped = watch.dropped().unwrap();
    assert_eq!((dropped.amount, dropped.confirmed), (amount("4.50"), false));
    assert_eq!(watch.query(moment(11)).unwrap().account_id.as_deref(), Some("1"));
    assert_eq!(watch.query(moment(11)), None, "only one query at a time");
    let receipt = spent("t1", "Flexi", "4.50", Some("15.50"), 9);
    let charge = completed(watch.transactions(moment(12), std::slice::from_ref(&receipt)));
    assert_eq!(charge.location.as_deref(), Some("Oakes Cafe"));
    assert_eq!(charge.transaction_id.as_deref(), Some("t1"));
    // Noticed at 12, made at 9.
    assert_eq!((charge.confirmed, charge.lag), (true, Duration::from_secs(3)));
    assert_eq!(watch.accounts(moment(21), &[account("1", "Flexi", "1")]), None);
    assert_eq!((watch.tick(moment(999)), watch.revoked(moment(999))), (None, None));
}

#[test]
fn a_drop_without_its_transaction_completes_after_three_polls() {
    let mut watch = active();
    watch.accounts(moment(11), &[account("1", "Flexi", "15.50")]);
    for poll in 0..3u64 {
        let now = moment(11 + 10 * poll);
        assert_eq!(watch.wait(now), Some(Duration::ZERO));
        assert!(watch.query(now).is_some());
        let change = watch.transactions(now, &[]);
        if poll < 2 {
            assert_eq!(change, None);
            assert_eq!(watch.wait(now), Some(Duration::from_secs(10)));
            assert_eq!(watch.query(moment(11 + 10 * poll + 9)), None);
        } else {
            let paid = completed(change);
            // The time of the charge is unknown: after second 1, when the old balance was last seen.
            assert_eq!((paid.confirmed, paid.lag), (false, Duration::from_secs(30)));
        }
    }
}

#[test]
fn polls_are_never_more_than_ten_seconds_apart() {
    let mut watch = PaymentWatch::new(moment(0), Duration::from_secs(3600), None);
    watch.accounts(moment(1), &[account("1", "Flexi", "20")]);
    watch.shown();
    watch.accounts(moment(3601), &[account("1", "Flexi", "15")]);
    watch.query(moment(3601));
    watch.transactions(moment(3601), &[]);
    assert_eq!(watch.wait(moment(3601)), Some(Duration::from_secs(10)));
}

#[test]
fn a_rise_moves_the_baseline() {
    let mut watch = active();
    watch.accounts(moment(11), &[account("1", "Flexi", "50")]);
    watch.accounts(moment(21), &[account("1", "Flexi", "47")]);
    assert_eq!(watch.dropped().unwrap().amount, amount("3"));
}

#[test]
fn unknown_balances_and_missing_accounts_are_not_drops() {
    let mut watch = active();
    watch.accounts(moment(11), &[account("1", "Flexi", "")]);
    watch.accounts(moment(21), &[]);
    watch.accounts(moment(31), &[account("1", "Flexi", "20"), account("2", "New", "1")]);
    assert_eq!(watch.dropped(), None);
    watch.accounts(moment(41), &[account("1", "Flexi", "19"), account("2", "New", "1")]);
    assert_eq!(watch.dropped().unwrap().account, "Flexi");
}

#[test]
fn accounts_without_ids_are_identified_by_name_and_position() {
    let mut watch = PaymentWatch::new(moment(0), Duration::from_secs(10), None);
    let twins = |a: &str, b: &str| [account("", "Twin", a), account("", "Twin", b)];
    watch.accounts(moment(1), &twins("5", "9"));
    watch.shown();
    watch.accounts(moment(2), &twins("5", "9"));
    assert_eq!(watch.dropped(), None);
    watch.accounts(moment(3), &twins("5", "8"));
    assert_eq!(watch.dropped().unwrap().balance_after, amount("8"));
}

#[test]
fn it_expires_but_not_after_a_drop() {
    let mut watch = active();
    assert_eq!(watch.wait(moment(290)), Some(Duration::from_secs(10)));
    assert_eq!(watch.tick(moment(299)), None);
    assert_eq!(watch.tick(moment(300)), Some(Change::Unavailable(Reason::Expired)));
    assert_eq!(watch.tick(moment(301)), None);

    let mut watch = active();
    watch.accounts(moment(299), &[account("1", "Flexi", "15")]);
    assert_eq!(watch.tick(moment(301)), None);
    assert!(watch.query(moment(301)).is_some());
}

#[test]
fn revocation_ends_the_watch_but_keeps_a_noticed_charge() {
    assert_eq!(active().revoked(moment(9)), Some(Change::Unavailable(Reason::CredentialsRevoked)));
    let mut watch = active();
    watch.accounts(moment(11), &[account("1", "Flexi", "15")]);
    assert!(!completed(watch.revoked(moment(12))).confirmed);
}

#[test]
fn a_resumed_watch_notices_the_next_charge() {
    let mut watch = active();
    let both = |one: &str, two: &str| [account("1", "Flexi", one), account("2", "Points", two)];
    watch.accounts(moment(11), &both("20", "5"));
    watch.accounts(moment(21), &both("18", "4"));
    watch.query(moment(21));
    let list = [spent("t1", "Flexi", "2", Some("18"), 20)];
    assert_eq!(completed(watch.transactions(moment(21), &list)).account, "Flexi");
    watch.resume();
    watch.accounts(moment(31), &both("18", "4"));
    assert_eq!(watch.dropped().unwrap().account, "Points", "it dropped at the same time");
}

#[test]
fn a_wrong_clock_does_not_affect_the_lag() {
    for made in [5, 99] {
        let mut watch = active();
        watch.accounts(moment(11), &[account("1", "Flexi", "20")]);
        watch.accounts(moment(21), &[account("1", "Flexi", "15.50")]);
        watch.query(moment(21));
        let receipt = spent("t1", "Flexi", "4.50", Some("15.50"), made);
        let charge = completed(watch.transactions(moment(22), &[receipt]));
        assert_eq!((charge.confirmed, charge.lag), (true, Duration::from_secs(11)), "made at {made}");
    }
}

#[test]
fn it_is_unavailable_while_both_sources_fail_and_then_active_again() {
    let mut watch = active();
    assert_eq!(watch.failed(Source::Code), None, "the balances are still available");
    let unavailable = Some(Change::Unavailable(Reason::UpstreamUnavailable));
    assert_eq!(watch.failed(Source::Balances), unavailable);
    assert_eq!((watch.failed(Source::Code), watch.failed(Source::Balances)), (None, None), "once");
    assert_eq!(watch.accounts(moment(60), &[account("1", "Flexi", "15")]), Some(Change::Active));
    assert_eq!(watch.dropped().unwrap().amount, amount("5"), "a charge in between is noticed");
    assert_eq!((watch.failed(Source::Balances), watch.shown()), (None, None));

    let mut watch = active();
    watch.failed(Source::Balances);
    watch.failed(Source::Code);
    assert_eq!(watch.shown(), Some(Change::Active));
    assert_eq!(watch.failed(Source::Code), unavailable, "the balances still fail");
    assert_eq!(watch.tick(moment(300)), Some(Change::Unavailable(Reason::Expired)));
}

#[test]
fn a_service_down_from_the_start_is_unavailable_until_both_sources_work() {
    let mut watch = PaymentWatch::new(moment(0), Duration::from_secs(10), None);
    watch.failed(Source::Code);
    assert_eq!(watch.failed(Source::Balances), Some(Change::Unavailable(Reason::UpstreamUnavailable)));
    assert_eq!(watch.accounts(moment(9), &[account("1", "Flexi", "20")]), None);
    assert_eq!(watch.shown(), Some(Change::Active));
}

fn filtered(min_amount: Option<&str>, place: Option<&str>) -> PaymentWatch {
    let filter = ChargeFilter { min_amount: min_amount.map(amount), place: place.map(str::to_owned) };
    active().only(filter)
}

#[test]
fn charges_below_the_minimum_are_ignored() {
    let mut watch = filtered(Some("4"), None);
    watch.accounts(moment(11), &[account("1", "Flexi", "16.01")]);
    watch.accounts(moment(21), &[account("1", "Flexi", "12.02")]);
    assert_eq!(watch.dropped(), None, "two small charges do not add up to a large one");
    watch.accounts(moment(31), &[account("1", "Flexi", "8.02")]);
    assert_eq!(watch.dropped().unwrap().amount, amount("4"));
}

#[test]
fn the_place_filter_requires_a_transaction() {
    let mut watch = filtered(None, Some("oakes"));
    let elsewhere =
        Transaction { location: Some("Library".into()), ..spent("t1", "Flexi", "4.50", Some("15.50"), 10) };
    watch.accounts(moment(11), &[account("1", "Flexi", "15.50")]);
    watch.query(moment(11));
    assert_eq!(watch.transactions(moment(12), &[elsewhere]), None);
    assert_eq!(watch.dropped(), None, "ignored permanently");
    watch.accounts(moment(21), &[account("1", "Flexi", "15.50")]);
    assert_eq!(watch.dropped(), None);

    watch.accounts(moment(31), &[account("1", "Flexi", "14.50")]);
    for poll in 0..3 {
        assert!(watch.query(moment(31 + 10 * poll)).is_some());
        assert_eq!(watch.transactions(moment(31 + 10 * poll), &[]), None);
    }
    assert_eq!(watch.dropped(), None);
    watch.accounts(moment(61), &[account("1", "Flexi", "14.50")]);
    assert!(watch.query(moment(61)).is_some(), "it may still have been at that place");
    let receipt = spent("t2", "Flexi", "1", Some("14.50"), 30);
    let charge = completed(watch.transactions(moment(62), &[receipt]));
    assert_eq!((charge.amount, charge.lag), (amount("1"), Duration::from_secs(32)));

    let mut watch = filtered(None, Some("oakes"));
    watch.accounts(moment(11), &[account("1", "Flexi", "15.50")]);
    assert_eq!(watch.revoked(moment(12)), Some(Change::Unavailable(Reason::CredentialsRevoked)));
}
