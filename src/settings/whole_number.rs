//! Parses the whole numbers in arguments, with a message in words where they are none.

use std::fmt::Display;
use std::ops::{Bound, RangeBounds};
use std::str::FromStr;

/// A parser of whole numbers in a range that includes its ends, for clap.
pub fn whole_number<N>(
    range: impl RangeBounds<N> + Clone + Send + Sync + 'static,
) -> impl Fn(&str) -> Result<N, String> + Clone + Send + Sync + 'static
where
    N: FromStr + PartialOrd + Display,
{
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| match (range.start_bound(), range.end_bound()) {
            (Bound::Included(least), Bound::Included(most)) => {
                format!("expected a whole number from {least} to {most}")
            }
            (Bound::Included(least), _) => format!("expected a whole number of at least {least}"),
            _ => "expected a whole number".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_outside_the_range_and_other_text_are_refused_in_words() {
        let columns = whole_number(1..=30_u8);
        assert_eq!(columns("1"), Ok(1));
        assert_eq!(columns("30"), Ok(30));
        for text in ["0", "31", "256", "-1", "1.5", "x", ""] {
            assert_eq!(columns(text).unwrap_err(), "expected a whole number from 1 to 30", "{text}");
        }
        assert_eq!(whole_number(1_u32..)("4294967295"), Ok(u32::MAX));
        assert_eq!(whole_number(1_u32..)("0").unwrap_err(), "expected a whole number of at least 1");
        assert_eq!(whole_number::<u16>(..)("x").unwrap_err(), "expected a whole number");
    }
}
