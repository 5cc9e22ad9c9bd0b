//! A signed-in client: uses the cached session and renews it when it has ended, one process at a time.

use std::borrow::Cow;
use std::cell::RefCell;

use tokio::sync::Mutex;

use crate::auth::throttle::{self, RELINK};
use crate::error::{Cause, Error, Result};
use crate::get::client::{CallResult, Client};
use crate::platform::clock::Clock;
use crate::secret::SessionId;
use crate::store::entry::{CachedSession, Entry};
use crate::store::entry_store::EntryStore;
use crate::store::lock::LockGuard;

/// Makes calls on behalf of the linked device.
pub struct Session<'a> {
    client: &'a Client,
    entry_store: &'a EntryStore,
    clock: &'a dyn Clock,
    current: RefCell<Option<SessionId>>,
    /// Makes concurrent calls share one sign-in.
    signing_in: Mutex<()>,
}

impl<'a> Session<'a> {
    /// Uses the session in the store, which is read on the first call.
    #[must_use]
    pub fn new(client: &'a Client, entry_store: &'a EntryStore, clock: &'a dyn Clock) -> Self {
        Self { client, entry_store, clock, current: RefCell::new(None), signing_in: Mutex::new(()) }
    }

    /// Uses a session that the caller has already loaded.
    #[must_use]
    pub fn with_session(self, session: Option<SessionId>) -> Self {
        self.current.replace(session);
        self
    }

    /// Makes a call with a session. If the service says that the session has ended, signs in and repeats the
    /// call once.
    ///
    /// # Errors
    /// `authentication_error` if nothing is linked or the credentials no longer work; otherwise the call's
    /// error.
    pub async fn call<T>(&self, call: impl AsyncFn(&SessionId) -> CallResult<T>) -> Result<T> {
        let (mut session, mut signed_in_here) = self.session(None).await?;
        loop {
            match call(&session).await {
                Err(error) if error.is_session_ended() && signed_in_here => {
                    return Err(Error::from(error).hint(
                        "another device keeps ending the session; close the phone app, then try again",
                    ));
                }
                Err(error) if error.is_session_ended() => {
                    tracing::debug!(target: "getcard::auth::session", "the session has ended");
                    (session, signed_in_here) = self.session(Some(&session)).await?;
                }
                result => return result.map_err(Error::from),
            }
        }
    }

    /// A session other than `ended`, and whether this process had to sign in for it.
    async fn session(&self, ended: Option<&SessionId>) -> Result<(SessionId, bool)> {
        let usable = |session: &SessionId| Some(session) != ended;
        if let Some(session) = self.current.borrow().clone().filter(usable) {
            return Ok((session, false));
        }
        if ended.is_none() {
            let entry = self.entry_store.load().await?;
            if let Some(cached) = entry.session {
                self.current.replace(Some(cached.id.clone()));
                return Ok((cached.id, false));
            }
            if entry.link.is_none() {
                return Err(match entry.pending {
                    Some(_) => Error::not_linked().hint("finish linking with: getcard link"),
                    None => Error::not_linked(),
                });
            }
        }
        let _alone = self.signing_in.lock().await;
        if let Some(session) = self.current.borrow().clone().filter(usable) {
            return Ok((session, false));
        }
        let held = self.entry_store.lock().await?;
        let mut entry = self.entry_store.load().await?;
        let cached = entry.session.as_ref().map(|cached| cached.id.clone()).filter(usable);
        let (session, signed_in) = if let Some(session) = cached {
            (session, false)
        } else {
            if entry.link.is_some() {
                tokio::time::sleep(throttle::before_sign_in(&entry, self.clock.now())?).await;
            }
            (sign_in(self.client, self.entry_store, self.clock, &held, &mut entry).await?, true)
        };
        self.current.replace(Some(session.clone()));
        Ok((session, signed_in))
    }
}

/// Adds a hint to the error of a sign-in.
#[must_use]
pub fn refused(error: Error) -> Error {
    let hint = match error.cause() {
        Some(cause) if cause.is_unknown_device() => Cow::Owned(format!(
            "the device was revoked, reported lost, or replaced by a sign-in elsewhere such as in the phone app; {RELINK}"
        )),
        Some(cause) if cause.is_refusal() => Cow::Borrowed(RELINK),
        _ => return error,
    };
    error.hint(hint)
}

/// Returns whether the credentials no longer work, as opposed to a session that another device ended.
#[must_use]
pub fn is_revoked(error: &Error) -> bool {
    error.cause().is_some_and(Cause::is_unlinked)
}

/// Signs the linked device in and stores the session for all processes.
///
/// # Errors
/// `authentication_error` if nothing is linked, or the service no longer knows the device; the cached session
/// is then deleted.
pub async fn sign_in(
    client: &Client,
    entry_store: &EntryStore,
    clock: &dyn Clock,
    held: &LockGuard,
    entry: &mut Entry,
) -> Result<SessionId> {
    let Some(link) = &mut entry.link else {
        // Only a session was given, in ephemeral mode.
        return Err(match entry.session {
            Some(_) => Error::new(
                Cause::SessionEnded,
                "the session has ended, and there is no device to sign in again",
            )
            .hint("get a new validated URL from: getcard login --print-url"),
            None => Error::not_linked(),
        });
    };
    match client.authenticate_pin(&link.device).await {
        Ok(session) => {
            let now = clock.now();
            link.last_validated_at = now;
            entry.refusals = None;
            entry.session = Some(CachedSession { id: session.clone(), obtained_at: now });
            entry.revoke_duplicates();
            entry_store.save(held, entry).await?;
            Ok(session)
        }
        // Another copy of the entry may have the working device.
        Err(error) if error.cause().is_unknown_device() && entry.try_next_duplicate() => {
            entry_store.save(held, entry).await?;
            Box::pin(sign_in(client, entry_store, clock, held, entry)).await
        }
        Err(error) => {
            if error.is_final() {
                entry.session = None;
                entry.refusals = Some(throttle::record_refusal(entry.refusals, clock.now()));
                entry_store.save(held, entry).await?;
            }
            Err(refused(error.into()))
        }
    }
}
