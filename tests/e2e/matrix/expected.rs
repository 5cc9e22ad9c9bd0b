//! What a fault means, worked out from the protocol and not from the code: the exit that each case must have.

use getcard::sandbox::FaultKind;

use super::subjects::Subject;

/// Which calls of a command meet the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    First,
    Second,
    Every,
}

/// A fault as a client has to take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// Nothing is wrong for this method.
    EscapingFormatter,
    /// Another try may go better.
    Passing,
    /// It may be gone, but not before the longest wait: no other try.
    PassingLater,
    /// The service's own word; the exit of its category.
    Verdict(i32),
    /// Anything else, with its exit; whether the service did its work before.
    Failure(i32, bool),
}

/// The codes of the categories, as the contract has them.
const INTERNAL: i32 = 1;
const VALIDATION: i32 = 2;
const AUTHENTICATION: i32 = 3;
const AUTHORIZATION: i32 = 4;
const TRANSIENT: i32 = 5;

fn meaning(kind: &FaultKind, method: &str) -> Meaning {
    let exception = |text: &str| {
        let text = text.to_lowercase();
        match &text[..4.min(text.len())] {
            "9999" => Meaning::Passing,
            _ if method == "authenticatePIN" => Meaning::Verdict(AUTHENTICATION),
            "4001" => Meaning::Verdict(AUTHENTICATION),
            _ if text.contains("session not found") => Meaning::Verdict(AUTHENTICATION),
            _ if text.contains("access denied") => Meaning::Verdict(AUTHORIZATION),
            "9801" | "6112" => Meaning::Verdict(VALIDATION),
            _ => Meaning::Verdict(INTERNAL),
        }
    };
    match kind {
        FaultKind::Http { retry_after: Some(60..), .. } => Meaning::PassingLater,
        FaultKind::Http { status: 401, .. } => Meaning::Failure(AUTHENTICATION, false),
        FaultKind::Http { status: 403, .. } => Meaning::Failure(AUTHORIZATION, false),
        FaultKind::Http { status: 404, .. } => Meaning::Failure(VALIDATION, false),
        FaultKind::Exception(text) | FaultKind::ExceptionObject(text) => exception(text),
        FaultKind::ExceptionJson(_) => exception(""),
        FaultKind::Huge | FaultKind::GzipBomb | FaultKind::Deep => Meaning::Failure(INTERNAL, false),
        FaultKind::WrongTypes | FaultKind::Null => Meaning::Failure(INTERNAL, true),
        FaultKind::MissingFields(_) | FaultKind::LieCapped | FaultKind::OutsideRange => {
            Meaning::EscapingFormatter
        }
        _ => Meaning::Passing,
    }
}

/// The exit code that a command must have.
pub fn exit(subject: &Subject, kind: &FaultKind, met: Met) -> i32 {
    let method = match (met, subject.second) {
        (Met::First | Met::Every, _) => subject.first,
        (Met::Second, Some(second)) => second,
        (Met::Second, None) => return 0,
    };
    let meaning = meaning(kind, method);
    #[expect(clippy::match_same_arms, reason = "each line is a rule of its own")]
    match (method, meaning) {
        (_, Meaning::EscapingFormatter) => 0,
        (_, Meaning::Passing) if met != Met::Every => 0,
        (_, Meaning::Passing | Meaning::PassingLater) => TRANSIENT,
        // The device was made although the reply was none: signing in with it proves that.
        ("createPIN", Meaning::Failure(_, true)) if met == Met::First => 0,
        // Another sign-in ended the session in between, which says nothing of the credentials: they are tried again.
        ("updatePIN", Meaning::Verdict(AUTHENTICATION)) => 0,
        // That the arguments of a change of the PIN to itself are wrong is a verdict on the PIN.
        ("updatePIN", Meaning::Verdict(VALIDATION)) => AUTHENTICATION,
        ("authenticatePIN" | "createPIN", Meaning::Verdict(exit)) => exit,
        // The session has ended: a new one is had, unless that is refused too.
        (_, Meaning::Verdict(AUTHENTICATION)) if met == Met::First => 0,
        (_, Meaning::Verdict(exit) | Meaning::Failure(exit, _)) => exit,
    }
}
