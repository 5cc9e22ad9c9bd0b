//! Revokes a device at the service. It only counts as dead once the service has confirmed it.

use std::time::Duration;

use tokio::time::Instant;

use crate::auth::throttle;
use crate::error::{Cause, Error, Result};
use crate::get::client::Client;
use crate::model::time::milliseconds;
use crate::platform::clock::Clock;
use crate::secret::{Device, DeviceId};
use crate::store::entry::CachedSession;

/// How the service confirmed that a device is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// It was revoked by this call.
    Revoked,
    /// A sign-in showed that it does not exist.
    Unknown,
}

/// What revoking needs.
pub struct Revoking<'a> {
    pub client: &'a Client,
    pub clock: &'a dyn Clock,
    /// How long to retry while another device keeps ending the session.
    pub time_limit: Duration,
}

impl Revoking<'_> {
    /// Revokes device `id` in `session`; if the session has ended, signs in as `signer` for a new one. If
    /// `signer` is the device itself, a refused sign-in can prove it dead. Leaves the live session in
    /// `session`.
    ///
    /// # Errors
    /// If the service has not confirmed that the device is dead: the caller must keep it.
    pub async fn revoke(
        &self,
        id: &DeviceId,
        signer: &Device,
        session: &mut Option<CachedSession>,
    ) -> Result<Confirmation> {
        let deadline = Instant::now() + self.time_limit;
        let is_own = signer.id == *id;
        let mut signed_in = false;
        // A session that may still be alive: a refused sign-in does not end it.
        let mut before = None;
        // The service's last refusal to revoke it, and the number of refusals.
        let (mut refusal, mut refusals) = (None, 0);
        let mut ended = 0;
        loop {
            let current = if let Some(session) = session {
                session.clone()
            } else {
                match self.client.authenticate_pin(signer).await {
                    Ok(id) => {
                        (signed_in, before) = (true, None);
                        session.insert(CachedSession { id, obtained_at: self.clock.now() }).clone()
                    }
                    Err(error) if is_own && error.cause().is_unknown_device() => {
                        *session = before;
                        return Ok(Confirmation::Unknown);
                    }
                    Err(error) => return Err(error.into()),
                }
            };
            if let Some(error) = refusal.take().filter(|_| refusals > 1) {
                return Err(Error::from(error));
            }
            match self.client.delete_pin(&current.id, id).await {
                Ok(()) => {
                    if signed_in && is_own {
                        // The session ended with its device.
                        session.take();
                    }
                    return Ok(Confirmation::Revoked);
                }
                Err(error) if error.is_session_ended() => {
                    session.take();
                    ended += 1;
                    let pause = throttle::spacing(current.obtained_at, self.clock.now());
                    // The first time, the session may have ended with the device in a call whose reply was lost.
                    if ended > 1 && Instant::now() + pause >= deadline {
                        return Err(stolen(error.into()));
                    }
                    tracing::debug!(target: "getcard::auth::revoke", pause_ms = milliseconds(pause), "the session was ended by another sign-in");
                    tokio::time::sleep(pause).await;
                }
                // The call may have taken effect anyway: only a sign-in can tell.
                Err(error) if error.is_final() && is_own => {
                    before = session.take();
                    refusals += 1;
                    refusal = Some(error);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// The error of a step that needs a session for longer than another device lets it live.
#[must_use]
pub fn stolen(error: Error) -> Error {
    error
        .edit(|report| {
            report.cause = Cause::SessionStolen;
            "another device keeps ending the session".clone_into(&mut report.message);
        })
        .hint("close the phone app, then try again")
}
