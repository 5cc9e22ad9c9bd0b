//! Answers as they are on the wire, and what they mean in the model (protocol.md, methods).
//!
//! Every field of an answer is optional to read; a field that is there has the right type or is an error.

mod accounts;
mod params;
mod transactions;

use std::fmt;

use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error as _, Visitor};
use serde::{Deserialize, Deserializer};

pub use self::accounts::{Accounts, accounts};
pub use self::params::{
    AuthenticatePin, AuthenticateSystem, CreatePin, DeletePin, QueryCriteria, SYSTEM_CREDENTIALS,
    SessionOnly, TransactionHistory, UpdatePin, date,
};
pub use self::transactions::{last_date_of_cut, transactions};
use super::failure::Failure;
use crate::secret::redact;

/// Reads the answer of a method; the failure names the field.
pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, Failure> {
    // Keeping track of the path costs as much as the reading: it is done when there is something to say.
    if let Ok(read) = serde_json::from_str(json) {
        return Ok(read);
    }
    let mut deserializer = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { "response".to_owned() } else { format!("response.{path}") };
        let problem = error.inner().to_string();
        let problem = problem.split(" at line ").next().unwrap_or_default();
        Failure::Shape { field, problem: redact::text(problem).into_owned() }
    })
}

/// An id on the wire: text or a number, kept as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id(pub String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor;
        impl Visitor<'_> for IdVisitor {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a whole number")
            }

            fn visit_str<E>(self, text: &str) -> Result<Id, E> {
                Ok(Id(text.to_owned()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }
        }
        deserializer.deserialize_any(IdVisitor)
    }
}

/// An instant on the wire: `2026-02-09T19:04:11.000+0000`, `Z` or `+00:00` too.
#[derive(Debug, Clone, Copy)]
pub struct Instant(Timestamp);

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_| D::Error::custom("expected a date with a UTC offset"))
    }
}

/// Who the patron is, of `user.retrieve`.
#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the wire's names")]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: Option<Id>,
    pub user_name: Option<String>,
    pub institution_id: Option<Id>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
}

/// The answer of `retrieveLookupList`.
#[derive(Deserialize)]
pub struct LookupList {
    pub institutions: Vec<Institution>,
}

/// An institution that the service knows.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Institution {
    pub id: Option<Id>,
    pub name: Option<String>,
    pub short_name: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(result: Result<impl Sized, Failure>) -> String {
        match result.err().unwrap() {
            Failure::Shape { field, .. } => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_wrong_field_is_named() {
        assert_eq!(field(accounts(r#"{"accounts":[{"balance":"a lot"}]}"#)), "response.accounts[0].balance");
        assert_eq!(field(accounts(r#"{"planName":"x"}"#)), "response");
        assert_eq!(field(accounts("true")), "response");
        let page = r#"{"transactions":[{"amount":1,"actualDate":"yesterday"}]}"#;
        assert_eq!(field(transactions(page)), "response.transactions[0].actualDate");
    }
}
