//! Writes books as Beancount directives.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::accounts::{ADJUSTMENTS, OPENING};
use super::{Jump, Opening, Posted, Syntax, commodity, push_amount, push_number};
use crate::model::money::{Amount, Unit};
use crate::model::time;

pub struct Beancount;

impl Syntax for Beancount {
    fn begin(&self, books: &mut String) {
        books.push_str(
            "; Transactions of a campus card, the newest day first.\n\
             option \"operating_currency\" \"USD\"\n",
        );
    }

    fn transaction(&self, books: &mut String, posted: &Posted<'_>) {
        let row = posted.transaction;
        // Writing to a String cannot fail.
        let _ = write!(books, "\n{} * ", posted.date);
        if let Some(place) = row.location.as_deref() {
            push_quoted(books, place);
            books.push(' ');
        }
        let _ = write!(books, "\"{}\"", row.kind.name());
        if let Some(id) = row.id.as_deref() {
            books.push_str("\n  id: ");
            push_quoted(books, id);
        }
        let _ = write!(books, "\n  at: \"{}\"\n  {}  ", time::text(row.occurred_at), posted.account);
        push_amount(books, row.signed_amount, row.unit);
        push_other(books, posted.other, -row.signed_amount, row.unit);
        // A balance directive applies at the start of its day.
        if posted.closes_day
            && let (Some(balance), Ok(next)) = (row.balance_after, posted.date.tomorrow())
        {
            let _ = write!(books, "\n{next} balance {}  ", posted.account);
            push_number(books, balance, row.unit);
            // Tolerance 0: the balance must match exactly.
            books.push_str(" ~ 0 ");
            books.push_str(commodity(row.unit));
            books.push('\n');
        }
    }

    fn jump(&self, books: &mut String, jump: &Jump<'_>) {
        // Dated on the newer balance's day: on the older one's it would break the closing assertion.
        books.push_str("\n; No transaction explains the balance: ");
        push_amount(books, jump.expected, jump.unit);
        let _ = write!(books, " expected since {}, ", jump.after);
        push_amount(books, jump.found, jump.unit);
        let _ = write!(books, " found.\n{} * \"Balance adjustment\"\n  {}  ", jump.by, jump.account);
        let difference = jump.found - jump.expected;
        push_amount(books, difference, jump.unit);
        push_other(books, ADJUSTMENTS, -difference, jump.unit);
    }

    fn opening(&self, books: &mut String, opening: &Opening<'_>) {
        let _ = write!(books, "\n{} * \"Opening balance\"\n  {}  ", opening.date, opening.account);
        push_amount(books, opening.balance, opening.unit);
        push_other(books, OPENING, -opening.balance, opening.unit);
    }

    fn account(&self, books: &mut String, name: &str, from: Date, original: Option<(&str, Unit)>) {
        let _ = write!(books, "\n{from} open {name}");
        if let Some((original, unit)) = original {
            let _ = write!(books, " {}\n  name: ", commodity(unit));
            push_quoted(books, original);
        }
        books.push('\n');
    }
}

fn push_other(books: &mut String, account: &str, amount: Amount, unit: Unit) {
    let _ = write!(books, "\n  {account}  ");
    push_amount(books, amount, unit);
    books.push('\n');
}

/// Appends a quoted string.
fn push_quoted(books: &mut String, text: &str) {
    books.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            books.push('\\');
        }
        books.push(character);
    }
    books.push('"');
}
