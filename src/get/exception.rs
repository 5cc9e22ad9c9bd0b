//! The service's exceptions: their wire formats, their codes and the resulting categories.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::method::{AUTHENTICATE_PIN, Method};
use crate::error::{Category, Cause};
use crate::model::text::clean;
use crate::secret::redact;
use crate::secret::request_secrets::RequestSecrets;

/// The maximum length of a kept message, in bytes.
const MAX_BYTES: usize = 2000;

/// An exception of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The code of four or more digits, if any.
    pub code: Option<String>,
    /// The message, without the code and with secrets masked.
    pub message: String,
}

impl Exception {
    /// Parses all known formats: `CODE|message`, a bare string, an object with `message` or `detailMessage`,
    /// any other JSON. Truncates long text.
    #[must_use]
    pub fn read(json: &RawValue) -> Self {
        let text = match text_of(json.get()) {
            Some(text) => text,
            // As a parsed value it would take much more memory than as text.
            None if json.get().len() > MAX_BYTES => format!("an exception of {} bytes", json.get().len()),
            None => serde_json::from_str::<Value>(json.get()).unwrap_or_default().to_string(),
        };
        let text = clean(&text);
        let (code, message) = split_code(&text);
        let message = message.trim();
        let kept = redact::beginning(message, MAX_BYTES);
        let more = if kept.len() < message.len() { "…" } else { "" };
        Self { code: code.map(ToOwned::to_owned), message: format!("{}{more}", redact::text(kept)) }
    }

    /// Masks the secrets of the request, also in the code, unless it is a known code of the service, which a
    /// PIN may equal by chance.
    #[must_use]
    pub fn without(mut self, known: &RequestSecrets) -> Self {
        self.message = known.mask(&self.message).into_owned();
        self.code = self.code.map(|code| match code.as_str() {
            "4001" | "4002" | "6100" | "6102" | "6112" | "6113" | "9000" | "9510" | "9801" | "9999" => code,
            echo => known.mask(&redact::text(echo)).into_owned(),
        });
        self
    }

    /// Returns whether the card is reported lost. The service uses one code for several commerce failures, so
    /// the text decides.
    #[must_use]
    pub fn is_card_lost(&self) -> bool {
        let message = self.message.to_lowercase();
        message.contains("card") && message.contains("lost")
    }

    /// What this exception means as the reply of `method`. The first matching row of the protocol's table wins.
    #[must_use]
    pub fn cause(&self, method: &Method) -> Cause {
        let code = self.code.as_deref().unwrap_or_default();
        let message = self.message.to_lowercase();
        let says = |phrases: &[&str]| phrases.iter().any(|phrase| message.contains(phrase));
        let session_invalid =
            matches!(code, "4001" | "4002") || says(&["not validated", "session not found"]);
        let server_fault = matches!(code, "9000" | "9999");
        if *method == AUTHENTICATE_PIN && (session_invalid || !server_fault) {
            let unknown_device = matches!(code, "4001" | "4002" | "9510");
            return Cause::SignInRefused { code: self.code.clone(), unknown_device };
        }
        let category = match code {
            _ if session_invalid => Category::Authentication,
            "9510" => Category::Authentication,
            _ if says(&["not authorized", "not permitted", "access denied"]) => Category::Authorization,
            "6100" | "6102" | "6112" | "6113" => Category::Validation,
            _ if server_fault => Category::TransientUpstream,
            // Business errors; the official app shows their text.
            _ if code.len() == 4 && code.starts_with('9') => Category::Validation,
            _ => Category::Internal,
        };
        Cause::Exception { code: self.code.clone(), category }
    }
}

/// The text of an exception: a bare string, or its `message` or `detailMessage`.
fn text_of(json: &str) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Fields<'a> {
        #[serde(borrow)]
        message: Option<&'a RawValue>,
        #[serde(borrow)]
        detail_message: Option<&'a RawValue>,
    }
    let text = |json: &str| serde_json::from_str::<String>(json).ok();
    text(json).or_else(|| {
        let fields: Fields<'_> = serde_json::from_str(json).ok()?;
        [fields.message, fields.detail_message].into_iter().flatten().find_map(|field| text(field.get()))
    })
}

