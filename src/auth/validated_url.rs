//! Extracts the web session and the school from a validated URL, or from any text with a session id.

use zeroize::Zeroizing;

use crate::error::{Cause, Error, Result};
use crate::secret::SessionId;
use crate::secret::redact::is_uuid;

/// The result of a web sign-in; see "Sign-in and linking" in src/get/PROTOCOL.md.
pub struct Validated {
    /// The web session.
    pub session: SessionId,
    /// The school's short name, if the text is a URL that contains it.
    pub school: Option<String>,
}

/// Finds the only UUID in a text; repetitions count once.
///
/// # Errors
/// `validation_error` if there is none, or if there are two different ones. The error does not quote the
/// text.
pub fn parse(text: &str) -> Result<Validated> {
    let mut found: Option<Zeroizing<String>> = None;
    for uuid in uuids(text) {
        let uuid = Zeroizing::new(uuid.to_ascii_lowercase());
        match &found {
            Some(first) if *first != uuid => {
                return Err(Error::new(
                    Cause::AmbiguousSession,
                    "the text contains two different session ids",
                )
                .hint("use only the address of the page that says \"validated\""));
            }
            _ => found = Some(uuid),
        }
    }
    let session = found.ok_or_else(|| {
        Error::new(Cause::NoSession, "the text contains no session id")
            .hint("use the whole address of the page that says \"validated\", with its sessionId=…")
    })?;
    Ok(Validated { session: SessionId::new(session), school: school(text) })
}

/// All UUIDs that are not part of a longer run of letters, digits and hyphens.
fn uuids(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let part_of_more = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at)).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    // A preceding percent escape (…%3D) is not part of the run.
    let escape_before = move |at: usize| {
        at >= 3 && bytes[at - 3] == b'%' && bytes[at - 2..at].iter().all(u8::is_ascii_hexdigit)
    };
    (0..bytes.len().saturating_sub(35)).filter_map(move |at| {
        let uuid = &bytes[at..at + 36];
        let starts = escape_before(at) || !part_of_more(at.checked_sub(1));
        (is_uuid(uuid) && starts && !part_of_more(Some(at + 36))).then(|| &text[at..at + 36])
    })
}

/// The short name in `https://get.cbord.com/{shortName}/full/…`.
fn school(text: &str) -> Option<String> {
    let (before, _) = text.split_once("/full/")?;
    let (_, school) = before.rsplit_once('/')?;
    let usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!school.is_empty() && before.contains("://") && school.chars().all(usual)).then(|| school.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    const A: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
    const B: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

    fn session(text: &str) -> String {
        parse(text).ok().unwrap().session.expose().to_owned()
    }

    fn cause(text: &str) -> Cause {
        parse(text).err().unwrap().cause().unwrap().clone()
    }

    #[test]
    fn any_text_with_one_uuid_is_accepted() {
        let url = format!("https://get.cbord.com/ucsc/full/mobileapp_login_validator.php?sessionId={A}");
        assert_eq!(session(&url), A);
        assert_eq!(parse(&url).ok().unwrap().school.as_deref(), Some("ucsc"));
        assert_eq!(session(&format!("  {}\n", A.to_uppercase())), A);
        assert_eq!(session(&format!("sessionId%3D{A}%26x")), A);
        assert_eq!(session(&format!("{A} and again {A}")), A);
        assert!(parse(A).ok().unwrap().school.is_none());
    }

    #[test]
    fn none_or_two_are_refused_without_quoting() {
        assert_eq!(cause(""), Cause::NoSession);
        assert_eq!(cause("https://get.cbord.com/ucsc/full/login.php"), Cause::NoSession);
        assert_eq!(cause(&A[1..]), Cause::NoSession);
        assert_eq!(cause(&format!("{A}0")), Cause::NoSession);
        assert_eq!(cause(&format!("{A} {B}")), Cause::AmbiguousSession);
        assert!(!parse(&format!("{A} {B}")).err().unwrap().to_string().contains(A));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = parse(&text);
        }
    }
}
