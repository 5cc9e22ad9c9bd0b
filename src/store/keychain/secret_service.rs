//! The Secret Service of a Linux session.
//!
//! It uses an unencrypted session: negotiating a Diffie-Hellman one takes longer than everything else a
//! command does. The secret crosses the user's own session bus in the clear, but a process that can monitor
//! this bus runs as the same user and could ask the unlocked service for the secret itself.

use std::collections::HashMap;
use std::future::pending;
use std::io::ErrorKind;
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use secret_service::{EncryptionType, Error, Item, SecretService};
use tokio::runtime::Runtime;
use zbus::Connection;
use zbus::fdo::{DBusProxy, RequestNameFlags, RequestNameReply};
use zeroize::Zeroizing;

use crate::store::{EntryKey, SERVICE, StoreError, StoreLock, lock};

/// The bus name of the Secret Service.
const SERVICE_NAME: &str = "org.freedesktop.secrets";
/// Its object and the interface of this object.
const SERVICE_PATH: &str = "/org/freedesktop/secrets";
const SERVICE_INTERFACE: &str = "org.freedesktop.Secret.Service";
/// How often to check whether a locked keyring was unlocked.
const INTERVAL: Duration = Duration::from_millis(250);
/// A dialog that closes faster than a person can react was never shown.
const QUICKEST_PERSON: Duration = Duration::from_secs(1);

/// Announces a dialog; returns false if no user is present.
type MayPrompt<'a> = &'a dyn Fn() -> bool;

/// The values of all items under a key, in any collection.
pub fn copies(key: &EntryKey, may_prompt: MayPrompt) -> Result<Vec<Zeroizing<Vec<u8>>>, StoreError> {
    let label = key.label();
    run(may_prompt, &async |bus: &SecretService<'_>| {
        let mut copies = Vec::new();
        for item in unlocked_items(bus, &label).await? {
            match item.get_secret().await {
                // Deleted by another process in the meantime.
                Err(error) if is_gone(&error) => {}
                secret => copies.push(Zeroizing::new(secret?)),
            }
        }
        Ok(copies)
    })
}

/// Stores a value under a key: in the existing item, or in a new one in the default collection. Then deletes
/// all other items under the key.
pub fn save(key: &EntryKey, bytes: &[u8], may_prompt: MayPrompt) -> Result<(), StoreError> {
    let label = key.label();
    run(may_prompt, &async |bus: &SecretService<'_>| {
        let items = unlocked_items(bus, &label).await?;
        let mut items = items.iter();
        if let Some(item) = items.next() {
            match item.set_secret(bytes, "application/json").await {
                Err(error) if is_gone(&error) => create(bus, &label, bytes).await?,
                result => result?,
            }
        } else {
            create(bus, &label, bytes).await?;
        }
        for item in items {
            delete_item(item).await?;
        }
        Ok(())
    })
}

/// Deletes all items under a key.
pub fn delete(key: &EntryKey, may_prompt: MayPrompt) -> Result<(), StoreError> {
    let label = key.label();
    run(may_prompt, &async |bus: &SecretService<'_>| {
        for item in unlocked_items(bus, &label).await? {
            delete_item(&item).await?;
        }
        Ok(())
    })
}

/// All keys that have a value.
pub fn list(may_prompt: MayPrompt) -> Result<Vec<EntryKey>, StoreError> {
    run(may_prompt, &async |bus: &SecretService<'_>| {
        let found = bus.search_items(HashMap::from([("service", SERVICE)])).await?;
        if !found.locked.is_empty() {
            return Err(Error::Locked);
        }
        let mut keys = Vec::new();
        for item in &found.unlocked {
            match item.get_attributes().await {
                Err(error) if is_gone(&error) => {}
                attributes => {
                    keys.extend(attributes?.get("username").and_then(|label| EntryKey::of_label(label)));
                }
            }
        }
        Ok(keys)
    })
}

