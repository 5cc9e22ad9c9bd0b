//! HTTP responses: JSON replies, web pages and the container's error pages.

use std::io;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::{Response, StatusCode};

pub type Body = BoxBody<Bytes, io::Error>;

pub const JSON_TYPE: &str = "application/json;charset=UTF-8";
const HTML_TYPE: &str = "text/html;charset=UTF-8";

/// A body of known length, sent in one write with its header.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed()
}

/// A JSON response with status 200, which the service also uses for failures.
pub fn json(text: String) -> Response<Body> {
    typed(StatusCode::OK, JSON_TYPE, text)
}

/// A page with `content` in its body.
pub fn html(status: StatusCode, content: &str) -> Response<Body> {
    let page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>GET</title></head><body>{content}</body></html>\n"
    );
    typed(status, HTML_TYPE, page)
}

/// The error page of the container in front of the application.
pub fn container(status: StatusCode) -> Response<Body> {
    let reason = status.canonical_reason().unwrap_or("Error");
    html(status, &format!("<h1>HTTP Status {} - {reason}</h1>", status.as_u16()))
}

/// A redirect within the site.
pub fn redirect(path: &str) -> Response<Body> {
    let mut answer = container(StatusCode::FOUND);
    if let Ok(path) = HeaderValue::from_str(path) {
        answer.headers_mut().insert(LOCATION, path);
    }
    answer
}

fn typed(status: StatusCode, content_type: &'static str, text: String) -> Response<Body> {
    let mut answer = Response::new(full(text));
    *answer.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    answer.headers_mut().insert(CONTENT_TYPE, content_type);
    answer
}
