//! Any text as a validated URL.

#![no_main]

use getcard::auth::validated_url;
use libfuzzer_sys::fuzz_target;

const ERRORS: [&str; 2] = ["the text holds no session id", "the text holds two different session ids"];

fuzz_target!(|text: &str| {
    match validated_url::parse(text) {
        Ok(found) => {
            let session = found.session.expose();
            assert!(getcard::secret::redact::is_uuid(session.as_bytes()));
            assert!(text.to_ascii_lowercase().contains(session));
            assert!(found.school.is_none_or(|school| text.contains(&school)));
        }
        // The error quotes nothing: the text may hold a secret.
        Err(error) => assert!(ERRORS.contains(&error.to_string().as_str()), "{error}"),
    }
});
