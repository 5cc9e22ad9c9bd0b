//! Applies a fault to one call: to the connection, the HTTP response, or the reply in it.

use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use hyper::{Response, StatusCode};
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

use crate::sandbox::fault::kinds::FaultKind;
use crate::sandbox::fault::{bodies, gzip, spoil};
use crate::sandbox::request_log::Outcome;
use crate::sandbox::wire::envelope::Reply;
use crate::sandbox::wire::response::{Body, JSON_TYPE, full, html, json as json_answer};

/// The nesting depth of `deep`, far beyond the recursion limit of any parser.
const DEPTH: usize = 100_000;

#[derive(Debug)]
pub enum Effect {
    /// The connection is reset.
    Cut,
    /// Nothing is ever sent.
    Hang,
    /// This response is sent; the request log records the outcome.
    Answer(Response<Body>, Outcome),
}

impl Effect {
    /// A reply in the service's own format.
    pub fn reply(reply: &Reply) -> Self {
        Self::Answer(json_answer(reply.text()), Outcome::of(reply))
    }

    fn spoiled(answer: Response<Body>) -> Self {
        Self::Answer(answer, Outcome::Spoiled)
    }
}

/// What `kind` does instead of processing; `None` if the service processes the call first.
pub fn instead(kind: &FaultKind) -> Option<Effect> {
    let exception = |value| {
        let reply = Reply { response: None, exception: to_raw_value(value).ok() };
        Some(Effect::reply(&reply))
    };
    let answer = match kind {
        FaultKind::ResetBefore => return Some(Effect::Cut),
        FaultKind::Hang => return Some(Effect::Hang),
        FaultKind::Html => html(
            StatusCode::OK,
            "<h1>Welcome to CampusGuest</h1><p>Please accept the terms of use to go online.</p>",
        ),
        FaultKind::Http { status, retry_after } => gateway(*status, *retry_after),
        FaultKind::Huge => json_stream(bodies::huge()),
        FaultKind::GzipBomb => {
            let mut answer = json_stream(full(gzip::bomb()));
            answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            answer
        }
        FaultKind::Redirect(url) => redirect(url),
        FaultKind::Deep => {
            let (open, close) = ("[".repeat(DEPTH), "]".repeat(DEPTH));
            json_answer(format!(r#"{{"response":{open}{close},"exception":null}}"#))
        }
        FaultKind::Exception(text) => return exception(&json!(text)),
        FaultKind::ExceptionObject(message) => return exception(&json!({ "message": message })),
        FaultKind::ExceptionJson(value) => return exception(value),
        _ => return None,
    };
    Some(Effect::spoiled(answer))
}

/// Applies `kind` to the reply after the service has processed the call.
pub fn after(kind: &FaultKind, mut reply: Reply) -> Effect {
    let change = |reply: &mut Reply, rule: &dyn Fn(&RawValue) -> Option<Box<RawValue>>| {
        if let Some(changed) = reply.response.as_deref().and_then(rule) {
            reply.response = Some(changed);
        }
    };
    match kind {
        FaultKind::ResetAfter => return Effect::Cut,
        FaultKind::HangAfter => return Effect::Hang,
        FaultKind::Truncate => return Effect::spoiled(sized(reply.text(), bodies::half)),
        FaultKind::Drip => {
            return Effect::Answer(sized(reply.text(), bodies::drip), Outcome::of(&reply));
        }
        FaultKind::Empty => return Effect::spoiled(json_answer(String::new())),
        FaultKind::Null => {
            return Effect::spoiled(json_answer(Reply { response: None, exception: None }.text()));
        }
        FaultKind::ExceptionAfter(text) => {
            reply = Reply { response: None, exception: to_raw_value(text).ok() };
        }
        FaultKind::ResponseBesideException => {
            reply.exception = to_raw_value("9999|Internal server error").ok();
        }
        FaultKind::WrongTypes => change(&mut reply, &spoil::wrong_types),
        FaultKind::MissingFields(names) => change(&mut reply, &|raw| spoil::without(raw, names)),
        FaultKind::LieCapped => change(&mut reply, &spoil::lie_capped),
        _ => {}
    }
    Effect::reply(&reply)
}

/// A gateway's own error page, without the service's envelope.
fn gateway(status: u16, retry_after: Option<u64>) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let reason = status.canonical_reason().unwrap_or("Error");
    let mut answer = html(status, &format!("<h1>{} {reason}</h1>", status.as_u16()));
    if let Some(seconds) = retry_after {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

fn redirect(url: &str) -> Response<Body> {
    let mut answer = html(StatusCode::FOUND, "<h1>302 Found</h1>");
    // A URL that is not a valid header value gives a redirect without a location, which is a fault too.
    if let Ok(url) = HeaderValue::from_str(url) {
        answer.headers_mut().insert(LOCATION, url);
    }
    answer
}

/// A reply that announces the full length of `text` but sends the body that `send` makes of it.
fn sized(text: String, send: impl Fn(String) -> Body) -> Response<Body> {
    let length = HeaderValue::from(text.len());
    let mut answer = json_stream(send(text));
    answer.headers_mut().insert(CONTENT_LENGTH, length);
    answer
}

fn json_stream(body: Body) -> Response<Body> {
    let mut answer = Response::new(body);
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(JSON_TYPE));
    answer
}
