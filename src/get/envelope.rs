//! The JSON envelope: `{"method","params"}` out, `{"response","exception"}` back.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::exception::Exception;
use super::failure::Failure;
use super::transport::{HttpReply, TransportError};

#[derive(Serialize)]
struct Request<'a, P> {
    method: &'a str,
    params: &'a P,
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow, default)]
    response: Option<&'a RawValue>,
    #[serde(borrow, default)]
    exception: Option<&'a RawValue>,
}

/// Serializes a request body, which may contain secrets.
pub fn request<P: Serialize>(method: &str, params: &P) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
    // Large enough for any request: growing the buffer would leave unwiped copies behind.
    let mut body = Zeroizing::new(Vec::with_capacity(1024));
    serde_json::to_writer(&mut *body, &Request { method, params })?;
    Ok(body)
}

/// Returns the response in a reply as JSON text, or `null`. A response next to an exception is ignored.
pub fn response(reply: &HttpReply) -> Result<&str, Failure> {
    if !(200..300).contains(&reply.status) {
        return Err(Failure::Status { status: reply.status, retry_after: reply.retry_after });
    }
    let body = reply.body.trim_ascii();
    if reply.media_type.as_deref() == Some("text/html") || body.first() == Some(&b'<') {
        return Err(Failure::WebPage);
    }
    if body.is_empty() {
        return Err(Failure::Transport(TransportError::CutShort("it is empty".to_owned())));
    }
    let malformed =
        |problem: &str| Failure::Shape { field: "the envelope".to_owned(), problem: problem.to_owned() };
    if body[0] != b'{' {
        return Err(malformed("not a JSON object"));
    }
    let parsed: Reply<'_> = serde_json::from_slice(body).map_err(|error| {
        if error.is_eof() {
            Failure::Transport(TransportError::CutShort("it ends in the middle".to_owned()))
        } else {
            malformed("malformed JSON")
        }
    })?;
    match (parsed.exception, parsed.response) {
        (Some(exception), _) => Err(Failure::Exception(Exception::read(exception))),
        (None, Some(response)) => Ok(response.get()),
        (None, None) => Ok("null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    fn reply(body: &[u8]) -> HttpReply {
        HttpReply {
            status: 200,
            media_type: Some("application/json".to_owned()),
            retry_after: None,
            date: None,
            headers: Vec::new(),
            body: Zeroizing::new(body.to_vec()),
        }
    }

    fn outcome(body: &str) -> Result<String, Failure> {
        response(&reply(body.as_bytes())).map(ToOwned::to_owned)
    }

    #[test]
    fn a_request_has_method_and_params() {
        let body = request("retrieveAccounts", &serde_json::json!({"sessionId": "x"})).unwrap();
        assert_eq!(&body[..], br#"{"method":"retrieveAccounts","params":{"sessionId":"x"}}"#);
    }

    #[test]
    fn a_response_is_any_json() {
        for json in ["true", "\"abc\"", "{\"accounts\":[1.10]}", "[]", "12.350"] {
            assert_eq!(outcome(&format!("{{\"response\":{json},\"exception\":null}}")).unwrap(), json);
        }
        assert_eq!(outcome("{\"response\":null}").unwrap(), "null");
        assert_eq!(outcome(" {\"exception\":null} ").unwrap(), "null");
    }

    #[test]
    fn an_exception_wins_over_a_response() {
        let failure = outcome(r#"{"response":true,"exception":"4001|Session not found"}"#).unwrap_err();
        let Failure::Exception(exception) = failure else { panic!("{failure:?}") };
        assert_eq!(exception.code.as_deref(), Some("4001"));
    }

    #[test]
    fn invalid_envelopes_are_classified() {
        let cut = |body| matches!(outcome(body), Err(Failure::Transport(TransportError::CutShort(_))));
        assert!(cut(""));
        assert!(cut("{\"response\":{\"accounts\":["));
        assert!(matches!(outcome("<html>"), Err(Failure::WebPage)));
        for body in ["[]", "true", "{\"response\" 1}", "garbage"] {
            assert!(matches!(outcome(body), Err(Failure::Shape { .. })), "{body}");
        }
        let deep = format!("{{\"exception\":{}{}}}", "[".repeat(9_999), "]".repeat(9_999));
        let Err(Failure::Exception(exception)) = outcome(&deep) else { panic!("no exception") };
        assert_eq!(exception.message, "an exception of 19998 bytes");
    }

    proptest! {
        #[test]
        fn no_body_panics(body in any::<Vec<u8>>()) {
            let _ = response(&reply(&body));
        }
    }
}
