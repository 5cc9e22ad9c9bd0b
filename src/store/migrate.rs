//! Moves all entries from one store to another: all are written to the target before the first is deleted.

use super::EntryKey;
use super::entry::Entry;
use super::entry_store::EntryStore;
use super::lock::LockGuard;
use crate::error::{Cause, Error, Result};

/// An entry that is being moved, with its lock.
struct LockedEntry<'a> {
    held: LockGuard,
    from: &'a EntryStore,
    to: &'a EntryStore,
    entry: Entry,
}

/// Moves the entry of each pair of stores from the first to the second. If killed before all entries are
/// written to the target, the source is unchanged; if killed later, the target is complete. Returns the moved
/// keys.
///
/// # Errors
/// `validation_error` if the target has a device that the source does not know: nothing could revoke it any
/// more. Otherwise the error of a store.
pub async fn migrate(pairs: &[(EntryStore, EntryStore)]) -> Result<Vec<EntryKey>> {
    let mut moving = Vec::with_capacity(pairs.len());
    for (from, to) in pairs {
        let held = from.lock().await?;
        let entry = from.load().await?;
        if entry.is_empty() && entry.session.is_none() {
            continue;
        }
        let there = to.load().await?;
        if let Some(device) = there.devices().find(|device| !entry.devices().any(|known| known == *device)) {
            return Err(already_linked(to, &device.masked()));
        }
        moving.push(LockedEntry { held, from, to, entry });
    }
    for LockedEntry { held, to, entry, .. } in &moving {
        // `save` also reads it back.
        to.save(held, entry).await?;
    }
    for LockedEntry { held, from, .. } in &moving {
        from.delete(held).await?;
    }
    Ok(moving.iter().map(|moved| moved.from.key().clone()).collect())
}

fn already_linked(entry_store: &EntryStore, device: &str) -> Error {
    let (EntryKey { profile, origin }, store) = (entry_store.key(), entry_store.kind().name());
    Error::new(
        Cause::AlreadyLinked,
        format!("profile {profile} at {origin} is linked in the {store} store too, as device {device}"),
    )
    .hint(format!("run: getcard unlink --store {store} --profile {profile}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::secret::Device;
    use crate::store::Backend;
    use crate::store::entry::Pending;
    use crate::store::memory::Memory;

    fn entry() -> Entry {
        let pending = Pending {
            device: Device::generate().unwrap(),
            school: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        };
        Entry { pending: Some(pending), ..Entry::default() }
    }

    fn pairs(from: &Arc<Memory>, to: &Arc<Memory>) -> Vec<(EntryStore, EntryStore)> {
        let entry_store = |store: &Arc<Memory>, profile: &str| {
            let key = EntryKey { profile: profile.to_owned(), origin: "https://x.example".to_owned() };
            EntryStore::new(Arc::clone(store) as Arc<dyn Backend>, key, None, Duration::ZERO)
        };
        ["a", "b", "empty"].map(|profile| (entry_store(from, profile), entry_store(to, profile))).into()
    }

    #[tokio::test]
    async fn all_entries_move() {
        let (from, to) = (Arc::new(Memory::default()), Arc::new(Memory::default()));
        let pairs = pairs(&from, &to);
        let (one, two) = (entry(), entry());
        pairs[0].0.save(&LockGuard::alone(), &one).await.unwrap();
        pairs[1].0.save(&LockGuard::alone(), &two).await.unwrap();
        // A copy left by an earlier run is not an obstacle.
        pairs[1].1.save(&LockGuard::alone(), &two).await.unwrap();
        let moved: Vec<String> = migrate(&pairs).await.unwrap().into_iter().map(|key| key.profile).collect();
        assert_eq!(moved, ["a", "b"]);
        assert!(from.list().unwrap().is_empty());
        assert!(pairs[0].1.load().await.unwrap() == one && pairs[1].1.load().await.unwrap() == two);
    }

    #[tokio::test]
    async fn a_device_known_only_to_the_target_stops_the_migration() {
        let (from, to) = (Arc::new(Memory::default()), Arc::new(Memory::default()));
        let pairs = pairs(&from, &to);
        pairs[0].0.save(&LockGuard::alone(), &entry()).await.unwrap();
        pairs[1].0.save(&LockGuard::alone(), &entry()).await.unwrap();
        pairs[1].1.save(&LockGuard::alone(), &entry()).await.unwrap();
        assert!(migrate(&pairs).await.is_err());
        assert_eq!((from.list().unwrap().len(), to.list().unwrap().len()), (2, 1));
    }
}
