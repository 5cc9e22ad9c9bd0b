//! Access to one profile's entry in a store: read at any time, changed only under the lock.

use std::cell::RefCell;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

use super::entry::Entry;
use super::lock::{self, LockGuard};
use super::{Backend, EntryKey, StoreError, StoreKind};
use crate::error::Result;

/// The entry of one profile at one origin.
pub struct EntryStore {
    backend: Arc<dyn Backend>,
    key: EntryKey,
    lock_file: Option<PathBuf>,
    patience: Duration,
    ahead: RefCell<Option<Running<Copies>>>,
}

/// All values stored under a key.
type Copies = Vec<Zeroizing<Vec<u8>>>;

/// How long a store may take until a write is visible, and how often to check.
const DELAY: Duration = Duration::from_secs(1);
const INTERVAL: Duration = Duration::from_millis(50);

/// A blocking call in progress on its own thread.
struct Running<T> {
    answer: oneshot::Receiver<Result<T, StoreError>>,
    deadline: Option<Duration>,
    dialog_deadline: Box<dyn Fn() -> Option<Duration>>,
}

impl<T> Running<T> {
    /// Waits for the result, or for the deadline.
    async fn end(self) -> Result<T, StoreError> {
        let Self { answer, deadline, dialog_deadline } = self;
        let mut answer = pin!(async {
            answer.await.unwrap_or_else(|_| Err(StoreError::Failed("it panicked".to_owned())))
        });
        let Some(limit) = deadline else { return answer.await };
        if let Some(answer) = within(limit, answer.as_mut()).await {
            return answer;
        }
        let Some(dialog) = dialog_deadline() else { return Err(StoreError::TimedOut(limit)) };
        within(dialog.saturating_sub(limit), answer).await.unwrap_or(Err(StoreError::Locked))
    }
}

/// Waits for a result up to a limit; returns `None` after it.
///
/// It waits in parts: the time that this process was stopped, or its machine suspended, counts as one part at most.
async fn within<T>(limit: Duration, mut answer: impl Future<Output = T> + Unpin) -> Option<T> {
    const PARTS: u32 = 10;
    for _ in 0..PARTS {
        if let Ok(answer) = timeout(limit / PARTS, &mut answer).await {
            return Some(answer);
        }
    }
    None
}

impl EntryStore {
    /// Opens the entry under `key`. Without a lock file, no other process is expected to see the store.
    /// `patience` is how long to wait for another process that changes the entry.
    pub fn new(
        backend: Arc<dyn Backend>,
        key: EntryKey,
        lock_file: Option<PathBuf>,
        patience: Duration,
    ) -> Self {
        Self { backend, key, lock_file, patience, ahead: RefCell::new(None) }
    }

    #[must_use]
    pub fn kind(&self) -> StoreKind {
        self.backend.kind()
    }

    #[must_use]
    pub fn key(&self) -> &EntryKey {
        &self.key
    }

    /// Acquires the lock for changing the entry.
    ///
    /// # Errors
    /// If another process does not release it, or locking is impossible.
    pub async fn lock(&self) -> Result<LockGuard> {
        self.lock_within(self.patience).await
    }

    /// Like [`EntryStore::lock`], with a different time to wait for another process.
    ///
    /// # Errors
    /// Like [`EntryStore::lock`].
    pub async fn lock_within(&self, patience: Duration) -> Result<LockGuard> {
        // A value that was read without the lock may be outdated.
        self.ahead.take();
        let try_store = async || self.start(|backend, key| backend.try_lock(key)).end().await;
        lock::acquire(self.lock_file.as_deref(), patience, try_store).await
    }

    /// Starts reading the entry, so that the next [`EntryStore::load`] waits less.
    pub fn read_ahead(&self) {
        let reading = self.reading();
        self.ahead.replace(Some(reading));
    }

    /// Loads the entry, and keeps what was read for the next [`EntryStore::load`].
    ///
    /// # Errors
    /// Like [`EntryStore::load`].
    pub async fn peek(&self) -> Result<Entry, StoreError> {
        let copies = self.reading().end().await;
        let entry = copies.as_deref().map_err(StoreError::clone).and_then(merged);
        let known = self.start(|_, _| copies);
        self.ahead.replace(Some(known));
        entry
    }

    /// The value being read ahead, or a new reading.
    fn reading(&self) -> Running<Copies> {
        self.ahead.take().unwrap_or_else(|| self.start(|backend, key| backend.copies(key)))
    }

    /// Loads the entry, or an empty one if there is none. Copies are merged; the next [`EntryStore::save`]
    /// makes this permanent.
    ///
    /// # Errors
    /// If the store does not respond, or contains something else.
    pub async fn load(&self) -> Result<Entry, StoreError> {
        merged(&self.reading().end().await?)
    }

    /// Saves an entry that was loaded under the lock, replacing all copies, and reads it back. An empty entry
    /// is deleted instead.
    ///
    /// # Errors
    /// If the store does not accept it, or does not return it afterward.
    pub async fn save(&self, held: &LockGuard, entry: &Entry) -> Result<(), StoreError> {
        if entry.is_empty() && entry.session.is_none() {
            return self.delete(held).await;
        }
        let bytes = entry.encode()?;
        let saving = bytes.clone();
        self.start(move |backend, key| backend.save(key, &saving)).end().await?;
        if self.reads_back(|copies| !copies.is_empty() && copies.iter().all(|copy| *copy == bytes)).await? {
            Ok(())
        } else {
            Err(StoreError::NotKept(self.kind()))
        }
    }

