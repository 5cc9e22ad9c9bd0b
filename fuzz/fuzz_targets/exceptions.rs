//! Any text or JSON as an exception, and through what masks secrets.

#![no_main]

use getcard::get::exception::Exception;
use getcard::get::method::{AUTHENTICATE_PIN, RETRIEVE_ACCOUNTS};
use getcard::secret::redact;
use getcard::secret::request_secrets::RequestSecrets;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

const SECRET: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

fuzz_target!(|text: &str| {
    for json in
        [to_raw_value(text).ok(), serde_json::from_str::<Box<RawValue>>(text).ok()].into_iter().flatten()
    {
        let exception = Exception::read(&json);
        let _ = (exception.cause(&AUTHENTICATE_PIN), exception.cause(&RETRIEVE_ACCOUNTS));
        assert!(exception.code.as_deref().is_none_or(|code| code.len() >= 4));
    }
    let _ = (redact::json(text, true), redact::json(text, false));
    // A secret that stands by itself is masked whatever is around it.
    let around = format!("{text} {SECRET} {text}");
    assert!(!redact::text(&around).contains(SECRET));
    let body = serde_json::json!({"params": {"sessionId": SECRET, "other": text}}).to_string();
    // What was JSON is JSON, and no text in it holds the secret, however it was escaped.
    let masked: Value = serde_json::from_str(&redact::json(&body, false)).expect("masked JSON");
    let texts = ["sessionId", "other"].map(|key| masked["params"][key].as_str().expect("a text"));
    assert!(texts.iter().all(|text| !text.contains(SECRET)));
    assert!(!RequestSecrets::of(body.as_bytes()).mask(&around).contains(SECRET));
});
