//! The fault kinds, their names and arguments.

use serde_json::Value;

/// What goes wrong. The kinds "instead of processing" act before the service sees the call; the others
/// process it and then damage the reply, as when a link succeeds but its reply is lost.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultKind {
    /// The connection is reset before the call is processed.
    ResetBefore,
    /// The call is processed, then the connection is reset and the reply is lost.
    ResetAfter,
    /// Half of the announced length is sent, then the connection is closed.
    Truncate,
    /// A captive portal's web page with status 200, instead of processing.
    Html,
    /// A gateway's status and error page, instead of processing.
    Http {
        status: u16,
        /// Retry-After, in seconds.
        retry_after: Option<u64>,
    },
    /// Never replies, and processes nothing.
    Hang,
    /// Processes the call but never replies.
    HangAfter,
    /// The reply at ten bytes a second.
    Drip,
    /// A 64 MiB body, streamed without a length, instead of processing.
    Huge,
    /// A small gzip body that inflates to a little over 64 MiB, instead of processing.
    GzipBomb,
    /// A redirect (302) to this URL, instead of processing.
    Redirect(String),
    /// Numbers become strings, strings numbers and booleans lists.
    WrongTypes,
    /// A reply nested a hundred thousand levels deep, instead of processing.
    Deep,
    /// This text as the exception, with or without a code, instead of processing.
    Exception(String),
    /// This text as the exception, after processing: the call takes effect.
    ExceptionAfter(String),
    /// `{"message": …}` as the exception, instead of processing.
    ExceptionObject(String),
    /// Any JSON as the exception, instead of processing.
    ExceptionJson(Value),
    /// Neither a response nor an exception, after processing.
    Null,
    /// An empty body with status 200, after processing.
    Empty,
    /// The real response together with an exception, after processing.
    ResponseBesideException,
    /// These fields are removed at every depth; an empty list removes all that a deployment may leave out.
    MissingFields(Vec<String>),
    /// `returnCapped` is inverted.
    LieCapped,
    /// Transactions outside the requested range are returned too.
    OutsideRange,
}

/// Name, argument and description of each kind, in the order of the help text.
pub const KINDS: [(&str, &str, &str); 23] = [
    ("reset-before", "", "the connection is reset, nothing processed"),
    ("reset-after", "", "processed, then the connection is reset"),
    ("truncate", "", "body shorter than its length says"),
    ("html", "", "a captive portal's page with status 200"),
    ("http", "=CODE[:SECONDS]", "this HTTP status, with Retry-After"),
    ("hang", "", "never replies, nothing processed"),
    ("hang-after", "", "processed, never replies"),
    ("drip", "", "ten bytes a second"),
    ("huge", "", "a 64 MiB body"),
    ("gzip-bomb", "", "a small body that inflates to 64 MiB"),
    ("redirect", "=URL", "a redirect to URL"),
    ("wrong-types", "", "fields of unexpected types"),
    ("deep", "", "JSON nested 100,000 levels deep"),
    ("exception", "=TEXT", "an exception, such as 9999|oops, nothing processed"),
    ("exception-after", "=TEXT", "processed, then an exception"),
    ("exception-object", "=MESSAGE", "an exception {\"message\": MESSAGE}"),
    ("exception-json", "=JSON", "any JSON as the exception"),
    ("null", "", "neither response nor exception"),
    ("empty", "", "an empty body"),
    ("response-beside-exception", "", "a response and an exception"),
    ("missing-fields", "[=NAME,…]", "replies without these fields"),
    ("lie-capped", "", "returnCapped is wrong"),
    ("outside-range", "", "transactions that were not asked for"),
];

impl FaultKind {
    /// The kind with this name; `None` if the name is unknown or the argument does not fit it.
    pub(super) fn named(name: &str, argument: Option<&str>) -> Option<Self> {
        let text = || argument.map(str::to_owned);
        let kind = match name {
            "http" => return Self::http(argument?),
            "redirect" => return text().map(Self::Redirect),
            "exception" => return text().map(Self::Exception),
            "exception-after" => return text().map(Self::ExceptionAfter),
            "exception-object" => return text().map(Self::ExceptionObject),
            "exception-json" => {
                let value = serde_json::from_str(argument?);
                return value.map(Self::ExceptionJson).ok();
            }
            "missing-fields" => {
                let names = argument.unwrap_or_default().split(',');
                let names = names.filter(|name| !name.is_empty()).map(str::to_owned);
                return Some(Self::MissingFields(names.collect()));
            }
            "reset-before" => Self::ResetBefore,
            "reset-after" => Self::ResetAfter,
            "truncate" => Self::Truncate,
            "html" => Self::Html,
            "hang" => Self::Hang,
            "hang-after" => Self::HangAfter,
            "drip" => Self::Drip,
            "huge" => Self::Huge,
            "gzip-bomb" => Self::GzipBomb,
            "wrong-types" => Self::WrongTypes,
            "deep" => Self::Deep,
            "null" => Self::Null,
            "empty" => Self::Empty,
            "response-beside-exception" => Self::ResponseBesideException,
            "lie-capped" => Self::LieCapped,
            "outside-range" => Self::OutsideRange,
            _ => return None,
        };
        argument.is_none().then_some(kind)
    }

    fn http(argument: &str) -> Option<Self> {
        let (status, retry_after) = match argument.split_once(':') {
            Some((status, seconds)) => (status, Some(seconds.parse().ok()?)),
            None => (argument, None),
        };
        let status = status.parse().ok()?;
        let kind = Self::Http { status, retry_after };
        (200..600).contains(&status).then_some(kind)
    }
}
