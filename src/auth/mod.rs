//! Authentication: linking and revoking devices, renewing sessions, and limiting sign-ins.

pub(crate) mod link;
pub(crate) mod payload_limiter;
pub(crate) mod qr;
pub(crate) mod revoke;
pub(crate) mod session;
pub(crate) mod throttle;
pub mod validated_url;
