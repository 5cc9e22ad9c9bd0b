//! Signing in: how a device is linked, how its session is renewed, and when no more sign-ins are made.

pub mod link;
pub mod qr;
pub mod session;
pub mod throttle;
pub mod validated_url;
