//! Linking as steps that can be killed between any two: pending device kept → createPIN → authenticatePIN → linked.
//!
//! The entry in the store is written before each call that changes the service, so that whatever happens the next
//! run knows every device that may be alive there. Each step holds the profile's lock.

use crate::auth::session::Session;
use crate::auth::validated_url::Validated;
use crate::error::{Category, Cause, Error, Result};
use crate::get::client::Client;
use crate::get::failure::CallError;
use crate::platform::clock::Clock;
use crate::secret::{Device, DeviceId, SessionId};
use crate::store::entry::{CachedSession, Entry, Link, Pending, Replaced};
use crate::store::entry_store::EntryStore;
use crate::store::lock::LockGuard;

/// What linking works with.
pub struct Linking<'a> {
    /// The service.
    pub client: &'a Client,
    /// The profile's entry.
    pub entry_store: &'a EntryStore,
    /// The time.
    pub clock: &'a dyn Clock,
}

/// What became of a pending device.
pub enum Resumed {
    /// There was none.
    Nothing,
    /// It works, and is the link now.
    Linked,
    /// The service does not know it; it is forgotten.
    Dead,
}

impl Linking<'_> {
    /// Asks the service about a pending device, and finishes or forgets it.
    ///
    /// # Errors
    /// When the service does not say; the device stays pending then.
    pub async fn resume(&self, held: &LockGuard, entry: &mut Entry) -> Result<Resumed> {
        let Some(pending) = entry.pending.clone() else { return Ok(Resumed::Nothing) };
        match self.client.authenticate_pin(&pending.device).await {
            Ok(session) => {
                self.promote(held, entry, pending, session).await?;
                Ok(Resumed::Linked)
            }
            Err(error) if error.is_verdict() => {
                self.forget_pending(held, entry).await?;
                Ok(Resumed::Dead)
            }
            Err(error) => Err(still_pending(error)),
        }
    }

    /// Makes a new device with the session of a web sign-in and links it, in place of any other.
    ///
    /// # Errors
    /// `authentication_error` when the web session is over, with nothing left behind; any failure after which the
    /// device may be alive leaves it pending.
    pub async fn link(
        &self,
        held: &LockGuard,
        entry: &mut Entry,
        validated: &Validated,
        school: Option<String>,
    ) -> Result<()> {
        let device = Device::generate().map_err(|error| Error::new(Cause::Random, error.to_string()))?;
        let pending = Pending { device, school, created_at: self.clock.now() };
        entry.pending = Some(pending.clone());
        self.entry_store.save(held, entry).await?;
        if let Err(error) = self.client.create_pin(&validated.session, &pending.device).await {
            // A repeated call may have been refused because the first one, whose reply was lost, went through.
            let settled = error.is_verdict() && error.attempts == 1 || error.is_unsent();
            if !settled {
                match self.client.authenticate_pin(&pending.device).await {
                    Ok(session) => return self.promote(held, entry, pending, session).await,
                    Err(verdict) if error.is_verdict() && verdict.is_verdict() => {}
                    Err(_) => return Err(still_pending(error)),
                }
            }
            self.forget_pending(held, entry).await?;
            let dead_session = error.category() == Category::Authentication;
            let error = Error::from(error);
            return Err(if dead_session {
                error.hint("the sign-in has run out; run: getcard login")
            } else {
                error
            });
        }
        match self.client.authenticate_pin(&pending.device).await {
            Ok(session) => self.promote(held, entry, pending, session).await,
            Err(error) => Err(still_pending(error)),
        }
    }

    /// Revokes the devices that were replaced; those that the service does not take stay for the next time.
    /// Gives how many are left.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn revoke_replaced(&self, held: &LockGuard) -> Result<usize> {
        let mut entry = self.entry_store.load().await?;
        if !entry.rivals.is_empty() {
            entry.revoke_rivals();
            self.entry_store.save(held, &entry).await?;
        }
        let replaced = entry.to_revoke;
        if replaced.is_empty() {
            return Ok(0);
        }
        let mut left: Vec<Replaced> = Vec::new();
        for device in replaced {
            if let Err(error) = self.revoke(held, &device.id).await {
                tracing::debug!(target: "getcard::link", %error, "not revoked yet");
                left.push(device);
            }
        }
        // Signing in may have changed the entry.
        let mut entry = self.entry_store.load().await?;
        entry.to_revoke = left;
        self.entry_store.save(held, &entry).await?;
        Ok(entry.to_revoke.len())
    }

    /// Revokes a device at the service, in the name of the linked one.
    ///
    /// # Errors
    /// As the call, but a device that the service does not know is revoked already.
    pub async fn revoke(&self, held: &LockGuard, id: &DeviceId) -> Result<()> {
        let session = Session::new(self.client, self.entry_store, self.clock).under(held);
        session
            .call(async |session| match self.client.delete_pin(session, id).await {
                Err(error) if error.is_verdict() && error.category() == Category::Validation => Ok(()),
                result => result,
            })
            .await
    }

    /// Makes a device that has proved itself the link; the one before is to be revoked.
    async fn promote(
        &self,
        held: &LockGuard,
        entry: &mut Entry,
        pending: Pending,
        session: SessionId,
    ) -> Result<()> {
        let now = self.clock.now();
        let link =
            Link { device: pending.device, school: pending.school, linked_at: now, last_validated_at: now };
        if let Some(old) = entry.link.replace(link) {
            entry.to_revoke.push(old.device.into());
        }
        entry.pending = None;
        entry.refusals = None;
        entry.session = Some(CachedSession { id: session, obtained_at: now });
        self.entry_store.save(held, entry).await?;
        Ok(())
    }

    async fn forget_pending(&self, held: &LockGuard, entry: &mut Entry) -> Result<()> {
        entry.pending = None;
        self.entry_store.save(held, entry).await?;
        Ok(())
    }
}

/// The failure of a step after which the new device may be alive.
fn still_pending(error: CallError) -> Error {
    Error::from(error).hint("the new device is kept as pending; finish with: getcard link")
}
