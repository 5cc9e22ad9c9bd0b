//! The Secret Service of a Linux session, as a store of keyring-core.
//!
//! The stock store negotiates a Diffie-Hellman session for every process, which takes longer than everything else a
//! command does. This one asks for a plain session: the secret crosses the user's own session bus as it is. Whoever may
//! watch that bus runs as the same user and could ask the unlocked service for the secret itself.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};
use keyring_core::{Entry, Error, Result};
use secret_service::{EncryptionType, Item, SecretService};
use tokio::runtime::Runtime;

use super::StoreError;

/// The store of the session that `DBUS_SESSION_BUS_ADDRESS` names; nothing is connected before it is used.
#[derive(Debug)]
pub struct Store;

/// One item: found by its attributes `service` and `username`, as `secret-tool` would.
#[derive(Clone)]
struct Specifier {
    service: String,
    user: String,
}

impl CredentialStoreApi for Store {
    fn vendor(&self) -> String {
        "Secret Service over a plain session".to_owned()
    }

    fn id(&self) -> String {
        "secret-service".to_owned()
    }

    fn build(&self, service: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        let specifier = Specifier { service: service.to_owned(), user: user.to_owned() };
        Ok(Entry::new_with_credential(Arc::new(specifier)))
    }

    /// Every item with these attributes. What a locked one is called is unknown before it is unlocked.
    fn search(&self, attributes: &HashMap<&str, &str>) -> Result<Vec<Entry>> {
        run(&async |bus: &SecretService<'_>| {
            let found = bus.search_items(attributes.clone()).await?;
            let mut entries = Vec::new();
            for item in &found.locked {
                item.unlock().await?;
            }
            for item in found.unlocked.iter().chain(&found.locked) {
                let attributes = match item.get_attributes().await {
                    Err(error) if is_gone(&error) => continue,
                    attributes => attributes?,
                };
                let attribute = |name: &str| attributes.get(name).cloned().unwrap_or_default();
                let specifier = Specifier { service: attribute("service"), user: attribute("username") };
                entries.push(Entry::new_with_credential(Arc::new(specifier)));
            }
            Ok(entries)
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Specifier {
    fn attributes(&self) -> HashMap<&str, &str> {
        HashMap::from([("service", self.service.as_str()), ("username", self.user.as_str())])
    }

    /// The item itself, unlocked.
    async fn item<'a>(&self, bus: &'a SecretService<'_>) -> Found<Item<'a>> {
        let found = bus.search_items(self.attributes()).await?;
        if let Some(item) = found.unlocked.into_iter().next() {
            return Ok(item);
        }
        let item = found.locked.into_iter().next().ok_or(Problem::NoEntry)?;
        item.unlock().await?;
        Ok(item)
    }

    /// Uses the item. One that another process deletes in between is looked for again, and then not there.
    async fn with_item<T>(
        &self,
        bus: &SecretService<'_>,
        using: impl AsyncFn(&Item<'_>) -> std::result::Result<T, secret_service::Error>,
    ) -> Found<T> {
        match using(&self.item(bus).await?).await {
            Err(error) if is_gone(&error) => Ok(using(&self.item(bus).await?).await?),
            result => Ok(result?),
        }
    }
}

/// Whether the user would have to unlock something first.
fn is_about_unlocking(error: &secret_service::Error) -> bool {
    matches!(error, secret_service::Error::Locked | secret_service::Error::Prompt)
}

/// Whether the service no longer knows what it has just named.
fn is_gone(error: &secret_service::Error) -> bool {
    let text = error.to_string();
    ["UnknownMethod", "UnknownObject", "UnknownInterface", "NoSuchObject"]
        .iter()
        .any(|name| text.contains(name))
}

impl CredentialApi for Specifier {
    /// Replaces the item in one step, so that it is never half there.
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        run(&async |bus: &SecretService<'_>| {
            let collection = bus.get_default_collection().await?;
            collection.ensure_unlocked().await.or(Err(secret_service::Error::Locked))?;
            let label = format!("{}: {}", self.service, self.user);
            collection.create_item(&label, self.attributes(), secret, true, "application/json").await?;
            Ok(())
        })
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        run(&async |bus: &SecretService<'_>| self.with_item(bus, async |item| item.get_secret().await).await)
    }

    fn get_attributes(&self) -> Result<HashMap<String, String>> {
        run(&async |bus: &SecretService<'_>| {
            self.with_item(bus, async |item| item.get_attributes().await).await
        })
    }

    fn delete_credential(&self) -> Result<()> {
        run(&async |bus: &SecretService<'_>| self.with_item(bus, async |item| item.delete().await).await)
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(Some(Arc::new(self.clone())))
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        Some((self.service.clone(), self.user.clone()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Specifier").field("service", &self.service).field("user", &self.user).finish()
    }
}

enum Problem {
    NoEntry,
    Runtime(std::io::Error),
    Service(secret_service::Error),
}

type Found<T> = std::result::Result<T, Problem>;

impl From<secret_service::Error> for Problem {
    fn from(error: secret_service::Error) -> Self {
        Self::Service(error)
    }
}

/// A connection with the runtime that serves it.
struct Bus {
    runtime: Runtime,
    service: SecretService<'static>,
}

/// The connection of this process. There is one and it stays: gnome-keyring ends itself when it mixes up clients that
/// come and go in the same moment.
static BUS: Mutex<Option<Bus>> = Mutex::new(None);

impl Bus {
    fn connect() -> Found<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Problem::Runtime)?;
        let service = runtime.block_on(SecretService::connect(EncryptionType::Plain))?;
        Ok(Self { runtime, service })
    }
}

/// Makes one call and gives what it comes to. The caller has a thread of its own, outside any runtime.
fn run<T>(call: &impl AsyncFn(&SecretService<'_>) -> Found<T>) -> Result<T> {
    let mut kept = BUS.lock().unwrap_or_else(PoisonError::into_inner);
    on_bus(&mut kept, call).map_err(|problem| match problem {
        Problem::NoEntry => Error::NoEntry,
        Problem::Runtime(error) => Error::PlatformFailure(Box::new(error)),
        Problem::Service(error) if is_about_unlocking(&error) => Error::NoStorageAccess(Box::new(error)),
        Problem::Service(error) => Error::PlatformFailure(Box::new(error)),
    })
}

/// Uses the connection that is kept, or a new one where the service does not go on with that.
fn on_bus<T>(kept: &mut Option<Bus>, call: &impl AsyncFn(&SecretService<'_>) -> Found<T>) -> Found<T> {
    if let Some(bus) = kept {
        match bus.runtime.block_on(call(&bus.service)) {
            // The service may be another one by now, which knows nothing of the old one's clients. Whoever did not
            // unlock it is not asked again.
            Err(Problem::Service(error)) if !is_about_unlocking(&error) => {}
            result => return result,
        }
    }
    *kept = None;
    let bus = Bus::connect()?;
    let result = bus.runtime.block_on(call(&bus.service));
    *kept = Some(bus);
    result
}

/// What an error of the service means for its user.
#[must_use]
pub fn classify(error: &secret_service::Error) -> StoreError {
    use secret_service::Error as Of;
    match error {
        Of::Locked | Of::Prompt | Of::PromptDisconnected => StoreError::Locked,
        Of::Unavailable => StoreError::Absent("no Secret Service is running".to_owned()),
        Of::NoResult => StoreError::Absent("it has no default collection".to_owned()),
        Of::Zbus(_) | Of::ZbusFdo(_) => {
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
