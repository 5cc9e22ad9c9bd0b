//! The web pages: a browser sign-in opens a web session.

use hyper::{Method, Response, StatusCode, Uri};
use jiff::Timestamp;

use crate::sandbox::auth::sessions::Kind;
use crate::sandbox::school::institutions;
use crate::sandbox::server::shared::Shared;
use crate::sandbox::wire::response::{Body, container, html, redirect};

/// The path on which a sign-in ends, below the school's short name.
pub const VALIDATOR: &str = "full/mobileapp_login_validator.php";
/// Stands in for the school's own sign-in page, which is not part of GET.
const SIGN_IN: &str = "full/sandbox_sign_in.php";

pub fn answer(shared: &Shared, method: &Method, uri: &Uri) -> Response<Body> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return container(StatusCode::METHOD_NOT_ALLOWED);
    }
    let path = uri.path().trim_start_matches('/');
    let Some((school, page)) = path.split_once('/') else {
        return container(StatusCode::NOT_FOUND);
    };
    if !institutions::is_known(school) {
        return container(StatusCode::NOT_FOUND);
    }
    match page {
        "full/login.php" => html(
            StatusCode::OK,
            &format!("<h1>GET - {school}</h1><p><a href=\"/{school}/{SIGN_IN}\">Sign in</a></p>"),
        ),
        SIGN_IN => {
            let session = shared.world().sessions.open(Kind::Web, Timestamp::now());
            redirect(&format!("/{school}/{VALIDATOR}?sessionId={session}"))
        }
        VALIDATOR => validator(shared, uri.query().unwrap_or_default()),
        _ => container(StatusCode::NOT_FOUND),
    }
}

fn validator(shared: &Shared, query: &str) -> Response<Body> {
    let session = query.split('&').find_map(|pair| pair.strip_prefix("sessionId=")).unwrap_or_default();
    if shared.world().sessions.is_web(session, Timestamp::now()) {
        html(StatusCode::OK, "<p>validated</p>")
    } else {
        html(StatusCode::OK, "<p>Your sign-in has expired. Please sign in again.</p>")
    }
}