/// Locks a key by owning a bus name, which no two processes on the same keychain can do at once, whatever
/// their directories. `None` if another process owns it.
pub fn try_lock(key: &EntryKey) -> Result<Option<StoreLock>, StoreError> {
    let name = format!("getcard.Lock.k{:016x}", lock::checksum(&key.label()));
    let (answer, answered) = mpsc::channel();
    let (held, released) = tokio::sync::oneshot::channel::<()>();
    // The name belongs to the connection, which the thread keeps open until the lock is dropped.
    std::thread::spawn(move || {
        let runtime = match runtime() {
            Ok(runtime) => runtime,
            Err(error) => return drop(answer.send(Err(error))),
        };
        runtime.block_on(async {
            match own(&name).await {
                Ok(Some(connection)) => {
                    let _ = answer.send(Ok(true));
                    let _ = released.await;
                    drop(connection);
                }
                Ok(None) => drop(answer.send(Ok(false))),
                Err(error) => drop(answer.send(Err(classify(&error)))),
            }
        });
    });
    let taken = answered.recv().unwrap_or_else(|_| Err(StoreError::Failed("it panicked".to_owned())))?;
    Ok(taken.then(|| StoreLock::new(held)))
}

/// A connection that owns a bus name; `None` if another process owns it.
async fn own(name: &str) -> Result<Option<Connection>, Error> {
    let connection = session_bus().await?;
    let bus = DBusProxy::new(&connection).await?;
    let name = name.try_into().map_err(|_| Error::NoResult)?;
    match bus.request_name(name, RequestNameFlags::DoNotQueue.into()).await {
        Ok(RequestNameReply::Exists | RequestNameReply::InQueue) => Ok(None),
        // A sandbox may forbid owning names; the lock file has to suffice there.
        Ok(_) | Err(zbus::fdo::Error::AccessDenied(_)) => Ok(Some(connection)),
        Err(error) => Err(error.into()),
    }
}

/// A connection to the bus of the user's session.
async fn session_bus() -> Result<Connection, Error> {
    Connection::session().await.map_err(|error| match error {
        zbus::Error::Address(_) => Error::Unavailable,
        zbus::Error::InputOutput(error) if error.kind() == ErrorKind::NotFound => Error::Unavailable,
        error => error.into(),
    })
}

/// Asks for an alias that does not exist, which needs no session. gnome-keyring registers a client at its first call,
/// but up to version 50 may handle this call before, and aborts if it opens a session.
async fn register(connection: &Connection) {
    let (path, interface) = (SERVICE_PATH, Some(SERVICE_INTERFACE));
    // A service that fails here fails in the calls that matter, too.
    let _ = connection.call_method(Some(SERVICE_NAME), path, interface, "ReadAlias", &(SERVICE,)).await;
}

fn attributes(label: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", label)])
}

/// The readable items under a label. Items in a locked collection are ignored as long as there are others.
async fn unlocked_items<'a>(bus: &'a SecretService<'_>, label: &str) -> Result<Vec<Item<'a>>, Error> {
    let found = bus.search_items(attributes(label)).await?;
    if found.unlocked.is_empty() && !found.locked.is_empty() {
        Err(Error::Locked)
    } else {
        Ok(found.unlocked)
    }
}

async fn create(bus: &SecretService<'_>, label: &str, bytes: &[u8]) -> Result<(), Error> {
    let collection = bus.get_default_collection().await?;
    collection.ensure_unlocked().await?;
    let title = format!("{SERVICE}: {label}");
    collection.create_item(&title, attributes(label), bytes, true, "application/json").await?;
    Ok(())
}

async fn delete_item(item: &Item<'_>) -> Result<(), Error> {
    match item.delete().await {
        Err(error) if is_gone(&error) => Ok(()),
        result => result,
    }
}

/// Returns whether the user would have to unlock something first.
fn is_about_unlocking(error: &Error) -> bool {
    matches!(error, Error::Locked | Error::Prompt)
}

/// Returns whether the item disappeared after the service returned it.
fn is_gone(error: &Error) -> bool {
    let text = error.to_string();
    ["UnknownMethod", "UnknownObject", "UnknownInterface", "NoSuchObject"]
        .iter()
        .any(|name| text.contains(name))
}

/// A bus connection with its runtime.
struct Bus {
    runtime: Runtime,
    service: SecretService<'static>,
}

/// This process's connection. There is only one, and it is kept, so that no client comes and goes with each call.
static BUS: Mutex<Option<Bus>> = Mutex::new(None);

impl Bus {
    fn connect() -> Result<Self, StoreError> {
        let runtime = runtime()?;
        let connecting = async {
            let connection = session_bus().await?;
            register(&connection).await;
            SecretService::connect_with_existing(EncryptionType::Plain, connection).await
        };
        let service = runtime.block_on(connecting).map_err(|error| classify(&error))?;
        Ok(Self { runtime, service })
    }