    /// Deletes the entry, whatever it contains, and verifies that it is gone.
    ///
    /// # Errors
    /// If it may still be there.
    pub async fn delete(&self, _held: &LockGuard) -> Result<(), StoreError> {
        self.start(|backend, key| backend.delete(key)).end().await?;
        if self.reads_back(<[_]>::is_empty).await? {
            Ok(())
        } else {
            Err(StoreError::NotDeleted(self.kind()))
        }
    }

    /// Returns whether the stored value becomes the expected one, at once or after a moment.
    async fn reads_back(&self, expected: impl Fn(&[Zeroizing<Vec<u8>>]) -> bool) -> Result<bool, StoreError> {
        let start = Instant::now();
        loop {
            if expected(&self.start(|backend, key| backend.copies(key)).end().await?) {
                return Ok(true);
            }
            if start.elapsed() >= DELAY {
                return Ok(false);
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }

    /// Starts a blocking call on its own thread, so that a hanging store blocks neither the view nor the end
    /// of the process.
    fn start<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn Backend, &EntryKey) -> Result<T, StoreError> + Send + 'static,
    ) -> Running<T> {
        let key = self.key.clone();
        start(&self.backend, move |backend| call(backend, &key))
    }
}

fn merged(copies: &[Zeroizing<Vec<u8>>]) -> Result<Entry, StoreError> {
    let entries = copies.iter().map(|bytes| Entry::decode(bytes));
    Ok(Entry::merged(entries.collect::<Result<_, _>>()?))
}

/// Runs a blocking store call that is not about a single entry, with the store's deadline.
///
/// # Errors
/// The call's error, or that it did not end in time.
pub async fn on_a_thread<B: Backend + ?Sized + 'static, T: Send + 'static>(
    backend: &Arc<B>,
    call: impl FnOnce(&B) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    start(backend, call).end().await
}

fn start<B: Backend + ?Sized + 'static, T: Send + 'static>(
    backend: &Arc<B>,
    call: impl FnOnce(&B) -> Result<T, StoreError> + Send + 'static,
) -> Running<T> {
    let (done, answer) = oneshot::channel();
    let (deadline, asked) = (backend.deadline(), Arc::clone(backend));
    let backend = Arc::clone(backend);
    std::thread::spawn(move || done.send(call(&backend)));
    let dialog_deadline = Box::new(move || asked.dialog_deadline());
    Running { answer, deadline, dialog_deadline }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::store::memory::Memory;

    /// A store that can only be read.
    struct Reading<F> {
        read: F,
        deadline: Option<Duration>,
    }

    impl<F: Fn() -> Result<Copies, StoreError> + Send + Sync> Backend for Reading<F> {
        fn kind(&self) -> StoreKind {
            StoreKind::Keychain
        }

        fn deadline(&self) -> Option<Duration> {
            self.deadline
        }

        fn copies(&self, _: &EntryKey) -> Result<Copies, StoreError> {
            (self.read)()
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

    fn entry_store(backend: impl Backend + 'static) -> EntryStore {
        let key = EntryKey { profile: "default".to_owned(), origin: "https://example.org".to_owned() };
        EntryStore::new(Arc::new(backend), key, None, Duration::ZERO)
    }

    #[tokio::test]
    async fn a_store_that_hangs_is_given_up() {
        let read = || loop {
            std::thread::park();
        };
        let hanging = Reading { read, deadline: Some(Duration::from_millis(1)) };
        let error = entry_store(hanging).load().await.err().unwrap();
        assert_eq!(error, StoreError::TimedOut(Duration::from_millis(1)));
    }

    #[tokio::test]
    async fn a_read_ahead_is_used_once_and_never_under_the_lock() {
        let entry_store = entry_store(Memory::default());
        entry_store.read_ahead();
        let held = entry_store.lock().await.unwrap();
        entry_store.save(&held, &entry()).await.unwrap();
        assert!(!entry_store.load().await.unwrap().is_empty());
        entry_store.read_ahead();
        assert!(!entry_store.load().await.unwrap().is_empty());
        entry_store.delete(&held).await.unwrap();
        assert!(entry_store.load().await.unwrap().is_empty());
    }

    fn entry() -> Entry {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let device = crate::secret::Device::generate().unwrap();
        let pending = crate::store::entry::Pending { device, school: None, created_at: now };
        Entry { pending: Some(pending), ..Entry::default() }
    }

    #[tokio::test]
    async fn what_was_peeked_at_is_not_read_again_whatever_came_of_it() {
        let reads = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&reads);
        let read = move || {
            counted.fetch_add(1, Ordering::Relaxed);
            Err(StoreError::Locked)
        };
        let entry_store = entry_store(Reading { read, deadline: None });
        assert_eq!(entry_store.peek().await.err(), Some(StoreError::Locked));
        entry_store.read_ahead();
        assert_eq!(entry_store.load().await.err(), Some(StoreError::Locked));
        assert_eq!(reads.load(Ordering::Relaxed), 1);
        assert_eq!(entry_store.load().await.err(), Some(StoreError::Locked));
        assert_eq!(reads.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_missing_entry_is_empty() {
        assert!(entry_store(Memory::default()).load().await.unwrap().is_empty());
    }
}
