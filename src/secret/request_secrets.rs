//! The secrets of one request, to be masked wherever its reply echoes them: a PIN has no shape of its own.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::redact::{self, MASK, SECRET_KEYS};

/// The values of the secret parameters of a request, the longest first.
pub struct RequestSecrets(Vec<Zeroizing<String>>);

#[derive(Deserialize)]
struct Request<'a> {
    /// Borrowed: secrets are in no buffer but those that are wiped.
    #[serde(borrow)]
    params: BTreeMap<Cow<'a, str>, &'a RawValue>,
}

impl RequestSecrets {
    /// The secrets in a request's body; none if it is not a request of getcard's.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let Ok(Request { params }) = serde_json::from_slice(body) else { return Self(Vec::new()) };
        let secret = params.into_iter().filter(|(key, _)| SECRET_KEYS.contains(&key.to_lowercase().as_str()));
        let mut values: Vec<_> = secret
            .filter_map(|(_, value)| serde_json::from_str::<Zeroizing<String>>(value.get()).ok())
            .filter(|value| !value.is_empty())
            .collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self(values)
    }

    /// The text without them, in whatever case they stand there and whatever invisible characters are inside.
    #[must_use]
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        redact::seen_clean(text, |text| self.replace(text))
    }

    /// A JSON text without them, without what has the shape of a secret, and with every other byte as it is; see
    /// [`redact::json`].
    #[must_use]
    pub fn mask_json(&self, json: &str, whole_response: bool) -> String {
        let masked = redact::json_with(json, whole_response, |text| match self.mask(text) {
            Cow::Borrowed(_) => redact::text(text),
            Cow::Owned(masked) => Cow::Owned(redact::text(&masked).into_owned()),
        });
        // What is a number or a name there is masked as text.
        self.replace(&masked).into_owned()
    }

    fn replace<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut masked = Cow::Borrowed(text);
        for secret in &self.0 {
            let lower = Zeroizing::new(masked.to_ascii_lowercase());
            let wanted = Zeroizing::new(secret.to_ascii_lowercase());
            let found: Vec<usize> = lower.match_indices(wanted.as_str()).map(|(at, _)| at).collect();
            if found.is_empty() {
                continue;
            }
            let mut without = String::with_capacity(masked.len());
            let mut copied = 0;
            for at in found {
                without.push_str(&masked[copied..at]);
                without.push_str(MASK);
                copied = at + secret.len();
            }
            without.push_str(&masked[copied..]);
            masked = Cow::Owned(without);
        }
        masked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    #[test]
    fn what_was_sent_is_masked_in_any_case_and_the_rest_is_kept() {
        let known = RequestSecrets::of(
            br#"{"method":"updatePIN","params":{"deviceId":"ab23456789abcd9f","oldPIN":"1234","newPIN":"1234","n":7}}"#,
        );
        assert_eq!(
            known.mask("9801|PIN 1234 of AB23456789abcd9f is wrong, 7 left (12345)"),
            "9801|PIN [secret] of [secret] is wrong, 7 left ([secret]5)"
        );
        assert_eq!(known.mask("1\u{200b}2\u{2060}34"), "[secret]");
        assert_eq!(
            known.mask_json(r#"{"a":"1\u200b234","b\u0041":"\u0041","c":1234,"d":"\u0031234"}"#, false),
            r#"{"a":"[secret]","b\u0041":"\u0041","c":[secret],"d":"[secret]"}"#
        );
        assert!(matches!(known.mask("Session not found"), Cow::Borrowed(_)));
        assert!(matches!(RequestSecrets::of(b"x").mask("1234"), Cow::Borrowed(_)));
        assert!(matches!(
            RequestSecrets::of(br#"{"params":{"sessionId":""}}"#).mask("1234"),
            Cow::Borrowed(_)
        ));
    }

    proptest! {
        #[test]
        fn no_text_panics_and_nothing_is_left(pin in "[0-9]{4}", text in any::<String>()) {
            let known = RequestSecrets::of(format!(r#"{{"params":{{"PIN":"{pin}"}}}}"#).as_bytes());
            let text = format!("{text}{pin}ß{text}");
            assert!(!known.mask(&text).contains(&pin));
            let _ = RequestSecrets::of(text.as_bytes());
        }
    }
}
