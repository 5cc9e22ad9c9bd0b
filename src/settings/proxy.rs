//! Checks the proxy from the environment: a malformed one is an error, never a direct connection.

use hyper::Uri;

use crate::error::{Cause, Error, Result};

/// The variables that name the proxy for an https service.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Checks the variables; they may all be unset.
///
/// # Errors
/// `Cause::Usage` with the name of the variable, but not its value, which may contain a password.
pub fn check() -> Result<()> {
    for name in VARIABLES {
        let Some(value) = std::env::var_os(name).filter(|value| !value.is_empty()) else { continue };
        if !value.to_str().is_some_and(is_proxy) {
            return Err(Error::new(Cause::Usage, format!("{name} is not the URL of a proxy"))
                .hint(format!("set {name} to a URL such as http://proxy.example:3128, or unset it")));
        }
    }
    Ok(())
}

fn is_proxy(value: &str) -> bool {
    let Ok(uri) = value.parse::<Uri>() else { return false };
    let scheme = uri.scheme_str().unwrap_or("http");
    let Some(authority) = uri.authority() else { return false };
    let (host, port) = (authority.host(), authority.port_u16());
    let has_port = authority.as_str().rsplit_once(host).is_some_and(|(_, rest)| !rest.is_empty());
    matches!(scheme, "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h")
        && !host.is_empty()
        && (port.is_some() || !has_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_and_hosts_are_proxies() {
        for value in [
            "http://proxy:3128",
            "https://user:pass@proxy.example:3128/",
            "proxy:3128",
            "proxy",
            "http://[::1]:3128",
            "socks5://127.0.0.1:9050",
        ] {
            assert!(is_proxy(value), "{value}");
        }
        for value in
            ["http//proxy:3128", "htp://proxy", "http://", "http://proxy:port", "/proxy", "a b", ":3128"]
        {
            assert!(!is_proxy(value), "{value}");
        }
    }
}
