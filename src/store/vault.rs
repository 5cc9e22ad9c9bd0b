//! One profile's entry in one store: read without ceremony, changed only under the lock.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::entry::Entry;
use super::lock::{self, Held};
use super::{Backend, EntryKey, StoreError, StoreKind};
use crate::error::Result;

/// Access to the entry of one profile at one origin.
pub struct Vault {
    backend: Arc<dyn Backend>,
    key: EntryKey,
    lock_file: Option<PathBuf>,
    patience: Duration,
}

impl Vault {
    /// The entry under `key`. Without a lock file no other process is expected to see the store. `patience` is
    /// how long to wait for another process that changes the entry.
    pub fn new(
        backend: Arc<dyn Backend>,
        key: EntryKey,
        lock_file: Option<PathBuf>,
        patience: Duration,
    ) -> Self {
        Self { backend, key, lock_file, patience }
    }

    /// Which store it is.
    #[must_use]
    pub fn kind(&self) -> StoreKind {
        self.backend.kind()
    }

    /// The profile and origin.
    #[must_use]
    pub fn key(&self) -> &EntryKey {
        &self.key
    }

    /// Waits until no other process changes the entry, and keeps it so.
    ///
    /// # Errors
    /// When another process does not let go, or there can be no lock.
    pub async fn lock(&self) -> Result<Held> {
        match &self.lock_file {
            Some(path) => lock::acquire(path, self.patience).await,
            None => Ok(Held::alone()),
        }
    }

    /// The entry as it is now; an empty one where there is none.
    ///
    /// # Errors
    /// When the store does not answer, or holds something else.
    pub async fn load(&self) -> Result<Entry, StoreError> {
        let bytes = self.run(|backend, key| backend.load(key)).await?;
        bytes.map_or_else(|| Ok(Entry::default()), |bytes| Entry::decode(&bytes))
    }

    /// Keeps the entry; an empty one is deleted.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn save(&self, _held: &Held, entry: &Entry) -> Result<(), StoreError> {
        if entry.is_empty() && entry.session.is_none() {
            return self.run(|backend, key| backend.delete(key)).await;
        }
        let bytes = entry.encode()?;
        self.run(move |backend, key| backend.save(key, &bytes)).await
    }

    /// Deletes the entry, whatever it holds.
    ///
    /// # Errors
    /// When it may still be there.
    pub async fn delete(&self, _held: &Held) -> Result<(), StoreError> {
        self.run(|backend, key| backend.delete(key)).await
    }

    /// Runs a blocking call on a thread of its own, so that a store that hangs holds up neither the view nor
    /// the end of the process.
    async fn run<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn Backend, &EntryKey) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let key = self.key.clone();
        on_a_thread(&self.backend, move |backend| call(backend, &key)).await
    }
}

/// Runs a blocking call of a store on a thread of its own, for no longer than the store may take.
///
/// # Errors
/// As the call, or when it does not end in time.
pub async fn on_a_thread<B: Backend + ?Sized + 'static, T: Send + 'static>(
    backend: &Arc<B>,
    call: impl FnOnce(&B) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (done, answer) = oneshot::channel();
    let deadline = backend.deadline();
    let backend = Arc::clone(backend);
    std::thread::spawn(move || done.send(call(&backend)));
    let answer = async { answer.await.unwrap_or_else(|_| Err(StoreError::Failed("it panicked".to_owned()))) };
    match deadline {
        Some(limit) => tokio::time::timeout(limit, answer).await.unwrap_or(Err(StoreError::TimedOut(limit))),
        None => answer.await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::memory::Memory;
    use zeroize::Zeroizing;

    struct Hanging;

    impl Backend for Hanging {
        fn kind(&self) -> StoreKind {
            StoreKind::Keychain
        }

        fn deadline(&self) -> Option<Duration> {
            Some(Duration::from_millis(1))
        }

        fn load(&self, _: &EntryKey) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
            loop {
                std::thread::park();
            }
        }

        fn save(&self, _: &EntryKey, _: &[u8]) -> Result<(), StoreError> {
            unreachable!()
        }

        fn delete(&self, _: &EntryKey) -> Result<(), StoreError> {
            unreachable!()
        }

        fn list(&self) -> Result<Vec<EntryKey>, StoreError> {
            unreachable!()
        }
    }

    fn vault(backend: impl Backend + 'static) -> Vault {
        let key = EntryKey { profile: "default".to_owned(), origin: "https://example.org".to_owned() };
        Vault::new(Arc::new(backend), key, None, Duration::ZERO)
    }

    #[tokio::test]
    async fn a_store_that_hangs_is_given_up() {
        let error = vault(Hanging).load().await.err().unwrap();
        assert_eq!(error, StoreError::TimedOut(Duration::from_millis(1)));
    }

    #[tokio::test]
    async fn nothing_stored_is_an_empty_entry() {
        assert!(vault(Memory::default()).load().await.unwrap().is_empty());
    }
}
