//! Exact amounts and balances as JSON numbers.

use rust_decimal::Decimal;
use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// Dollars or meals, written from the decimal digits (`12.35`, `50`). Going through a binary float would
/// introduce the very rounding errors that clients must avoid.
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
    fn numbers_are_written_exactly() {
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
