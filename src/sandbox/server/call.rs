//! One HTTP call: the container's checks, then the envelope, the faults and the method.

use std::future::pending;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, ALLOW, CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Uri};
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::sandbox::application;
use crate::sandbox::fault::{self, Effect, FaultKind};
use crate::sandbox::request_log::{self, Outcome};
use crate::sandbox::server::shared::Shared;
use crate::sandbox::server::{origin, report};
use crate::sandbox::wire::call::Call;
use crate::sandbox::wire::envelope::{self, Reply};
use crate::sandbox::wire::exception::Exception;
use crate::sandbox::wire::names::{CONTROL, SERVICES};
use crate::sandbox::wire::response::{Body, container};

/// The path prefix of the services.
pub const BASE: &str = "/GETServices/services/json";
/// Far more than any valid call needs.
const MAX_BODY: usize = 1024 * 1024;

/// The service named by a path under [`BASE`], existing or not.
pub fn service(uri: &Uri) -> Option<String> {
    let service = uri.path().strip_prefix(BASE)?.strip_prefix('/')?;
    Some(service.to_owned())
}

pub async fn answer(
    shared: &Shared,
    cut: &Notify,
    service: &str,
    request: Request<Incoming>,
) -> Response<Body> {
    let open = |answer| if service == CONTROL { answer } else { origin::open_to_all(answer) };
    if let Some(answer) = rejected(shared, service, &request) {
        report::request(request.method(), request.uri(), answer.status());
        return open(answer);
    }
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        report::request(&head.method, &head.uri, StatusCode::PAYLOAD_TOO_LARGE);
        return open(container(StatusCode::PAYLOAD_TOO_LARGE));
    };
    match process(shared, service, &head.headers, body.to_bytes()).await {
        Effect::Answer(answer, _) => open(answer),
        Effect::Hang => pending().await,
        Effect::Cut => {
            cut.notify_one();
            // Dropped together with the connection.
            pending().await
        }
    }
}

/// The reply to a request that is not a call: a CORS preflight or a refusal.
fn rejected(shared: &Shared, service: &str, request: &Request<Incoming>) -> Option<Response<Body>> {
    if service == CONTROL && !origin::is_own(request.headers()) {
        return Some(container(StatusCode::FORBIDDEN));
    }
    if service != CONTROL && request.method() == Method::OPTIONS {
        return Some(origin::preflight(request.headers()));
    }
    let status = refusal(shared, service, request)?;
    let mut answer = container(status);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    Some(answer)
}

/// The requests that the servlet container refuses with an error page of its own before the application sees
/// them. The real service's status is not known in every case; what is known is that it is not an envelope.
fn refusal(shared: &Shared, service: &str, request: &Request<Incoming>) -> Option<StatusCode> {
    if service != CONTROL && !SERVICES.contains(&service) && !shared.world().replay.knows(service) {
        return Some(StatusCode::NOT_FOUND);
    }
    if request.method() != Method::POST {
        return Some(StatusCode::METHOD_NOT_ALLOWED);
    }
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let media_type = text(CONTENT_TYPE).and_then(|value| value.split(';').next());
    if !media_type.is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json")) {
        return Some(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let accepts = ["application/json", "application/*", "*/*"];
    let wanted = text(ACCEPT).unwrap_or("*/*").to_ascii_lowercase();
    let acceptable = accepts.iter().any(|media_type| wanted.contains(media_type));
    (!acceptable).then_some(StatusCode::NOT_ACCEPTABLE)
}

/// Logs a call, processes it and logs its outcome.
async fn process(shared: &Shared, service: &str, headers: &HeaderMap, body: Bytes) -> Effect {
    let start = Instant::now();
    let request = envelope::Request::read(&serde_json::from_slice(&body).unwrap_or_default());
    let method = request.as_ref().map(|request| request.method.clone()).unwrap_or_default();
    let name = format!("{service}.{method}");
    if service == CONTROL {
        let reply = reply(shared, service, request, false);
        report::call(name, Some(200), &Outcome::of(&reply), start);
        return Effect::reply(&reply);
    }
    let number = shared.world().log.begin(request_log::Request {
        service: service.to_owned(),
        method: method.clone(),
        body,
        headers: pairs(headers),
        at: Timestamp::now(),
        status: None,
        outcome: Outcome::Unanswered,
    });
    let effect = apply_fault(shared, service, &method, request).await;
    let (status, outcome) = match &effect {
        Effect::Answer(answer, outcome) => (Some(answer.status().as_u16()), outcome.clone()),
        Effect::Hang | Effect::Cut => (None, Outcome::Unanswered),
    };
    report::call(name, status, &outcome, start);
    shared.world().log.end(number, status, outcome);
    effect
}

/// Processes a call, or replays its recording, under the fault that applies to it.
async fn apply_fault(
    shared: &Shared,
    service: &str,
    method: &str,
    request: Option<envelope::Request>,
) -> Effect {
    let (fault, latency) = {
        let mut world = shared.world();
        (world.faults.next_fault(service, method), world.latency)
    };
    if let Some(effect) = fault.as_ref().and_then(fault::instead) {
        return effect;
    }
    if latency > Duration::ZERO {
        sleep(latency).await;
    }
    let recorded = shared.world().replay.next(service, method);
    let reply = match (recorded, &fault) {
        (Some(recorded), None) => return Effect::Answer(recorded.http(), Outcome::of(&recorded.reply)),
        (Some(recorded), Some(_)) => recorded.reply,
        (None, _) => reply(shared, service, request, fault == Some(FaultKind::OutsideRange)),
    };
    match fault {
        Some(kind) => fault::after(&kind, reply),
        None => Effect::reply(&reply),
    }
}

fn reply(shared: &Shared, service: &str, request: Option<envelope::Request>, strays: bool) -> Reply {
    let Some(request) = request else { return Reply::of(Err(Exception::unparsable())) };
    let (method, params) = (&request.method, &request.params);
    let call = Call { service, method, params, now: Timestamp::now(), strays };
    application::process(&mut shared.world(), &call)
}

fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}
