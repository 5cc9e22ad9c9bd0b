//! Masks secrets in text for display and logs, by JSON key and by shape.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use crate::model::text::clean;

/// Replaces a secret.
pub const MASK: &str = "[secret]";

/// JSON keys whose value is always secret, lowercase; see the methods in src/get/PROTOCOL.md.
pub(super) const SECRET_KEYS: [&str; 8] =
    ["sessionid", "deviceid", "pin", "oldpin", "newpin", "payload", "barcodepayload", "validatedurl"];

/// JSON keys whose value is a public id, although some deployments use UUIDs or long numbers there.
const PUBLIC_KEYS: [&str; 12] = [
    "id",
    "userid",
    "institutionid",
    "paymentsystemid",
    "accountid",
    "transactionid",
    "transactionkey",
    "patronid",
    "planid",
    "tenderid",
    "locationid",
    "billingaddressid",
];

/// JSON keys that explain an exception, in a reply whose other content is secret.
const EXCEPTION_KEYS: [&str; 4] = ["exception", "message", "detailmessage", "code"];

/// The possible lengths of a PIN.
pub(super) const PIN_LENGTHS: RangeInclusive<usize> = 4..=22;

/// Masks all words with the shape of a secret: a UUID (session or device), 16 hexadecimal characters
/// (device), at least 20 digits (barcode payload), or a PIN's digits within two words after `PIN`. Invisible
/// characters cannot hide a secret.
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    seen_clean(text, shapes)
}

/// Truncates a text to at most `most` bytes, at a word boundary: half a secret would no longer have the shape
/// that is masked.
#[must_use]
pub fn beginning(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    text[..end].trim_end_matches(is_of_word)
}

/// Masks a text after removing invisible characters, which could hide a secret; unchanged if nothing matches.
pub(super) fn seen_clean(text: &str, mask: impl Fn(&str) -> Cow<'_, str>) -> Cow<'_, str> {
    match mask(&clean(text)) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(masked) => Cow::Owned(masked),
    }
}

fn shapes(text: &str) -> Cow<'_, str> {
    let mut masked = String::new();
    let mut copied = 0;
    let mut since_pin = usize::MAX;
    for (start, word) in words(text).filter(|(_, word)| !word.is_empty()) {
        since_pin = since_pin.saturating_add(1);
        if ends_in_pin(word) {
            since_pin = 0;
        }
        let is_pin = since_pin <= 2
            && PIN_LENGTHS.contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_digit());
        for (from, to) in if is_pin { vec![(0, word.len())] } else { secrets_within(word) } {
            masked.push_str(&text[copied..start + from]);
            masked.push_str(MASK);
            copied = start + to;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    masked.push_str(&text[copied..]);
    Cow::Owned(masked)
}

/// Masks the secrets in a JSON text and keeps every other byte. With `whole_response`, the response itself is
/// a secret (a session id, a barcode payload), whatever its form. Anything that is not JSON is masked as text.
#[must_use]
pub fn json(json: &str, whole_response: bool) -> String {
    json_with(json, whole_response, text)
}

/// Like [`json`], with the caller's mask for strings.
pub(super) fn json_with(json: &str, whole_response: bool, mask: impl Fn(&str) -> Cow<'_, str>) -> String {
    let mut masked = String::with_capacity(json.len());
    let mut rest = json;
    let mut key: Option<String> = None;
    while let Some(start) = rest.find('"') {
        let (before, from_quote) = rest.split_at(start);
        push_plain(&mut masked, before, key.as_deref(), whole_response);
        let (literal, after) = from_quote.split_at(string_literal_len(from_quote));
        let value: Cow<'_, str> =
            serde_json::from_str::<String>(literal).map_or(Cow::Borrowed(literal), Cow::Owned);
        if after.trim_start().starts_with(':') {
            key = Some(value.to_lowercase());
            masked.push_str(&string(literal, &mask));
        } else {
            if is_secret(key.as_deref(), &value, whole_response) {
                masked.push('"');
                masked.push_str(MASK);
                masked.push('"');
            } else if is_public(key.as_deref()) {
                masked.push_str(literal);
            } else {
                masked.push_str(&string(literal, &mask));
            }
            if !before.trim_end().ends_with('[') && !after.trim_start().starts_with(',') {
                key = None;
            }
        }
        rest = after;
    }
    push_plain(&mut masked, rest, key.as_deref(), whole_response);
    masked
}

