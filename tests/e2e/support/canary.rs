//! Looking for secrets: in every form that a careless program could leave them in.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// A secret and all the forms to look for.
pub struct Canary {
    pub what: &'static str,
    pub secret: String,
    /// Forms whose letters may be of any case, in lower case.
    any_case: Vec<String>,
    exact: Vec<String>,
    /// Four digits are found everywhere by chance; only alone they are a PIN.
    alone: bool,
}

/// Bytes to search, as they are and in lower case.
pub struct Hay {
    text: String,
    lower: String,
}

impl Hay {
    pub fn new(bytes: &[u8]) -> Self {
        // Whoever looks does not see what is invisible.
        let text = String::from_utf8_lossy(bytes).replace('\u{200b}', "").replace("\\u200b", "");
        let lower = text.to_ascii_lowercase();
        Self { text, lower }
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Canary {
    pub fn new(what: &'static str, secret: &str) -> Self {
        let bytes = secret.as_bytes();
        let each = |form: fn(u8) -> String| bytes.iter().map(|byte| form(*byte)).collect::<String>();
        let mut any_case = vec![
            secret.to_lowercase(),
            each(|byte| format!("%{byte:02x}")),
            each(|byte| format!("{byte:02x}")),
        ];
        // As a query writes it: everything but letters and digits escaped.
        any_case.push(each(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_ascii_lowercase().to_string()
            } else {
                format!("%{byte:02x}")
            }
        }));
        any_case.push(secret.replace('-', "").to_lowercase());
        let exact = (0..3).flat_map(|shift| {
            // Whatever stands before it in the encoded text; the ends depend on the neighbors and are cut off.
            let padded = [&vec![0; shift], bytes].concat();
            [STANDARD_NO_PAD.encode(&padded), URL_SAFE_NO_PAD.encode(&padded)].map(|text| {
                let (from, to) = (if shift == 0 { 0 } else { shift + 1 }, text.len() - 2);
                text[from..to].to_owned()
            })
        });
        let (mut any_case, exact, alone) = (any_case, exact.collect(), secret.len() == 4);
        any_case.sort();
        any_case.dedup();
        Self { what, secret: secret.to_owned(), any_case, exact, alone }
    }

    /// How many forms are looked for.
    pub fn forms(&self) -> usize {
        if self.alone { 1 } else { self.any_case.len() + self.exact.len() }
    }

    /// Whether the secret is there, in any form.
    pub fn is_in(&self, hay: &Hay) -> bool {
        if self.alone {
            let mut forms = self.any_case.iter().filter(|form| form.len() == 4);
            return forms.any(|form| is_alone_in(form, &hay.lower));
        }
        self.any_case.iter().any(|form| hay.lower.contains(form))
            || self.exact.iter().any(|form| hay.text.contains(form))
    }
}
/// Whether four digits stand there as a word of their own, and not as a part of a number or a time, a card's ending,
/// a place's number or an exception's code: with a hundred places and PINs, some are alike by chance.
fn is_alone_in(pin: &str, text: &str) -> bool {
    let bytes = text.as_bytes();
    text.match_indices(pin).any(|(at, _)| {
        let before = at.checked_sub(1).map_or(b' ', |at| bytes[at]);
        let after = bytes.get(at + 4).copied().unwrap_or(b' ');
        let part_of_more = |byte: u8| byte.is_ascii_alphanumeric() || b".:-+_$".contains(&byte);
        let earlier = &bytes[at.saturating_sub(12)..at];
        let keyed = earlier.ends_with(b"pin\":") || earlier.ends_with(b"pin=");
        let card = earlier.windows(8).any(|window| window == b"lastfour");
        let place = earlier.ends_with(b"ationid\":\"");
        let code =
            [&b"(code "[..], b"code: some(\""].iter().any(|words| earlier.ends_with(words)) || after == b'|';
        keyed || !part_of_more(before) && !part_of_more(after) && !card && !place && !code
    })
}

/// Every file below a directory.
pub fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn a_secret_is_found_in_every_form() {
    let session = Canary::new("session", "0f8fad5b-d9cb-469f-a165-70867728950e");
    for text in [
        "id=0F8FAD5B-D9CB-469F-A165-70867728950E.",
        "0f8fad5bd9cb469fa16570867728950e",
        "x%30%66%38%66%61%64%35%62%2D%64%39%63%62%2D%34%36%39%66%2D%61%31%36%35%2D%37%30%38%36%37%37%32%38%39%35%30%65",
        "0f8fad5b%2Dd9cb%2D469f%2Da165%2D70867728950e",
    ] {
        assert!(session.is_in(&Hay::new(text.as_bytes())), "{text}");
    }
    for before in ["", "a", "ab", "abc"] {
        let text = format!("{before}0f8fad5b-d9cb-469f-a165-70867728950e&x");
        assert!(session.is_in(&Hay::new(STANDARD_NO_PAD.encode(text).as_bytes())), "{before}");
    }
    assert!(!session.is_in(&Hay::new(b"0f8fad5b-d9cb-469f-a165-70867728950")));
    let pin = Canary::new("PIN", "1234");
    for (text, found) in [
        ("PIN 1234 is wrong", true),
        ("\"pin\":1234,", true),
        ("\"oldPIN\":\"1234\"", true),
        ("127.0.0.1:1234/", false),
        ("12:00:00.1234", false),
        ("\"lastFour\":\"1234\"", false),
        ("\"locationId\":\"1234\"", false),
        ("1234|Server error", false),
        ("failed: Server error (code 1234)", false),
        ("failure=Exception(Exception { code: Some(\"1234\"), message: \"\" })", false),
        ("x12345", false),
    ] {
        assert_eq!(pin.is_in(&Hay::new(text.as_bytes())), found, "{text}");
    }
}
