//! The macOS keychain, which holds one item per key and asks for its password itself.

use security_framework::base::Error;
use security_framework::item::{ItemClass, ItemSearchOptions, Limit, SearchResult};
use security_framework::passwords::{self, PasswordOptions};
use zeroize::Zeroizing;

use crate::store::{EntryKey, SERVICE, StoreError};

/// The error codes of Security.framework that get a hint of their own.
const NOT_FOUND: i32 = -25300;
const CANCELED: i32 = -128;
const AUTH_FAILED: i32 = -25293;
const NO_ACCESS: i32 = -25243;
const INTERACTION_NOT_ALLOWED: i32 = -25308;
const NOT_AVAILABLE: i32 = -25291;
const NO_SUCH_KEYCHAIN: i32 = -25294;
const NO_DEFAULT_KEYCHAIN: i32 = -25307;

/// The values stored under a key.
pub fn copies(key: &EntryKey, _: &dyn Fn() -> bool) -> Result<Vec<Zeroizing<Vec<u8>>>, StoreError> {
    match passwords::generic_password(item(key)) {
        Ok(bytes) => Ok(vec![Zeroizing::new(bytes)]),
        Err(error) if is_not_found(&error) => Ok(Vec::new()),
        Err(error) => Err(classify(error)),
    }
}

/// Stores a value under a key, in an item with a readable label in Keychain Access.
pub fn save(key: &EntryKey, bytes: &[u8], _: &dyn Fn() -> bool) -> Result<(), StoreError> {
    let mut item = item(key);
    // A search also matches the label, and the user may have edited it: set it only on a new item.
    if search(Some(key))?.is_empty() {
        item.set_label(&format!("getcard: campus card, profile {}", key.profile));
        item.set_description("campus card device");
        item.set_comment("Run getcard unlink to revoke this device and remove this item.");
    }
    passwords::set_generic_password_options(bytes, item).map_err(classify)
}

/// Deletes a key.
pub fn delete(key: &EntryKey, _: &dyn Fn() -> bool) -> Result<(), StoreError> {
    match passwords::delete_generic_password_options(item(key)) {
        Err(error) if !is_not_found(&error) => Err(classify(error)),
        _ => Ok(()),
    }
}

/// All keys that have a value. The attributes of items are not secret, so macOS does not prompt for them.
pub fn list(_: &dyn Fn() -> bool) -> Result<Vec<EntryKey>, StoreError> {
    let accounts = search(None)?.into_iter().filter_map(|item| item.simplify_dict()?.remove("acct"));
    Ok(accounts.filter_map(|account| EntryKey::of_label(&account)).collect())
}

fn item(key: &EntryKey) -> PasswordOptions {
    PasswordOptions::new_generic_password(SERVICE, &key.label())
}

/// The attributes of all of getcard's items, or of the one under a key.
fn search(key: Option<&EntryKey>) -> Result<Vec<SearchResult>, StoreError> {
    let mut options = ItemSearchOptions::new();
    options.class(ItemClass::generic_password()).service(SERVICE).limit(Limit::All).load_attributes(true);
    if let Some(key) = key {
        options.account(&key.label());
    }
    match options.search() {
        Err(error) if is_not_found(&error) => Ok(Vec::new()),
        found => found.map_err(classify),
    }
}

fn is_not_found(error: &Error) -> bool {
    matches!(error.code(), NOT_FOUND)
}

#[expect(clippy::needless_pass_by_value, reason = "it is mapped over results")]
fn classify(error: Error) -> StoreError {
    match error.code() {
        CANCELED | AUTH_FAILED | NO_ACCESS => StoreError::Denied(error.to_string()),
        INTERACTION_NOT_ALLOWED => StoreError::Locked,
        NOT_AVAILABLE | NO_SUCH_KEYCHAIN | NO_DEFAULT_KEYCHAIN => StoreError::Absent(error.to_string()),
        _ => StoreError::Failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_its_remedy() {
        let classified = |code| classify(Error::from_code(code));
        assert!(matches!(classified(CANCELED), StoreError::Denied(_)));
        assert!(matches!(classified(INTERACTION_NOT_ALLOWED), StoreError::Locked));
        assert!(matches!(classified(NO_DEFAULT_KEYCHAIN), StoreError::Absent(_)));
        assert!(matches!(classified(-50), StoreError::Failed(_)));
    }
}