    fn call<T>(&self, call: &impl AsyncFn(&SecretService<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.runtime.block_on(call(&self.service))
    }
}

fn runtime() -> Result<Runtime, StoreError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| StoreError::Failed(error.to_string()))
}

/// Makes a call, and repeats it after the user has unlocked the keyring. Must run on a thread without a runtime.
fn run<T>(
    may_prompt: MayPrompt,
    call: &impl AsyncFn(&SecretService<'_>) -> Result<T, Error>,
) -> Result<T, StoreError> {
    let mut kept = BUS.lock().unwrap_or_else(PoisonError::into_inner);
    match on_bus(&mut kept, call) {
        Err(StoreError::Locked) if may_prompt() => {
            on_bus(&mut kept, &unlock)?;
            on_bus(&mut kept, call)
        }
        result => result,
    }
}

/// Uses the existing connection, or a new one if the service does not accept it any more.
fn on_bus<T>(
    kept: &mut Option<Bus>,
    call: &impl AsyncFn(&SecretService<'_>) -> Result<T, Error>,
) -> Result<T, StoreError> {
    if let Some(bus) = kept {
        match bus.call(call) {
            // The service may have been restarted and not know the clients of its predecessor. A user who did
            // not unlock it is not asked again.
            Err(error) if !is_about_unlocking(&error) => {}
            result => return result.map_err(|error| classify(&error)),
        }
    }
    *kept = None;
    let bus = Bus::connect()?;
    let result = bus.call(call);
    *kept = Some(bus);
    result.map_err(|error| classify(&error))
}

/// Waits until the keyring is unlocked, by its own dialog or otherwise (a login, the command line).
async fn unlock(bus: &SecretService<'_>) -> Result<(), Error> {
    let start = Instant::now();
    let connection = session_bus().await?;
    let names = DBusProxy::new(&connection).await?;
    // Calling a service that is about to be replaced would activate another one, which gets in its way.
    let is_there = async || match SERVICE_NAME.try_into() {
        Ok(name) => matches!(names.name_has_owner(name).await, Ok(true)),
        Err(_) => false,
    };
    let dialog = async {
        match show_dialog(bus).await {
            Err(Error::Prompt) if start.elapsed() >= QUICKEST_PERSON => Err(Error::Prompt),
            Ok(()) => Ok(()),
            // No dialog can be shown, but the keyring may be unlocked otherwise.
            Err(_) => pending().await,
        }
    };
    let elsewhere = async {
        loop {
            tokio::time::sleep(INTERVAL).await;
            if is_there().await && matches!(is_locked(bus).await, Ok(false)) {
                return;
            }
        }
    };
    tokio::select! {
        result = dialog => result,
        () = elsewhere => Ok(()),
    }
}

async fn show_dialog(bus: &SecretService<'_>) -> Result<(), Error> {
    let found = bus.search_items(HashMap::from([("service", SERVICE)])).await?;
    match found.locked.first() {
        Some(item) => item.unlock().await,
        None => bus.get_default_collection().await?.unlock().await,
    }
}

async fn is_locked(bus: &SecretService<'_>) -> Result<bool, Error> {
    let found = bus.search_items(HashMap::from([("service", SERVICE)])).await?;
    if found.locked.is_empty() && found.unlocked.is_empty() {
        bus.get_default_collection().await?.is_locked().await
    } else {
        Ok(!found.locked.is_empty())
    }
}

/// Classifies an error of the service.
fn classify(error: &Error) -> StoreError {
    match error {
        Error::Locked | Error::Prompt | Error::PromptDisconnected => StoreError::Locked,
        Error::Unavailable => StoreError::Absent("no Secret Service is running".to_owned()),
        Error::NoResult => StoreError::Absent("it has no default collection".to_owned()),
        Error::Zbus(_) | Error::ZbusFdo(_) => {
            let text = error.to_string();
            let says = |phrase: &str| text.contains(phrase);
            if says("IsLocked") {
                StoreError::Locked
            } else if says("AccessDenied") {
                StoreError::Denied(text)
            } else if says("Failed to connect") || says("ServiceUnknown") || says("NoReply") || says("Spawn.")
            {
                StoreError::Absent(text)
            } else {
                StoreError::Failed(text)
            }
        }
        _ => StoreError::Failed(error.to_string()),
    }
}
