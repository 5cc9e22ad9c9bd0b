//! Links a device in crash-safe steps: save it as pending → createPIN → authenticatePIN → linked.
//!
//! The stored entry is written before each call that changes the service, so that the next run knows every
//! device that may be alive there, whatever happens. All steps hold the profile's lock.

use std::time::Duration;

use crate::auth::revoke::{Confirmation, Revoking};
use crate::auth::validated_url::Validated;
use crate::auth::{session, throttle};
use crate::error::{Category, Cause, Error, Result};
use crate::get::client::Client;
use crate::get::failure::CallError;
use crate::platform::clock::Clock;
use crate::secret::{Device, SessionId};
use crate::store::entry::{CachedSession, Entry, Link, Pending, Replaced};
use crate::store::entry_store::EntryStore;
use crate::store::lock::LockGuard;

/// What linking needs.
pub struct Linking<'a> {
    pub client: &'a Client,
    /// The profile's entry.
    pub entry_store: &'a EntryStore,
    pub clock: &'a dyn Clock,
    /// How long to retry while another device keeps ending the session.
    pub time_limit: Duration,
}

/// The result of resuming a pending device.
pub enum Resumed {
    /// No device was pending.
    Nothing,
    /// It works and is now the link.
    Linked,
    /// The service does not know it; it was discarded.
    Dead,
}

impl Linking<'_> {
    /// Finishes or discards a pending device, depending on the service's answer. It is only discarded if the
    /// service says that there is no such device.
    ///
    /// # Errors
    /// If the service gives no clear answer; the device stays pending.
    pub async fn resume(&self, held: &LockGuard, entry: &mut Entry) -> Result<Resumed> {
        let Some(pending) = entry.pending.clone() else { return Ok(Resumed::Nothing) };
        match self.client.authenticate_if_known(&pending.device).await {
            Ok(Some(session)) => {
                self.promote(held, entry, pending, session).await?;
                Ok(Resumed::Linked)
            }
            Ok(None) => {
                self.forget_pending(held, entry).await?;
                Ok(Resumed::Dead)
            }
            Err(error) => Err(still_pending(error)),
        }
    }

    /// Creates a new device in a web session and links it, replacing any other.
    ///
    /// # Errors
    /// `authentication_error` if the web session has ended; nothing is left behind. Any failure after which
    /// the device may be alive leaves it pending.
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
            // Whatever the failure, the call may have taken effect: only a sign-in can tell.
            if !error.is_unsent() {
                match self.client.authenticate_if_known(&pending.device).await {
                    Ok(Some(session)) => return self.promote(held, entry, pending, session).await,
                    Ok(None) => {}
                    Err(_) => return Err(still_pending(error)),
                }
            }
            self.forget_pending(held, entry).await?;
            let dead_session = error.category() == Category::Authentication;
            let error = Error::from(error);
            let again = if entry.link.is_some() { "getcard login --replace" } else { "getcard login" };
            return Err(if dead_session {
                error.hint(format!("the sign-in has expired; run: {again}"))
            } else {
                error
            });
        }
        match self.client.authenticate_pin(&pending.device).await {
            Ok(session) => self.promote(held, entry, pending, session).await,
            Err(error) => Err(still_pending(error)),
        }
    }

    /// Revokes the replaced devices, keeping those not confirmed dead for the next run. Returns the first failure.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn revoke_replaced(&self, held: &LockGuard, entry: &mut Entry) -> Result<Option<Error>> {
        if !entry.duplicates.is_empty() {
            // Which duplicate's device works is only known after one of them has signed in.
            match session::sign_in(self.client, self.entry_store, self.clock, held, entry).await {
                Err(error) if !error.cause().is_some_and(Cause::is_unknown_device) => return Ok(Some(error)),
                _ => {}
            }
        }
        if entry.to_revoke.is_empty() {
            return Ok(None);
        }
        let mut left = Vec::new();
        let mut failure: Option<Error> = None;
        let mut session = entry.session.take();
        for replaced in std::mem::take(&mut entry.to_revoke) {
            // The same failure would affect all of them.
            if failure.as_ref().is_some_and(|error| error.category() == Some(Category::TransientUpstream)) {
                left.push(replaced);
            } else if let Err(error) = self.revoke(&replaced, entry.link.as_ref(), &mut session).await {
                tracing::debug!(target: "getcard::auth::link", %error, "not revoked yet");
                failure.get_or_insert(error);
                left.push(replaced);
            }
        }
        entry.to_revoke = left;
        entry.session = session;
        self.entry_store.save(held, entry).await?;
        Ok(failure)
    }

    /// Revokes the linked device but keeps it in the entry; `None` if there is none.
    ///
    /// # Errors
    /// If it is not confirmed dead, or the store fails.
    pub async fn revoke_link(&self, held: &LockGuard, entry: &mut Entry) -> Result<Option<Confirmation>> {
        let Some(device) = entry.link.as_ref().map(|link| link.device.clone()) else { return Ok(None) };
        let mut session = entry.session.take();
        let result = self.revoking().revoke(&device.id, &device, &mut session).await;
        if let Err(error) = &result {
            entry.session = session;
            if error.cause().is_some_and(|cause| matches!(cause, Cause::SignInRefused { .. })) {
                entry.refusals = Some(throttle::record_refusal(entry.refusals, self.clock.now()));
            }
            self.entry_store.save(held, entry).await?;
        }
        result.map(Some)
    }

    /// Revokes a replaced device with its own sign-in, or without its PIN, with the link's.
    async fn revoke(
        &self,
        replaced: &Replaced,
        link: Option<&Link>,
        session: &mut Option<CachedSession>,
    ) -> Result<Confirmation> {
        let signer = replaced.device().or_else(|| link.map(|link| link.device.clone()));
        let signer = signer.ok_or_else(Error::not_linked)?;
        self.revoking().revoke(&replaced.id, &signer, session).await
    }

    fn revoking(&self) -> Revoking<'_> {
        Revoking { client: self.client, clock: self.clock, time_limit: self.time_limit }
    }

    /// Makes a device that has signed in the link, and queues the previous one for revocation.
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

/// The error of a step after which the new device may be alive.
fn still_pending(error: CallError) -> Error {
    Error::from(error).hint(
        "the new device is pending; to finish linking, run: getcard link, or to discard it: getcard unlink --local",
    )
}
