//! The service's base URL, which must be safe for sending secrets, and the origin that credentials belong to.

use std::str::FromStr;

use reqwest::Url;
use serde::Serialize;

/// The default base URL.
pub const DEFAULT: &str = "https://services.get.cbord.com/GETServices/services/json";
/// The default sign-in page, as a template.
const DEFAULT_LOGIN: &str = "https://get.cbord.com/{school}/full/login.php?mobileapp=1";

/// What kind of service getcard talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The real service.
    Production,
    /// A service on this machine, such as a sandbox.
    Sandbox,
    /// Any service, with credentials that are not stored.
    Ephemeral,
}

impl Mode {
    /// The name in machine-readable output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
            Self::Ephemeral => "ephemeral",
        }
    }
}

/// A base URL: https, or http to this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

/// Why a text is not a valid [`Endpoint`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    #[error("not a URL: {0}")]
    NotAUrl(String),
    /// It would send secrets unencrypted, or has no host.
    #[error("the API URL must be https; http is allowed only for this machine (localhost, 127.0.0.1, [::1])")]
    Insecure,
    /// It has components that do not belong in a base URL.
    #[error("the API URL must not have a user, password, query, or fragment")]
    Decorated,
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let url = Url::parse(text).map_err(|error| EndpointError::NotAUrl(error.to_string()))?;
        let decorated = !url.username().is_empty() || url.password().is_some();
        if decorated || url.query().is_some() || url.fragment().is_some() {
            return Err(EndpointError::Decorated);
        }
        match url.scheme() {
            "https" if url.has_host() => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            _ => Err(EndpointError::Insecure),
        }
    }
}

impl Endpoint {
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Scheme, host and port, which credentials are bound to.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Returns whether the service is on this machine.
    #[must_use]
    pub fn is_sandbox(&self) -> bool {
        is_loopback(&self.0)
    }

    /// The sign-in page of a school, from a template with `{school}`. The default is the service's own page,
    /// or for a sandbox the sandbox's, because a sign-in at one is useless for the other.
    #[must_use]
    pub fn login_url(&self, template: Option<&str>, school: &str) -> String {
        let template = match template {
            Some(template) => template.to_owned(),
            None if self.is_sandbox() => format!("{}/{{school}}/full/login.php?mobileapp=1", self.origin()),
            None => DEFAULT_LOGIN.to_owned(),
        };
        template.replace("{school}", school)
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_loopback_are_accepted() {
        for text in
            [DEFAULT, "https://x.org", "http://127.0.0.1:81/a", "http://localhost", "http://[::1]:9/x"]
        {
            assert!(text.parse::<Endpoint>().is_ok(), "{text}");
        }
    }

    #[test]
    fn insecure_urls_are_refused() {
        let refused = |text: &str| text.parse::<Endpoint>().unwrap_err();
        for text in
            ["http://services.get.cbord.com", "http://localhost.evil.org", "http://10.0.0.1", "ftp://x"]
        {
            assert_eq!(refused(text), EndpointError::Insecure, "{text}");
        }
        assert_eq!(refused("https://user:pw@x.org"), EndpointError::Decorated);
        assert_eq!(refused("https://x.org?sessionId=1"), EndpointError::Decorated);
        assert!(matches!(refused("services.get.cbord.com"), EndpointError::NotAUrl(_)));
    }

    #[test]
    fn an_origin_has_no_path_and_no_default_port() {
        assert_eq!("https://X.org:443/a/b".parse::<Endpoint>().unwrap().origin(), "https://x.org");
        assert_eq!("http://127.0.0.1:81/a".parse::<Endpoint>().unwrap().origin(), "http://127.0.0.1:81");
    }

    #[test]
    fn each_service_has_its_own_login_page() {
        let service: Endpoint = DEFAULT.parse().unwrap();
        assert_eq!(service.login_url(None, "ucsc"), "https://get.cbord.com/ucsc/full/login.php?mobileapp=1");
        let sandbox: Endpoint = "http://127.0.0.1:81/x".parse().unwrap();
        assert_eq!(sandbox.login_url(None, "ucsc"), "http://127.0.0.1:81/ucsc/full/login.php?mobileapp=1");
        assert_eq!(sandbox.login_url(Some("https://sso/{school}"), "a"), "https://sso/a");
    }
}
