//! Parses a fault from `KIND[=ARG][@METHOD][#CALLS]`.

use std::str::FromStr;

use thiserror::Error;

use crate::sandbox::fault::kinds::{FaultKind, KINDS};
use crate::sandbox::fault::spec::{Calls, Fault};
use crate::sandbox::wire::names::{METHODS, means};

/// Why a string is not a valid fault.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ParseFaultError {
    /// No kind has this name.
    #[error("unknown fault kind `{0}` (kinds: {list})", list = names())]
    Kind(String),
    /// The kind takes a different argument, or none.
    #[error("fault `{kind}` takes {takes}, not `{given}`")]
    Argument { kind: &'static str, takes: &'static str, given: String },
    /// The service has no such method.
    #[error("unknown method `{0}` in a fault (methods: {list})", list = methods())]
    Method(String),
    /// Not a valid range of calls.
    #[error("`{0}` is no span of calls (every, first, second, N, N-M or N-)")]
    Calls(String),
}

fn names() -> String {
    let names: Vec<String> = KINDS.iter().map(|(name, arg, _)| format!("{name}{arg}")).collect();
    names.join(", ")
}

fn methods() -> String {
    let names: Vec<String> = METHODS.iter().map(|(service, method)| format!("{service}.{method}")).collect();
    names.join(", ")
}

impl FromStr for Fault {
    type Err = ParseFaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let end = text.find(['=', '@', '#']).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        let unknown = || ParseFaultError::Kind(name.to_owned());
        let known = KINDS.iter().find(|(known, ..)| *known == name);
        let &(name, takes, _) = known.ok_or_else(unknown)?;
        // A free-text argument may contain any character, so only a valid suffix is split off it.
        let free = matches!(
            name,
            "redirect" | "exception" | "exception-after" | "exception-object" | "exception-json"
        );
        let (rest, calls) = suffix(rest, '#', free, Calls::from_str)?;
        let (rest, method) = suffix(rest, '@', free, method)?;
        let argument = rest.strip_prefix('=');
        let mistake = || ParseFaultError::Argument {
            kind: name,
            takes: if takes.is_empty() { "nothing" } else { takes },
            given: argument.unwrap_or_default().to_owned(),
        };
        let kind = FaultKind::named(name, argument).ok_or_else(mistake)?;
        Ok(Self { kind, method, calls: calls.unwrap_or(Calls::EVERY) })
    }
}

/// Splits `MARK…` off the end of `text`, if present. An invalid suffix is part of a free-text argument and an
/// error anywhere else.
fn suffix<T>(
    text: &str,
    mark: char,
    free: bool,
    read: impl Fn(&str) -> Result<T, ParseFaultError>,
) -> Result<(&str, Option<T>), ParseFaultError> {
    let Some((rest, tail)) = text.rsplit_once(mark) else {
        return Ok((text, None));
    };
    match read(tail) {
        Ok(value) => Ok((rest, Some(value))),
        Err(_) if free && rest.starts_with('=') => Ok((text, None)),
        Err(error) => Err(error),
    }
}

/// Validates a method name, with or without its service (`service.method`).
fn method(text: &str) -> Result<String, ParseFaultError> {
    let known = METHODS.iter().any(|(service, method)| means(text, service, method));
    if known { Ok(text.to_owned()) } else { Err(ParseFaultError::Method(text.to_owned())) }
}

impl FromStr for Calls {
    type Err = ParseFaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| text.parse().ok().filter(|number| *number > 0);
        let calls = match text {
            "every" => Some(Self::EVERY),
            "first" => Some(Self::FIRST),
            "second" => Some(Self::SECOND),
            _ => match text.split_once('-') {
                None => number(text).map(Self::nth),
                Some((first, "")) => number(first).map(Self::from),
                Some((first, last)) => number(first)
                    .zip(number(last))
                    .filter(|(first, last)| first <= last)
                    .map(|(first, last)| Self::span(first, last)),
            },
        };
        calls.ok_or_else(|| ParseFaultError::Calls(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::ParseFaultError;
    use crate::sandbox::fault::kinds::KINDS;
    use crate::sandbox::{Calls, Fault, FaultKind};
    use serde_json::json;

    fn fault(text: &str) -> Fault {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn error(text: &str) -> String {
        text.parse::<Fault>().unwrap_err().to_string()
    }

    #[test]
    fn every_listed_kind_parses() {
        for (name, takes, _) in KINDS {
            let argument = match takes {
                "=CODE[:SECONDS]" => "=503",
                "=JSON" => "={}",
                "" | "[=NAME,…]" => "",
                _ => "=text",
            };
            assert_eq!(fault(&format!("{name}{argument}")).calls, Calls::EVERY);
        }
    }

    #[test]
    fn all_parts_together() {
        let expected = Fault::new(FaultKind::Http { status: 429, retry_after: Some(7) })
            .at("retrieveAccounts")
            .on(Calls::FIRST);
        assert_eq!(fault("http=429:7@retrieveAccounts#1"), expected);
        let of_service = expected.at("commerce.retrieveAccounts");
        assert_eq!(fault("http=429:7@commerce.retrieveAccounts#first"), of_service);
        let fields = FaultKind::MissingFields(vec!["balance".into(), "id".into()]);
        assert_eq!(fault("missing-fields=balance,id").kind, fields);
    }

    #[test]
    fn ranges_of_calls() {
        let contains = |text: &str| {
            let calls = fault(&format!("html#{text}")).calls;
            (1..=4).filter(|call| calls.contains(*call)).collect::<Vec<_>>()
        };
        assert_eq!(contains("every"), [1, 2, 3, 4]);
        assert_eq!(contains("second"), [2]);
        assert_eq!(contains("3"), [3]);
        assert_eq!(contains("2-3"), [2, 3]);
        assert_eq!(contains("3-"), [3, 4]);
    }

    #[test]
    fn free_text_may_contain_the_separators() {
        let kind = |text: &str| fault(text).kind;
        assert_eq!(kind("exception=mail a@b.c, item #x"), FaultKind::Exception("mail a@b.c, item #x".into()));
        assert_eq!(kind("redirect=http://u@h/#top"), FaultKind::Redirect("http://u@h/#top".into()));
        let json = fault(r##"exception-json={"a":"#1"}@createPIN#2"##);
        assert_eq!(json.kind, FaultKind::ExceptionJson(json!({"a": "#1"})));
        assert_eq!(json, Fault::new(json.kind.clone()).at("createPIN").on(Calls::SECOND));
        assert_eq!(kind("exception-after=4001|x #y"), FaultKind::ExceptionAfter("4001|x #y".into()));
        assert_eq!(kind("exception="), FaultKind::Exception(String::new()));
    }

    #[test]
    fn errors_list_the_valid_choices() {
        let unknown = error("htpp=503");
        assert!(
            unknown.contains("htpp") && unknown.contains("http=CODE") && unknown.contains("outside-range"),
            "{unknown}"
        );
        assert!(error("html@retrieveAcounts").contains("commerce.retrieveAccounts"));
        assert!(error("html@user.retrieveAccounts").contains("unknown method"));
        assert!(error("html#frist").contains("first"));
        assert!(error("html#0").contains("first"));
        assert!(error("html#3-2").contains("N-M"));
        assert!(error("html=1").contains("nothing"));
        assert!(error("http").contains("CODE"));
        assert!(error("http=99").contains("CODE"));
        assert!(error("exception").contains("TEXT"));
        assert!(error("exception-after").contains("TEXT"));
        assert!(error("exception-json={").contains("JSON"));
        assert_eq!("".parse::<Fault>(), Err(ParseFaultError::Kind(String::new())));
    }
}
