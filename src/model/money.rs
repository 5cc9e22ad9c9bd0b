//! Exact amounts, parsed from JSON numbers and printed without ever going through a binary float.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// The unit of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Unit {
    /// US dollars, up to two decimals.
    #[serde(rename = "USD")]
    Usd,
    /// Meals of a meal plan.
    #[serde(rename = "meals")]
    Meals,
}

impl Unit {
    /// The name in machine-readable output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::Meals => "meals",
        }
    }
}

/// An exact decimal amount in dollars or meals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(Decimal);

/// The text is not a decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an amount such as 10 or 2.50")]
pub struct NotANumber;

impl Amount {
    pub const ZERO: Self = Self(Decimal::ZERO);

    #[must_use]
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// Formats the amount for people: `$12.35`, `-$0.50`, `3 meals`.
    #[must_use]
    pub fn display(self, unit: Unit) -> String {
        let sign = if self.0.is_sign_negative() && !self.0.is_zero() { "-" } else { "" };
        let absolute = self.0.abs();
        match unit {
            // More than two decimals are unexpected, but never rounded away.
            Unit::Usd if absolute.normalize().scale() > 2 => format!("{sign}${}", absolute.normalize()),
            Unit::Usd => format!("{sign}${absolute:.2}"),
            Unit::Meals if absolute == Decimal::ONE => format!("{sign}1 meal"),
            Unit::Meals => format!("{sign}{} meals", absolute.normalize()),
        }
    }
}

impl From<Decimal> for Amount {
    fn from(number: Decimal) -> Self {
        Self(number)
    }
}

impl FromStr for Amount {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let exponent = text.contains(['e', 'E']);
        let number = if exponent { Decimal::from_scientific(text) } else { Decimal::from_str_exact(text) };
        number.map(Self).map_err(|_| NotANumber)
    }
}

/// The bare number, without trailing zeros: `12.35`, `50`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0.normalize();
        // A negative zero would print its sign.
        if number.is_zero() { f.write_str("0") } else { number.fmt(f) }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// Accepts a JSON number, read from its text, or a string that contains one.
impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        let number = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text).trim();
        number.parse().map_err(|_| D::Error::custom("expected a number"))
    }
}

/// Exact within 28 digits, saturating beyond.
impl Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Amount {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Amount {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    #[test]
    fn json_numbers_keep_their_text() {
        for text in ["12.35", "50", "0", "-0.5", "1999.99", "123456789012345678.91"] {
            let read: Amount = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
    }

    #[test]
    fn all_json_number_forms_are_parsed() {
        let forms = [("1.10", "1.1"), ("1e2", "100"), ("1.5E1", "15"), ("\"12.35\"", "12.35"), ("-0.0", "0")];
        for (text, printed) in forms {
            let read: Amount = serde_json::from_str(text).unwrap();
            assert_eq!(read.to_string(), printed, "{text}");
        }
    }

    #[test]
    fn non_numbers_are_errors() {
        for text in ["null", "true", "\"\"", "\"12,35\"", "[1]", "{}", "1e999", "\"NaN\""] {
            assert!(serde_json::from_str::<Amount>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn amounts_are_displayed_with_their_unit() {
        assert_eq!(amount("12.35").display(Unit::Usd), "$12.35");
        assert_eq!(amount("50").display(Unit::Usd), "$50.00");
        assert_eq!(amount("-0.5").display(Unit::Usd), "-$0.50");
        assert_eq!(amount("0.125").display(Unit::Usd), "$0.125");
        assert_eq!(amount("3").display(Unit::Meals), "3 meals");
        assert_eq!(amount("1.0").display(Unit::Meals), "1 meal");
        assert_eq!(amount("-2").display(Unit::Meals), "-2 meals");
    }

    #[test]
    fn huge_amounts_saturate() {
        let largest = Amount(Decimal::MAX);
        assert_eq!(largest + largest, largest);
        assert_eq!(-largest - largest, -largest);
    }

    proptest! {
        #[test]
        fn sums_of_cents_are_exact(cents in proptest::collection::vec(any::<i32>(), 0..200)) {
            let sum: Amount = cents.iter().map(|&cent| Amount(Decimal::new(cent.into(), 2))).sum();
            let expected: i64 = cents.iter().map(|&cent| i64::from(cent)).sum();
            assert_eq!(sum, Amount(Decimal::new(expected, 2)));
        }
    }
}
