//! Amounts and balances as exact JSON numbers.

use rust_decimal::Decimal;
use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// Dollars or meals, written digit for digit (`12.35`, `50`): a binary float in between would make
/// the sandbox the source of the very errors that a client must not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount(pub Decimal);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = self.0.normalize().to_string();
        RawValue::from_string(digits).map_err(S::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::Amount;
    use rust_decimal::Decimal;

    #[test]
    fn numbers_are_written_digit_for_digit() {
        let text = |amount: Decimal| serde_json::to_string(&Amount(amount)).unwrap();
        assert_eq!(text(Decimal::new(1235, 2)), "12.35");
        assert_eq!(text(Decimal::new(5000, 2)), "50");
        assert_eq!(text(Decimal::new(1250, 2)), "12.5");
        assert_eq!(text(Decimal::ZERO), "0");
        assert_eq!(text(Decimal::new(-5, 2)), "-0.05");
        let long = Decimal::new(123_456_789_012_345_679, 2);
        assert_eq!(text(long), "1234567890123456.79");
    }
}
