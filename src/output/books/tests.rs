//! Tests of the books, entry by entry.

use jiff::tz::TimeZone;

use super::{Books, Program};
use crate::model::money::Unit;
use crate::model::transaction::tests::transaction;
use crate::model::transaction::{Transaction, TransactionKind};

const DAY: i64 = 86_400;

fn row(number: usize, second: i64, amount: &str, balance: Option<&str>) -> Transaction {
    Transaction {
        account: Some("Flexi Dollars".into()),
        location: Some("Perk".into()),
        signed_amount: amount.parse().unwrap(),
        balance_after: balance.map(|balance| balance.parse().unwrap()),
        ..transaction(number, second)
    }
}

/// The books of `rows`, added one at a time, without the declarations.
fn books(program: Program, rows: Vec<Transaction>) -> String {
    let mut books = Books::new(program, TimeZone::UTC);
    let mut text = Vec::new();
    for row in rows {
        text.extend(books.add(vec![row]));
    }
    text.extend(books.finish());
    String::from_utf8(text).unwrap()
}

#[test]
fn a_day_is_chronological_and_balances_are_asserted() {
    let rows =
        vec![row(2, 60, "-2.5", Some("7.5")), row(1, 0, "-10", None), row(0, -DAY, "-0.125", Some("20"))];
    let hledger = books(Program::Hledger, rows.clone());
    let expected = "
2026-02-02 * Perk  ; id:1, kind:debit, at:2026-02-02T02:40:00.000Z
    Assets:Card:Flexi-Dollars  -10.00 USD
    Expenses:Campus  10.00 USD

2026-02-02 * Perk  ; id:2, kind:debit, at:2026-02-02T02:41:00.000Z
    Assets:Card:Flexi-Dollars  -2.50 USD = 7.50 USD
    Expenses:Campus  2.50 USD

2026-02-01 * Perk  ; id:0, kind:debit, at:2026-02-01T02:40:00.000Z
    Assets:Card:Flexi-Dollars  -0.125 USD = 20.00 USD
    Expenses:Campus  0.125 USD

2026-01-31 * Opening balance
    Assets:Card:Flexi-Dollars  20.125 USD
    Equity:Opening-Balances  -20.125 USD

account Assets:Card:Flexi-Dollars  ; name:Flexi Dollars
";
    assert!(hledger.starts_with(expected), "{hledger}");
    let beancount = books(Program::Beancount, rows);
    assert!(
        beancount.contains("\n2026-02-03 balance Assets:Card:Flexi-Dollars  7.50 ~ 0 USD\n"),
        "{beancount}"
    );
    assert!(beancount.contains("\n2026-02-02 balance Assets:Card:Flexi-Dollars  20.00 ~ 0 USD\n"));
    assert!(
        beancount.contains("\n2026-01-31 open Assets:Card:Flexi-Dollars USD\n  name: \"Flexi Dollars\"\n")
    );
}

#[test]
fn a_jump_is_adjusted_after_the_older_balance() {
    let rows = vec![row(3, 2 * DAY, "-1", Some("15")), row(2, DAY, "-1", None), row(1, 0, "-10", Some("20"))];
    let adjusting = "
2026-02-02 * Balance adjustment  ; no transaction explains the balance, 18.00 USD expected and 15.00 USD found on 2026-02-04
    Assets:Card:Flexi-Dollars  -3.00 USD
    Equity:Adjustments  3.00 USD
";
    let hledger = books(Program::Hledger, rows.clone());
    let (before, _) = hledger.split_once(adjusting).unwrap();
    assert!(before.contains("= 20.00 USD"), "{hledger}");
    let beancount = books(Program::Beancount, rows);
    assert!(beancount.contains("\n2026-02-04 * \"Balance adjustment\"\n"), "{beancount}");
}

#[test]
fn accounts_are_separate_and_units_are_named() {
    let meal = Transaction {
        unit: Unit::Meals,
        account: Some("Board".into()),
        kind: TransactionKind::Deposit,
        location: None,
        ..row(1, 1, "10", Some("10"))
    };
    let hledger = books(Program::Hledger, vec![meal, row(0, 0, "-1", Some("5"))]);
    assert!(hledger.contains("    Assets:Card:Board  10 MEALS = 10 MEALS\n    Equity:Deposits  -10 MEALS\n"));
    assert!(
        hledger.contains("    Assets:Card:Flexi-Dollars  6.00 USD\n    Equity:Opening-Balances  -6.00 USD\n")
    );
    assert!(!hledger.contains("adjustment") && hledger.matches("Opening balance").count() == 1);
}

#[test]
fn hostile_text_is_escaped() {
    let hostile = Transaction {
        location: Some("(refund) Till; \"x\" | \\y\n2026-01-01 * z".into()),
        id: Some("1, date:2020-13-45; x".into()),
        ..row(0, 0, "-1", None)
    };
    let hledger = books(Program::Hledger, vec![hostile.clone()]);
    let first = "2026-02-02 * () (refund) Till, \"x\" / \\y 2026-01-01 * z  ; id:1  date-2020-13-45- x, kind:debit, at:";
    assert!(hledger.starts_with(&format!("\n{first}")), "{hledger}");
    let beancount = books(Program::Beancount, vec![hostile]);
    assert!(
        beancount.starts_with(
            r#"
2026-02-02 * "(refund) Till; \"x\" | \\y 2026-01-01 * z" "debit"
  id: "1, date:2020-13-45; x"
"#
        ),
        "{beancount}"
    );
}

#[test]
fn no_transactions_give_no_entries() {
    assert_eq!(books(Program::Hledger, Vec::new()), "");
}