/// Masks a string literal after unescaping it; unchanged if it contains no secret.
fn string(literal: &str, mask: impl Fn(&str) -> Cow<'_, str>) -> Cow<'_, str> {
    let Ok(value) = serde_json::from_str::<String>(literal) else { return text(literal) };
    match mask(&value) {
        Cow::Borrowed(_) => Cow::Borrowed(literal),
        Cow::Owned(masked) => Cow::Owned(serde_json::Value::from(masked).to_string()),
    }
}

/// Copies the text between two strings (punctuation, numbers, literals), masking a number that follows a
/// secret key.
fn push_plain(masked: &mut String, plain: &str, key: Option<&str>, whole_response: bool) {
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
    let mut rest = plain;
    let mut first = true;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from_number) = rest.split_at(start);
        let end = from_number.find(|c| !is_number(c)).unwrap_or(from_number.len());
        let number = &from_number[..end];
        masked.push_str(before);
        let behind_key = first && before.trim_start().starts_with(':');
        let key = if behind_key { key } else { None };
        let long = number.len() >= 20 && !is_public(key);
        if long || is_secret(key, number, whole_response) {
            masked.push('"');
            masked.push_str(MASK);
            masked.push('"');
        } else {
            masked.push_str(number);
        }
        rest = &from_number[end..];
        first = false;
    }
    masked.push_str(rest);
}

/// Returns whether a value is secret because of its key.
fn is_secret(key: Option<&str>, value: &str, whole_response: bool) -> bool {
    let Some(key) = key else { return false };
    !value.is_empty() && (SECRET_KEYS.contains(&key) || whole_response && !EXCEPTION_KEYS.contains(&key))
}

fn is_public(key: Option<&str>) -> bool {
    key.is_some_and(|key| PUBLIC_KEYS.contains(&key))
}

/// The length of the string literal at the start of the text, including its quotes.
fn string_literal_len(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The runs of ASCII letters, digits and hyphens, with their offsets.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !is_of_word(c))
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

/// Returns whether a word is `PIN`, or a key such as `oldPIN`.
fn ends_in_pin(word: &str) -> bool {
    word.len().checked_sub(3).and_then(|at| word.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case("pin"))
}

/// The ranges of a word that are secrets, in order.
fn secrets_within(word: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(at) = word.as_bytes()[rest..].windows(36).position(is_uuid).map(|at| rest + at) {
        found.extend(secret_ranges(word, rest, at));
        rest = at + 36;
        found.push((at, rest));
    }
    found.extend(secret_ranges(word, rest, word.len()));
    found
}

/// The runs of hexadecimal digits within a range of a word that have the length of a secret.
fn secret_ranges(word: &str, from: usize, to: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut start = from;
    word[from..to].split(|c: char| !c.is_ascii_hexdigit()).filter_map(move |run| {
        let here = (start, start + run.len());
        start = here.1 + 1;
        let digits = run.len() >= 20 && run.bytes().all(|byte| byte.is_ascii_digit());
        (run.len() == 16 || run.len() == 32 || digits).then_some(here)
    })
}

