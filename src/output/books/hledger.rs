//! Writes books as an hledger journal.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::accounts::{ADJUSTMENTS, OPENING};
use super::{Jump, Opening, Posted, Syntax, push_amount};
use crate::model::money::{Amount, Unit};
use crate::model::time;

pub struct Hledger;

impl Syntax for Hledger {
    fn begin(&self, books: &mut String) {
        books.push_str(
            "; Transactions of a campus card, the newest day first.\n\
             decimal-mark .\n\
             commodity 1000.00 USD\n\
             commodity 1000. MEALS\n",
        );
    }

    fn transaction(&self, books: &mut String, posted: &Posted<'_>) {
        let row = posted.transaction;
        // Writing to a String cannot fail.
        let _ = write!(books, "\n{} * ", posted.date);
        push_description(books, row.location.as_deref().unwrap_or_else(|| row.kind.name()));
        books.push_str("  ; ");
        if let Some(id) = row.id.as_deref() {
            books.push_str("id:");
            push_value(books, id);
            books.push_str(", ");
        }
        let _ = write!(
            books,
            "kind:{}, at:{}\n    {}  ",
            row.kind.name(),
            time::text(row.occurred_at),
            posted.account
        );
        push_amount(books, row.signed_amount, row.unit);
        if let Some(balance) = row.balance_after {
            books.push_str(" = ");
            push_amount(books, balance, row.unit);
        }
        push_other(books, posted.other, -row.signed_amount, row.unit);
    }

    fn jump(&self, books: &mut String, jump: &Jump<'_>) {
        let _ =
            write!(books, "\n{} * Balance adjustment  ; no transaction explains the balance, ", jump.after);
        push_amount(books, jump.expected, jump.unit);
        books.push_str(" expected and ");
        push_amount(books, jump.found, jump.unit);
        let _ = write!(books, " found on {}\n    {}  ", jump.by, jump.account);
        let difference = jump.found - jump.expected;
        push_amount(books, difference, jump.unit);
        push_other(books, ADJUSTMENTS, -difference, jump.unit);
    }

    fn opening(&self, books: &mut String, opening: &Opening<'_>) {
        let _ = write!(books, "\n{} * Opening balance\n    {}  ", opening.date, opening.account);
        push_amount(books, opening.balance, opening.unit);
        push_other(books, OPENING, -opening.balance, opening.unit);
    }

    fn account(&self, books: &mut String, name: &str, _from: Date, original: Option<(&str, Unit)>) {
        let _ = write!(books, "\naccount {name}");
        if let Some((original, _)) = original {
            books.push_str("  ; name:");
            push_value(books, original);
        }
        books.push('\n');
    }
}

fn push_other(books: &mut String, account: &str, amount: Amount, unit: Unit) {
    let _ = write!(books, "\n    {account}  ");
    push_amount(books, amount, unit);
    books.push('\n');
}

/// Appends a description, in which a semicolon starts a comment, a bar a note, and a leading parenthesis a code.
fn push_description(books: &mut String, text: &str) {
    let text = text.trim_start();
    if text.starts_with('(') {
        books.push_str("() ");
    }
    books.extend(text.chars().map(|character| match character {
        ';' => ',',
        '|' => '/',
        other => other,
    }));
}

/// Appends a tag value, which a comma ends; a colon would start another tag.
fn push_value(books: &mut String, text: &str) {
    books.extend(text.chars().map(|character| match character {
        ',' => ' ',
        ':' | ';' => '-',
        other => other,
    }));
}