/// Splits `CODE|message`; a code has at least four digits.
fn split_code(text: &str) -> (Option<&str>, &str) {
    match text.split_once('|') {
        Some((code, message))
            if (4..=40).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            (Some(code), message)
        }
        _ => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::get::method::RETRIEVE_ACCOUNTS;
    use serde_json::json;

    fn read(value: &Value) -> Exception {
        Exception::read(&serde_json::value::to_raw_value(value).unwrap())
    }

    fn exception(value: &Value) -> (Option<String>, String) {
        let exception = read(value);
        (exception.code, exception.message)
    }

    #[test]
    fn all_formats_are_parsed() {
        let code = |code: &str, message: &str| (Some(code.to_owned()), message.to_owned());
        let text = |message: &str| (None, message.to_owned());
        assert_eq!(exception(&json!("4001|Session not found")), code("4001", "Session not found"));
        assert_eq!(exception(&json!("10042|a|b")), code("10042", "a|b"));
        assert_eq!(exception(&json!("400|short")), text("400|short"));
        assert_eq!(exception(&json!("no code")), text("no code"));
        assert_eq!(exception(&json!("")), text(""));
        assert_eq!(exception(&json!({"message": "9000|Down"})), code("9000", "Down"));
        assert_eq!(exception(&json!({"detailMessage": "Detail"})), text("Detail"));
        assert_eq!(exception(&json!({"x": 1})), text(r#"{"x":1}"#));
        assert_eq!(exception(&json!([1])), text("[1]"));
        assert_eq!(exception(&json!(false)), text("false"));
        let two = json!({"message": {"x": 1}, "detailMessage": "Detail"});
        assert_eq!(exception(&two), text("Detail"));
    }

    #[test]
    fn a_large_exception_is_truncated() {
        let (_, list) = exception(&json!(vec![0; 1000]));
        assert_eq!(list, "an exception of 2001 bytes");
        let (code, message) = exception(&json!(format!("9000|{}", "12 ".repeat(10_000))));
        assert_eq!(code.as_deref(), Some("9000"));
        assert!(message.starts_with("12 12 ") && message.ends_with("12 …") && message.len() <= MAX_BYTES + 3);
    }

    #[test]
    fn a_session_in_the_text_is_masked() {
        let (_, message) = exception(&json!("4001|Session 0f8fad5b-d9cb-469f-a165-70867728950e not found"));
        assert_eq!(message, "Session [secret] not found");
    }

    #[test]
    fn a_secret_is_masked_wherever_it_is_echoed_and_a_code_is_kept() {
        let known = RequestSecrets::of(br#"{"params":{"PIN":"9510","oldPIN":"1234"}}"#);
        let masked = |text: &str| read(&json!(text)).without(&known);
        assert_eq!(masked("1234|PIN 12\u{200b}34 of 95\u{feff}10").code.as_deref(), Some(redact::MASK));
        assert_eq!(masked("1234|PIN 12\u{200b}34 of 95\u{feff}10").message, "PIN [secret] of [secret]");
        assert_eq!(masked("9510|PIN wrong").code.as_deref(), Some("9510"));
        assert_eq!(masked("1770664011112345678907|x").code.as_deref(), Some(redact::MASK));
        assert_eq!(masked("12\u{200b}34|x").code.as_deref(), Some(redact::MASK));
    }

    #[test]
    fn codes_and_messages_determine_the_category() {
        let cases = [
            ("4001|x", Category::Authentication),
            ("4002|x", Category::Authentication),
            ("User session is Not Validated", Category::Authentication),
            ("9999|Session not found", Category::Authentication),
            ("You are not authorized", Category::Authorization),
            ("1234|Access denied", Category::Authorization),
            ("9801|x", Category::Validation),
            ("6112|Insufficient funds", Category::Validation),
            ("9000|x", Category::TransientUpstream),
            ("9999|x", Category::TransientUpstream),
            ("9123|x", Category::Validation),
            ("9510|Device marked as lost", Category::Authentication),
            ("90000|x", Category::Internal),
            ("1234|x", Category::Internal),
            ("x", Category::Internal),
        ];
        for (text, category) in cases {
            assert_eq!(read(&json!(text)).cause(&RETRIEVE_ACCOUNTS).category(), category, "{text}");
        }
    }

    #[test]
    fn every_sign_in_exception_except_server_faults_is_a_refusal() {
        let cause = |text: &str| read(&json!(text)).cause(&AUTHENTICATE_PIN);
        let refused = |code: Option<&str>, unknown_device| Cause::SignInRefused {
            code: code.map(ToOwned::to_owned),
            unknown_device,
        };
        assert_eq!(cause("9510|Device marked as lost"), refused(Some("9510"), true));
        assert_eq!(cause("4001|Session not found"), refused(Some("4001"), true));
        assert_eq!(cause("9801|x"), refused(Some("9801"), false));
        assert_eq!(cause("Access denied"), refused(None, false));
        for text in ["9000|x", "9999|x"] {
            assert_eq!(cause(text).category(), Category::TransientUpstream, "{text}");
        }
    }
}
