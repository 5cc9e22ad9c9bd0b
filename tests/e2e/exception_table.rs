//! Every row of the protocol's table of exceptions, through the real binary: as the answer of a read and of a sign-in.

use std::collections::BTreeSet;

use getcard::sandbox::{Fault, FaultKind};
use serde_json::Value;

use crate::support::getcard::Getcard;
use crate::support::service::Service;

const PROTOCOL: &str = include_str!("../../src/get/PROTOCOL.md");
/// How many times a call that may be tried again is.
const RETRIES: &str = "2";

/// What a run comes to.
struct Answer {
    category: &'static str,
    exit: i32,
    attempts: u64,
    /// How the hint starts; empty where there is none.
    hint: &'static str,
}

/// What a row of the table comes to.
struct Expected {
    /// Its first cell.
    row: &'static str,
    /// Exceptions that fit it, beside the codes and quoted texts in that cell.
    examples: &'static [&'static str],
    /// As the answer of `commerce.retrieveAccounts`; none where the row is about another method.
    read: Option<Answer>,
    /// As the answer of `authentication.authenticatePIN`.
    sign_in: Answer,
}

const RENEWED: &str = "another device keeps ending the session; close the phone app";
const UNKNOWN: &str = "the device was revoked";
const REFUSED: &str = "run: getcard login --replace";
const LATER: &str = "try again in a moment";

const fn answer(category: &'static str, exit: i32, attempts: u64, hint: &'static str) -> Answer {
    Answer { category, exit, attempts, hint }
}

const DEAD: Answer = answer("authentication_error", 3, 1, UNKNOWN);
const NOT_SIGNED_IN: Answer = answer("authentication_error", 3, 1, REFUSED);

const TABLE: [Expected; 9] = [
    Expected {
        row: "4001, 4002, or a message with \"not validated\" or \"session not found\"",
        examples: &[],
        read: Some(answer("authentication_error", 3, 2, RENEWED)),
        sign_in: DEAD,
    },
    Expected {
        row: "9510, in practice from `authenticatePIN`",
        examples: &[],
        // Only a sign-in can prove it, so one is made.
        read: Some(answer("authentication_error", 3, 2, RENEWED)),
        sign_in: DEAD,
    },
    Expected {
        row: "any other exception of `authenticatePIN` that is not a server fault",
        examples: &["1234|Not now", "The PIN is wrong"],
        read: None,
        sign_in: NOT_SIGNED_IN,
    },
    Expected {
        row: "a message with \"not authorized\", \"not permitted\" or \"access denied\"",
        examples: &["9801|Access denied"],
        read: Some(answer("authorization_error", 4, 1, "")),
        sign_in: NOT_SIGNED_IN,
    },
    Expected {
        row: "9801",
        examples: &[],
        read: Some(answer("validation_error", 2, 1, "")),
        sign_in: NOT_SIGNED_IN,
    },
    Expected {
        row: "6100, 6102, 6112, 6113",
        examples: &[],
        read: Some(answer("validation_error", 2, 1, "")),
        sign_in: NOT_SIGNED_IN,
    },
    Expected {
        row: "9000, 9999",
        examples: &[],
        read: Some(answer("transient_upstream_error", 5, 3, LATER)),
        sign_in: answer("transient_upstream_error", 5, 3, LATER),
    },
    Expected {
        row: "any other 9xxx",
        examples: &["9013|Try again later", "9511|Not today"],
        read: Some(answer("validation_error", 2, 1, "")),
        sign_in: NOT_SIGNED_IN,
    },
    Expected {
        row: "any other",
        examples: &["1234|Not now", "90001|Not now", "Not now", ""],
        read: Some(answer("internal_error", 1, 1, "")),
        sign_in: NOT_SIGNED_IN,
    },
];

/// The rows of the table: the first and the last cell of each.
fn rows() -> Vec<(&'static str, &'static str)> {
    let table = PROTOCOL.split("## Exceptions").nth(1).unwrap();
    let lines = table.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    lines
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            (cells[0], cells[2])
        })
        .collect()
}

/// An exception for each code and each quoted text of a row's first cell.
fn named(cell: &str) -> Vec<String> {
    let codes = cell.split(|letter: char| !letter.is_ascii_alphanumeric());
    let codes = codes.filter(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
    let texts = cell.split('"').skip(1).step_by(2);
    codes
        .map(|code| format!("{code}|Not now"))
        .chain(texts.map(|text| format!("1234|This is {text}")))
        .collect()
}

#[test]
fn the_table_is_the_one_of_the_protocol() {
    let rows = rows();
    assert_eq!(
        rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        TABLE.each_ref().map(|expected| expected.row)
    );
    for ((row, says), expected) in rows.iter().zip(&TABLE) {
        assert!(!named(row).is_empty() || !expected.examples.is_empty(), "{row}: nothing to try");
        let answer = expected.read.as_ref().unwrap_or(&expected.sign_in);
        assert!(says.starts_with(&format!("`{}`", answer.category)), "{row}: {says}");
        assert_eq!(says.ends_with(", tried again"), answer.attempts == 3, "{row}: {says}");
    }
}

#[track_caller]
fn assert_answer(error: &Value, code: Option<i32>, hits: usize, answer: &Answer, case: &str) {
    assert_eq!(
        (error["category"].as_str(), code),
        (Some(answer.category), Some(answer.exit)),
        "{case}: {error}"
    );
    assert_eq!(
        (error["attempts"].as_u64(), hits as u64),
        (Some(answer.attempts), answer.attempts),
        "{case}: {error}"
    );
    let hint = error["hint"].as_str().unwrap_or_default();
    assert!(hint.starts_with(answer.hint) && hint.is_empty() == answer.hint.is_empty(), "{case}: {error}");
}

#[test]
fn every_row_as_the_answer_of_a_read_and_of_a_sign_in() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", RETRIES);
    let mut signed_in = BTreeSet::new();
    user.link(&service.validated_url());
    for expected in &TABLE {
        let examples = expected.examples.iter().map(|text| (*text).to_owned());
        for text in named(expected.row).into_iter().chain(examples) {
            let fault = |method: &str| Fault::new(FaultKind::Exception(text.clone())).at(method);
            if let Some(answer) = &expected.read {
                let case = format!("a read answered with {text:?}");
                service.set_faults(vec![fault("retrieveAccounts")]);
                let before = service.hits("retrieveAccounts");
                let outcome = user.run(&["balance", "--json"]);
                let hits = service.hits("retrieveAccounts") - before;
                assert_answer(&outcome.error(), outcome.code, hits, answer, &case);
                service.set_faults(Vec::new());
                assert_eq!(user.run(&["balance"]).code, Some(0), "{case}: the link is as good as before");
            }
            if !signed_in.insert(text.clone()) {
                continue;
            }
            let session_text = !text.starts_with('4') && expected.row.starts_with("4001");
            let answer = if session_text { &NOT_SIGNED_IN } else { &expected.sign_in };
            let case = format!("a sign-in answered with {text:?}");
            service.end_sessions();
            service.set_faults(vec![fault("authenticatePIN")]);
            let before = service.hits("authenticatePIN");
            let outcome = user.run(&["balance", "--json"]);
            let hits = service.hits("authenticatePIN") - before;
            let error = outcome.error();
            assert_answer(&error, outcome.code, hits, answer, &case);
            assert_eq!(error["method"], "authentication.authenticatePIN", "{case}");
            service.set_faults(Vec::new());
            let replaced = user.run_with_stdin(&["link", "--replace", "-"], service.validated_url());
            assert_eq!(replaced.code, Some(0), "{case}: {}", replaced.stderr);
        }
    }
}
