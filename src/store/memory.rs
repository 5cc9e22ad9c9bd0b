//! The in-memory store: entries live as long as the process.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use super::{Backend, EntryKey, StoreError, StoreKind};

#[derive(Default)]
pub struct Memory {
    entries: Mutex<BTreeMap<EntryKey, Zeroizing<Vec<u8>>>>,
}

impl Memory {
    fn entries(&self) -> MutexGuard<'_, BTreeMap<EntryKey, Zeroizing<Vec<u8>>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Backend for Memory {
    fn kind(&self) -> StoreKind {
        StoreKind::Memory
    }

    fn deadline(&self) -> Option<Duration> {
        None
    }

    fn copies(&self, key: &EntryKey) -> Result<Vec<Zeroizing<Vec<u8>>>, StoreError> {
        Ok(self.entries().get(key).cloned().into_iter().collect())
    }

    fn save(&self, key: &EntryKey, bytes: &[u8]) -> Result<(), StoreError> {
        self.entries().insert(key.clone(), Zeroizing::new(bytes.to_vec()));
        Ok(())
    }

    fn delete(&self, key: &EntryKey) -> Result<(), StoreError> {
        self.entries().remove(key);
        Ok(())
    }

    fn list(&self) -> Result<Vec<EntryKey>, StoreError> {
        Ok(self.entries().keys().cloned().collect())
    }
}
