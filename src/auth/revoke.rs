//! Revoking a device at the service: it counts as dead only once the service has confirmed that.

use std::time::Duration;

use tokio::time::Instant;

use crate::auth::throttle;
use crate::error::{Cause, Error, Result};
use crate::get::client::Client;
use crate::platform::clock::Clock;
use crate::secret::{Device, DeviceId};
use crate::store::entry::CachedSession;

/// How the service reported that a device is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// It was revoked now.
    Revoked,
    /// A sign-in showed that there is no such device.
    Unknown,
}

/// What revoking works with.
pub struct Revoking<'a> {
    /// The service.
    pub client: &'a Client,
    /// The time.
    pub clock: &'a dyn Clock,
    /// How long to keep trying while another device keeps ending the session.
    pub time_limit: Duration,
}

impl Revoking<'_> {
    /// Revokes the device `id` with `session`, and signs `signer` in for another session when that one has ended. With
    /// the device itself as the signer, a refused sign-in can prove it dead. Leaves in `session` the one that lives.
    ///
    /// # Errors
    /// Whenever the service has not confirmed that the device is dead: the caller must keep it then.
    pub async fn revoke(
        &self,
        id: &DeviceId,
        signer: &Device,
        session: &mut Option<CachedSession>,
    ) -> Result<Confirmation> {
        let deadline = Instant::now() + self.time_limit;
        let is_own = signer.id == *id;
        let mut signed_in = false;
        // A session that may still live, as a refused sign-in ends none.
        let mut before = None;
        // Why the service did not revoke it, and how often it said so.
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
                        // It ended with its device.
                        session.take();
                    }
                    return Ok(Confirmation::Revoked);
                }
                Err(error) if error.is_session_ended() => {
                    session.take();
                    ended += 1;
                    let pause = throttle::spacing(current.obtained_at, self.clock.now());
                    // The first time, a reply may have been lost and the session have ended with its device.
                    if ended > 1 && Instant::now() + pause >= deadline {
                        return Err(stolen(error.into()));
                    }
                    tracing::debug!(target: "getcard::auth::revoke", ?pause, "the session was ended by another sign-in");
                    tokio::time::sleep(pause).await;
                }
                // It may still have taken effect: only a sign-in can tell.
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

/// The failure of a step that needs a session for longer than another device leaves it.
#[must_use]
pub fn stolen(error: Error) -> Error {
    error
        .edit(|report| {
            report.cause = Cause::SessionStolen;
            "another device keeps ending the session".clone_into(&mut report.message);
        })
        .hint("close the phone app, then try again")
}
