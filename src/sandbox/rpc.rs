//! One call over HTTP: what the container asks of a request, then the envelope, the faults, the method.

use std::future::pending;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{ACCEPT, ALLOW, CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Uri};
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::time::sleep;

use super::answer::{Body, container, json};
use super::envelope::{self, Reply};
use super::exception::Exception;
use super::fault::{self, Effect, FaultKind};
use super::log::Recorded;
use super::methods::{CONTROL, SERVICES};
use super::server::Shared;
use super::world::Call;

/// Where the services are.
pub(super) const BASE: &str = "/GETServices/services/json";
/// No call is near this long.
const LONGEST_BODY: usize = 1024 * 1024;

/// The service that a path under [`BASE`] names, known or not.
pub(super) fn service(uri: &Uri) -> Option<String> {
    let service = uri.path().strip_prefix(BASE)?.strip_prefix('/')?;
    Some(service.to_owned())
}

/// Answers a request to `service`.
pub(super) async fn answer(
    shared: &Shared,
    cut: &Notify,
    service: &str,
    request: Request<Incoming>,
) -> Response<Body> {
    if let Some(status) = refusal(service, &request) {
        let mut answer = container(status);
        if status == StatusCode::METHOD_NOT_ALLOWED {
            let allow = HeaderValue::from_static("POST");
            answer.headers_mut().insert(ALLOW, allow);
        }
        return answer;
    }
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LONGEST_BODY).collect().await else {
        return container(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let body: Value = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
    let request = envelope::Request::read(&body);
    let recorded = Recorded {
        service: service.to_owned(),
        method: request.as_ref().map(|request| request.method.clone()).unwrap_or_default(),
        body,
        headers: headers(&head.headers),
        at: Timestamp::now(),
    };
    match process(shared, recorded, request).await {
        Effect::Answer(answer) => answer,
        Effect::Hang => pending().await,
        Effect::Cut => {
            cut.notify_one();
            // The connection goes, and this with it.
            pending().await
        }
    }
}

/// What the servlet container refuses before the application sees it, with a page of its own: the
/// protocol's "statuses from gateways". Which it would be is not known of the real service in every
/// case; that it is no envelope is.
fn refusal(service: &str, request: &Request<Incoming>) -> Option<StatusCode> {
    if service != CONTROL && !SERVICES.contains(&service) {
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

/// Records a call, lets a fault meet it, and has it done.
async fn process(shared: &Shared, recorded: Recorded, request: Option<envelope::Request>) -> Effect {
    let service = recorded.service.clone();
    let (fault, latency) = {
        let mut world = shared.world();
        if service == CONTROL {
            (None, std::time::Duration::ZERO)
        } else {
            let fault = world.faults.strike(&recorded.method);
            world.log.record(recorded);
            (fault, world.latency)
        }
    };
    if let Some(effect) = fault.as_ref().and_then(fault::instead) {
        return effect;
    }
    if !latency.is_zero() {
        sleep(latency).await;
    }
    let reply = match request {
        None => Reply::of(Err(Exception::unparsable())),
        Some(request) => shared.world().call(&Call {
            service: &service,
            method: &request.method,
            params: &request.params,
            now: Timestamp::now(),
            strays: fault == Some(FaultKind::OutsideRange),
        }),
    };
    match fault {
        Some(kind) => fault::after(&kind, reply),
        None => Effect::Answer(json(reply.text())),
    }
}

fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let pairs = headers.iter();
    pairs.map(|(name, value)| (name.to_string(), text(value))).collect()
}
