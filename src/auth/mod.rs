//! Signing in: how a device is linked and revoked, how its session is renewed, and when no more sign-ins are made.

pub(crate) mod link;
pub(crate) mod payload_limiter;
pub(crate) mod qr;
pub(crate) mod revoke;
pub(crate) mod session;
pub(crate) mod throttle;
pub mod validated_url;
