//! The Windows Credential Manager, which holds one item per key.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error};
use zeroize::Zeroizing;

use crate::store::{EntryKey, SERVICE, StoreError};

/// The search criterion for getcard's items: a name pattern.
const OURS: (&str, &str) = ("pattern", SERVICE);

fn item(key: &EntryKey) -> Result<Entry, StoreError> {
    platform_store()?.build(SERVICE, &key.label(), None).map_err(classify)
}

/// The values stored under a key.
pub fn copies(key: &EntryKey, _: &dyn Fn() -> bool) -> Result<Vec<Zeroizing<Vec<u8>>>, StoreError> {
    match item(key)?.get_secret() {
        Ok(bytes) => Ok(vec![Zeroizing::new(bytes)]),
        Err(Error::NoEntry) => Ok(Vec::new()),
        Err(error) => Err(classify(error)),
    }
}

/// Stores a value under a key.
pub fn save(key: &EntryKey, bytes: &[u8], _: &dyn Fn() -> bool) -> Result<(), StoreError> {
    item(key)?.set_secret(bytes).map_err(classify)
}

/// Deletes a key.
pub fn delete(key: &EntryKey, _: &dyn Fn() -> bool) -> Result<(), StoreError> {
    match item(key)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(classify(error)),
    }
}

/// All keys that have a value.
pub fn list(_: &dyn Fn() -> bool) -> Result<Vec<EntryKey>, StoreError> {
    let items = platform_store()?.search(&HashMap::from([OURS])).map_err(classify)?;
    Ok(items.iter().filter_map(key_of).collect())
}

/// The key of an item, if the item is getcard's.
fn key_of(item: &Entry) -> Option<EntryKey> {
    let user = match item.get_specifiers() {
        Some((service, user)) => (service == SERVICE).then_some(user),
        None => item.get_attributes().ok()?.remove("username"),
    };
    EntryKey::of_label(&user?)
}

fn platform_store() -> Result<Arc<CredentialStore>, StoreError> {
    Ok(windows_native_keyring_store::Store::new().map_err(classify)?)
}

/// Classifies an error, to give the right hint, by the text of the innermost error: nothing else tells.
#[expect(clippy::needless_pass_by_value, reason = "it is mapped over results")]
fn classify(error: Error) -> StoreError {
    let text = innermost(&error);
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.to_lowercase().contains(phrase));
    if says(&["denied", "not authorized"]) {
        StoreError::Denied(text)
    } else if matches!(error, Error::NoStorageAccess(_)) {
        StoreError::Locked
    } else {
        StoreError::Failed(text)
    }
}

fn innermost(error: &Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