/// Returns whether the bytes have the 8-4-4-4-12 format of a UUID.
#[must_use]
pub fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    const SESSION: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

    #[test]
    fn secrets_in_a_sentence_are_masked_by_shape() {
        let sentence =
            format!("4001|Session {SESSION} of device ab23456789abcd9f, code 1770664011112345678907");
        assert_eq!(text(&sentence), "4001|Session [secret] of device [secret], code [secret]");
        assert_eq!(text(&format!("?sessionId={SESSION}&x=1")), "?sessionId=[secret]&x=1");
        assert_eq!(text(&format!("id-{SESSION}-more")), "id-[secret]-more");
        let (device, payload) = ("ab23456789abcd9f", "1770664011112345678907");
        let hyphens = format!("{device}-{SESSION}-{device}-{payload}");
        let nothing = format!("x{SESSION}{SESSION}yz{device}x{payload}");
        for joined in [hyphens, nothing] {
            let masked = text(&joined);
            for secret in [SESSION, device, payload] {
                assert!(!masked.contains(secret), "{masked}");
            }
        }
        assert_eq!(text(&format!("{device}-{device}z")), "[secret]-[secret]z");
        assert_eq!(
            text("PIN 1234, oldPin: '5678', pin is 9012"),
            "PIN [secret], oldPin: '[secret]', pin is [secret]"
        );
        assert_eq!(text("PIN of the year 2026, code 4001"), "PIN of the year 2026, code 4001");
        assert_eq!(text("PIN 1234567890123456789012 is wrong"), "PIN [secret] is wrong");
        let hidden = "177066401111234\u{200b}5678907, PIN 12\u{2060}34, \u{feff}5";
        assert_eq!(text(hidden), "[secret], PIN [secret], 5");
        assert_eq!(text("a\u{200b}b"), "a\u{200b}b");
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        let long = format!("caf\u{e9} of {SESSION} and more");
        assert_eq!(beginning(&long, long.len()), long);
        assert_eq!(beginning(&long, 30), "caf\u{e9} of ");
        assert_eq!(beginning(&long, 4), "");
        assert_eq!(beginning(&long, 46), format!("caf\u{e9} of {SESSION} "));
    }

    #[test]
    fn harmless_text_is_unchanged() {
        for harmless in
            ["", "Session not found", "2026-02-09T19:04:11.000+0000", "Café 12345", "retrieveAccounts"]
        {
            assert_eq!(text(harmless), harmless);
        }
    }

    #[test]
    fn json_is_masked_by_key_and_shape_and_keeps_the_rest() {
        let request = format!(
            r#"{{"method":"createPIN","params":{{"sessionId":"{SESSION}","deviceId":"short","PIN":1234,"n":1.10}}}}"#
        );
        assert_eq!(
            json(&request, false),
            r#"{"method":"createPIN","params":{"sessionId":"[secret]","deviceId":"[secret]","PIN":"[secret]","n":1.10}}"#
        );
        let reply = format!(r#"{{"accounts":[{{"id":"{SESSION}","note":"{SESSION}","balance":12.50}}]}}"#);
        assert_eq!(
            json(&reply, false),
            format!(r#"{{"accounts":[{{"id":"{SESSION}","note":"[secret]","balance":12.50}}]}}"#)
        );
    }

    #[test]
    fn a_secret_response_is_masked_in_any_form() {
        assert_eq!(
            json(r#"{"response":"ABC","exception":null}"#, true),
            r#"{"response":"[secret]","exception":null}"#
        );
        assert_eq!(json(r#"{"response": 177 }"#, true), r#"{"response": "[secret]" }"#);
        assert_eq!(
            json(r#"{"response":true,"exception":"9000|x"}"#, true),
            r#"{"response":true,"exception":"9000|x"}"#
        );
        assert_eq!(
            json(r#"{"response":{"id":"AB","more":["CD","EF",7]},"exception":{"code":"9000"}}"#, true),
            r#"{"response":{"id":"[secret]","more":["[secret]","[secret]",7]},"exception":{"code":"9000"}}"#
        );
    }

    #[test]
    fn escapes_do_not_hide_a_secret() {
        assert_eq!(json(r#"{"session\u0049d":"a\"b"}"#, false), r#"{"session\u0049d":"[secret]"}"#);
        let escaped = [SESSION.replace('-', "\\u002d"), SESSION.replace('f', "\\u0066")];
        for hidden in escaped.iter().map(String::as_str).chain([r"\fab23456789abcd9f"]) {
            let shown = json(&format!(r#"{{"x":"a {hidden}","y":"c\u0064"}}"#), false);
            assert!(
                shown.starts_with(r#"{"x":"a "#) && shown.ends_with(r#"[secret]","y":"c\u0064"}"#),
                "{shown}"
            );
        }
        assert_eq!(json(&format!(r#"{{"{SESSION}":1}}"#), false), r#"{"[secret]":1}"#);
        assert_eq!(
            json("{\"x\":\"unterminated 1770664011112345678907", false),
            "{\"x\":\"unterminated [secret]"
        );
    }

    proptest! {
        #[test]
        fn json_stays_json_and_no_text_in_it_holds_a_secret(before in any::<String>(), after in any::<String>()) {
            let around = format!("{before}{SESSION} {SESSION}{after}");
            assert!(!text(&around).contains(SESSION));
            let body = serde_json::json!({"x": around}).to_string();
            let masked: serde_json::Value = serde_json::from_str(&json(&body, false)).unwrap();
            assert!(!masked["x"].as_str().unwrap().contains(SESSION));
        }
    }
}
