//! Lenient field types for replies, because deployments differ: numbers, booleans and ids may be strings, and
//! lists have a maximum length.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error as _, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::get::failure::Failure;
use crate::model::text::Text;
use crate::secret::redact;

/// The maximum length of a problem's description, in bytes: it quotes the value.
const MAX_BYTES: usize = 500;

/// Parses the reply of a method; a failure names the field.
pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, Failure> {
    // Tracking the path costs as much as parsing, so it is only done after a failure.
    if let Ok(read) = serde_json::from_str(json) {
        return Ok(read);
    }
    let mut deserializer = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { "response".to_owned() } else { format!("response.{path}") };
        let problem = error.inner().to_string();
        let problem = problem.split(" at line ").next().unwrap_or_default();
        Failure::Shape { field, problem: redact::text(redact::beginning(problem, MAX_BYTES)).into_owned() }
    })
}

/// An id: a string or a number, kept as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id(pub Text);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor;
        impl Visitor<'_> for IdVisitor {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a whole number")
            }

            fn visit_str<E>(self, text: &str) -> Result<Id, E> {
                Ok(Id(text.into()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Id, E> {
                Ok(Id(number.to_string().into()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Id, E> {
                Ok(Id(number.to_string().into()))
            }
        }
        deserializer.deserialize_any(IdVisitor)
    }
}

/// A timestamp such as `2026-02-09T19:04:11.000+0000`; `Z` and `+00:00` are accepted too.
#[derive(Debug, Clone, Copy)]
pub struct Instant(pub Timestamp);

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_| D::Error::custom("expected a date with a UTC offset"))
    }
}

/// A boolean: `true`, a number, or either as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag(pub bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FlagVisitor;
        impl Visitor<'_> for FlagVisitor {
            type Value = Flag;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false")
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Flag, E> {
                Ok(Flag(flag))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Flag, E> {
                Ok(Flag(number != 0))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Flag, E> {
                Ok(Flag(number != 0))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Flag, E> {
                match text.trim().to_ascii_lowercase().as_str() {
                    "true" | "1" => Ok(Flag(true)),
                    "false" | "0" => Ok(Flag(false)),
                    _ => Err(E::invalid_value(serde::de::Unexpected::Other("text"), &self)),
                }
            }
        }
        deserializer.deserialize_any(FlagVisitor)
    }
}

/// An integer, or a string that contains one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number(pub i64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Id(text) = Id::deserialize(deserializer)?;
        text.trim().parse().map(Self).map_err(|_| D::Error::custom("expected a whole number"))
    }
}

/// A list of at most `MAX` elements, so that a small compressed reply cannot exhaust memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T, const MAX: usize>(pub Vec<T>);

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for List<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor<T, const MAX: usize>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for ListVisitor<T, MAX> {
            type Value = List<T, MAX>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut list = Vec::with_capacity(seq.size_hint().unwrap_or_default().min(MAX));
                while list.len() < MAX {
                    let Some(element) = seq.next_element()? else { return Ok(List(list)) };
                    list.push(element);
                }
                match seq.next_element::<IgnoredAny>()? {
                    None => Ok(List(list)),
                    Some(_) => Err(A::Error::custom(format!("more than {MAX} elements"))),
                }
            }
        }
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_and_numbers_may_be_strings() {
        for (json, flag) in
            [("true", true), ("1", true), ("\"False\"", false), ("\"0\"", false), ("0", false)]
        {
            assert_eq!(read::<Flag>(json).unwrap(), Flag(flag), "{json}");
        }
        for (json, number) in [("3", 3), ("\"3\"", 3), ("-1", -1)] {
            assert_eq!(read::<Number>(json).unwrap(), Number(number), "{json}");
        }
        for json in ["\"maybe\"", "[]", "null"] {
            assert!(read::<Flag>(json).is_err() && read::<Number>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_list_has_a_maximum_length() {
        assert_eq!(read::<List<u8, 3>>("[1,2,3]").unwrap().0, [1, 2, 3]);
        let Err(Failure::Shape { problem, .. }) = read::<List<u8, 3>>("[1,2,3,4]") else { panic!("read") };
        assert_eq!(problem, "more than 3 elements");
    }
}
