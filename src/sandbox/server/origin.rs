//! CORS: pages of any origin may call the service, but only its own pages may control it.

use std::net::IpAddr;

use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN,
};
use hyper::http::uri::Authority;
use hyper::{Response, StatusCode};

use crate::sandbox::wire::response::{Body, full};

/// Lets pages of any origin read a response, as the real service does.
pub fn open_to_all(mut answer: Response<Body>) -> Response<Body> {
    answer.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    answer
}

/// The response to a CORS preflight request.
pub fn preflight(asked: &HeaderMap) -> Response<Body> {
    let mut answer = Response::new(full(""));
    *answer.status_mut() = StatusCode::NO_CONTENT;
    let headers = answer.headers_mut();
    let wanted = asked.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let wanted = wanted.unwrap_or(HeaderValue::from_static("accept, content-type"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    answer
}

/// Returns whether a request was addressed to this machine and does not come from a page of another origin.
/// The `Host` header exposes a page whose name was rebound to this address (DNS rebinding).
pub fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let Some(host) = text(&HOST).filter(|host| is_loopback(host)) else { return false };
    text(&ORIGIN).is_none_or(|origin| {
        let named = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        named.is_some_and(|named| named.eq_ignore_ascii_case(host))
    })
}

fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host();
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_own;
    use hyper::header::{HOST, HeaderMap, ORIGIN};

    fn own(host: Option<&'static str>, origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.extend(host.map(|host| (HOST, host.parse().unwrap())));
        headers.extend(origin.map(|origin| (ORIGIN, origin.parse().unwrap())));
        is_own(&headers)
    }

    #[test]
    fn only_loopback_hosts_are_own() {
        for host in ["127.0.0.1:8417", "127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:8417", "127.8.9.1:1"] {
            assert!(own(Some(host), None), "{host}");
        }
        for host in ["evil.example:8417", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", ""]
        {
            assert!(!own(Some(host), None), "{host}");
        }
        assert!(!own(None, None));
    }

    #[test]
    fn only_own_origins_may_control_the_sandbox() {
        let host = Some("127.0.0.1:8417");
        assert!(own(host, Some("http://127.0.0.1:8417")));
        for origin in ["http://127.0.0.1:8418", "http://localhost:8417", "http://evil.example", "null"] {
            assert!(!own(host, Some(origin)), "{origin}");
        }
    }
}
