//! The secrets of one request, masked wherever its reply echoes them: a PIN has no recognizable shape.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::redact::{self, MASK, SECRET_KEYS};

/// The values of a request's secret parameters, longest first.
pub struct RequestSecrets(Vec<Zeroizing<String>>);

#[derive(Deserialize)]
struct Request<'a> {
    /// Borrowed, so that secrets are only in buffers that are wiped.
    #[serde(borrow)]
    params: BTreeMap<Cow<'a, str>, &'a RawValue>,
}

impl RequestSecrets {
    /// Extracts the secrets from a request body; none if it is not one of getcard's requests.
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

    /// Masks the secrets in a text, ignoring case and invisible characters.
    #[must_use]
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        redact::seen_clean(text, |text| self.replace(text))
    }

    /// Masks the secrets in a JSON text, and everything with the shape of a secret, keeping every other byte;
    /// see [`redact::json`].
    #[must_use]
    pub fn mask_json(&self, json: &str, whole_response: bool) -> String {
        let masked = redact::json_with(json, whole_response, |text| match self.mask(text) {
            Cow::Borrowed(_) => redact::text(text),
            Cow::Owned(masked) => Cow::Owned(redact::text(&masked).into_owned()),
        });
        // Numbers and object keys are masked as text.
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
    fn sent_secrets_are_masked_ignoring_case() {
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
