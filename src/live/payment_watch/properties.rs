//! Property tests: the state machine under arbitrary events.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::tests::{account, moment};
use super::{Change, PaymentWatch, Reason, Source};
use crate::model::account::Account;
use crate::model::money::Amount;

#[derive(Debug, Clone)]
enum Event {
    Shown,
    /// The balances of three accounts; `None` is unknown.
    Accounts([Option<u8>; 3]),
    Query,
    NoTransactions,
    Failed(Source),
    Revoked,
    Tick,
}

fn event() -> impl Strategy<Value = Event> {
    let balances =
        [proptest::option::of(0..20u8), proptest::option::of(0..20u8), proptest::option::of(0..20u8)];
    prop_oneof![
        2 => Just(Event::Shown),
        8 => balances.prop_map(Event::Accounts),
        4 => Just(Event::Query),
        4 => Just(Event::NoTransactions),
        2 => Just(Event::Failed(Source::Code)),
        2 => Just(Event::Failed(Source::Balances)),
        1 => Just(Event::Revoked),
        4 => Just(Event::Tick),
    ]
}

fn accounts(balances: [Option<u8>; 3]) -> Vec<Account> {
    let names = ["A", "B", "C"];
    let text = |balance: Option<u8>| balance.map_or_else(String::new, |balance| balance.to_string());
    names.iter().zip(balances).map(|(name, balance)| account(name, name, &text(balance))).collect()
}

fn apply(watch: &mut PaymentWatch, second: u64, event: &Event) -> Option<Change> {
    match event {
        Event::Shown => watch.shown(),
        Event::Accounts(balances) => watch.accounts(moment(second), &accounts(*balances)),
        Event::Query => {
            watch.query(moment(second));
            None
        }
        Event::NoTransactions => watch.transactions(moment(second), &[]),
        Event::Failed(source) => watch.failed(*source),
        Event::Revoked => watch.revoked(moment(second)),
        Event::Tick => watch.tick(moment(second)),
    }
}

proptest! {
    /// No change is reported twice in a row, a charge only while active, and nothing after the end.
    #[test]
    fn changes_are_reported_once_and_in_order(events in vec((0..40u64, event()), 0..60)) {
        let mut watch = PaymentWatch::new(moment(0), Duration::from_secs(10), Some(Duration::from_secs(300)));
        let mut second = 0;
        let mut seen: Vec<Change> = Vec::new();
        for (pause, event) in &events {
            second += pause;
            let Some(change) = apply(&mut watch, second, event) else { continue };
            let before = seen.last();
            prop_assert!(before != Some(&change), "{change:?} twice");
            let passing = [&Change::Active, &Change::Unavailable(Reason::UpstreamUnavailable)];
            prop_assert!(before.is_none_or(|before| passing.contains(&before)), "after the end: {change:?}");
            if matches!(change, Change::Completed(_)) {
                prop_assert_eq!(before, Some(&Change::Active));
            }
            seen.push(change);
        }
    }

    /// A charge is a drop of the account's own balance, by exactly its amount, since its last baseline.
    #[test]
    fn a_charge_is_a_drop_of_that_account(rounds in vec([proptest::option::of(0..20u8), proptest::option::of(0..20u8), proptest::option::of(0..20u8)], 1..30)) {
        let mut watch = PaymentWatch::new(moment(0), Duration::from_secs(10), None);
        watch.shown();
        let mut known: [Option<u8>; 3] = [None; 3];
        for (second, balances) in (1u64..).zip(&rounds) {
            watch.accounts(moment(second), &accounts(*balances));
            let fallen: Vec<usize> = (0..3)
                .filter(|at| balances[*at].zip(known[*at]).is_some_and(|(now, before)| now < before))
                .collect();
            if let Some(charge) = watch.dropped() {
                let at = ["A", "B", "C"].iter().position(|name| charge.account == *name).unwrap();
                prop_assert_eq!(Some(&at), fallen.first());
                let (now, before) = (balances[at].unwrap(), known[at].unwrap());
                prop_assert_eq!(charge.amount, Amount::from(rust_decimal::Decimal::from(before - now)));
                break;
            }
            prop_assert!(fallen.is_empty(), "a drop was missed");
            for (known, now) in known.iter_mut().zip(balances) {
                *known = now.or(*known);
            }
        }
    }

    /// Whatever fails in between, three replies of the history end the wait.
    #[test]
    fn a_drop_always_completes(pauses in vec(0..30u64, 3..40)) {
        let mut watch = PaymentWatch::new(moment(0), Duration::from_secs(10), Some(Duration::from_secs(2)));
        watch.shown();
        watch.accounts(moment(1), &accounts([Some(9), None, None]));
        watch.accounts(moment(1), &accounts([Some(8), None, None]));
        let (mut second, mut answers, mut completed) = (1, 0, 0);
        for pause in pauses {
            second += pause;
            prop_assert_eq!(watch.tick(moment(second)), None);
            if watch.query(moment(second)).is_some() {
                answers += 1;
                completed += usize::from(watch.transactions(moment(second), &[]).is_some());
            }
        }
        prop_assert!(answers <= 3);
        prop_assert_eq!(completed, usize::from(answers == 3));
    }
}
