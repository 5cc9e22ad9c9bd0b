//! The operating system's keychain: Secret Service, macOS Keychain, Windows Credential Manager.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error};
use zeroize::Zeroizing;

use super::{Backend, EntryKey, StoreError, StoreKind};

/// How long a call may take. A keychain may hang, or wait for a prompt that nobody sees.
const DEADLINE: Duration = Duration::from_secs(3);
/// The service that our items belong to.
const SERVICE: &str = "getcard";
/// What the items are searched by: an attribute, or on Windows a pattern of their names.
#[cfg(not(windows))]
const OURS: (&str, &str) = ("service", SERVICE);
#[cfg(windows)]
const OURS: (&str, &str) = ("pattern", SERVICE);

/// The keychain of the user's session.
#[derive(Debug, Default)]
pub struct Keychain;

impl Keychain {
    fn item(key: &EntryKey) -> Result<Entry, StoreError> {
        platform_store()?.build(SERVICE, &key.label(), None).map_err(classify)
    }
}

impl Backend for Keychain {
    fn kind(&self) -> StoreKind {
        StoreKind::Keychain
    }

    fn deadline(&self) -> Option<Duration> {
        Some(DEADLINE)
    }

    fn load(&self, key: &EntryKey) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match Self::item(key)?.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(classify(error)),
        }
    }

    fn save(&self, key: &EntryKey, bytes: &[u8]) -> Result<(), StoreError> {
        Self::item(key)?.set_secret(bytes).map_err(classify)
    }

    fn delete(&self, key: &EntryKey) -> Result<(), StoreError> {
        match Self::item(key)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(classify(error)),
        }
    }

    fn list(&self) -> Result<Vec<EntryKey>, StoreError> {
        let items = platform_store()?.search(&HashMap::from([OURS])).map_err(classify)?;
        let mut keys: Vec<EntryKey> = items.iter().filter_map(key_of).collect();
        keys.sort();
        keys.dedup();
        Ok(keys)
    }
}

/// The key that an item is kept under, if it is one of ours.
fn key_of(item: &Entry) -> Option<EntryKey> {
    let user = match item.get_specifiers() {
        Some((service, user)) => (service == SERVICE).then_some(user),
        None => item.get_attributes().ok()?.remove("username"),
    };
    EntryKey::of_label(&user?)
}

#[cfg(target_os = "linux")]
#[expect(clippy::unnecessary_wraps, reason = "the stores of other platforms may be missing")]
fn platform_store() -> Result<Arc<CredentialStore>, StoreError> {
    Ok(Arc::new(super::secret_service::Store))
}

#[cfg(target_os = "macos")]
fn platform_store() -> Result<Arc<CredentialStore>, StoreError> {
    Ok(apple_native_keyring_store::keychain::Store::new().map_err(classify)?)
}

#[cfg(windows)]
fn platform_store() -> Result<Arc<CredentialStore>, StoreError> {
    Ok(windows_native_keyring_store::Store::new().map_err(classify)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn platform_store() -> Result<Arc<CredentialStore>, StoreError> {
    Err(StoreError::Absent("this platform has none that getcard knows".to_owned()))
}

/// Locked, absent, denied and everything else are different troubles with different ways out.
#[expect(clippy::needless_pass_by_value, reason = "it is mapped over results")]
fn classify(error: Error) -> StoreError {
    match &error {
        Error::NoStorageAccess(_) => told(&error).unwrap_or(StoreError::Locked),
        _ => told(&error).unwrap_or_else(|| StoreError::Failed(innermost(&error))),
    }
}

/// What the Secret Service says of itself.
#[cfg(target_os = "linux")]
fn told(error: &Error) -> Option<StoreError> {
    let (Error::NoStorageAccess(cause) | Error::PlatformFailure(cause)) = error else { return None };
    cause.downcast_ref().map(super::secret_service::classify)
}

/// The keychains of other platforms say it in the text of the innermost error.
#[cfg(not(target_os = "linux"))]
fn told(error: &Error) -> Option<StoreError> {
    let text = innermost(error);
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.to_lowercase().contains(phrase));
    says(&["denied", "not authorized", "-25293", "-128"]).then(|| StoreError::Denied(text.clone()))
}

fn innermost(error: &Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
