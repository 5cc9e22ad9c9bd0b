//! A Secret Service that can be told to misbehave: it drops, delays, doubles and lies.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use zbus::blocking::{Connection, connection};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};
use zbus::{ObjectServer, fdo, interface};

/// What is wrong with the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    #[default]
    None,
    /// It says that it keeps a secret, and does not.
    DropsWrites,
    /// A secret that it keeps can be read after a while.
    DelaysWrites(Duration),
    /// Each new item is there twice.
    Doubles,
    /// It says that it deletes an item, and does not.
    IgnoresDeletes,
    /// What it gives back is something else.
    Garbles,
}

/// A service on a bus, until it is dropped.
pub struct SecretService {
    world: World,
    connection: Connection,
}

/// What an item is found by: its attributes.
type Attributes = HashMap<String, String>;
/// A secret with its session, parameters and content type.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

#[derive(Clone, Default)]
struct World(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    fault: Fault,
    next: u32,
    items: BTreeMap<u32, Kept>,
    /// How many times a secret was read.
    reads: usize,
}

#[derive(Clone)]
struct Kept {
    attributes: Attributes,
    secret: Vec<u8>,
    /// A secret that comes to be read at a time.
    coming: Option<(Instant, Vec<u8>)>,
}

impl Kept {
    fn secret(&self) -> &[u8] {
        match &self.coming {
            Some((at, secret)) if Instant::now() >= *at => secret,
            _ => &self.secret,
        }
    }

    fn set(&mut self, fault: Fault, secret: Vec<u8>) {
        match fault {
            Fault::DropsWrites => {}
            Fault::DelaysWrites(delay) => {
                self.secret = self.secret().to_vec();
                self.coming = Some((Instant::now() + delay, secret));
            }
            _ => (self.secret, self.coming) = (secret, None),
        }
    }
}

impl SecretService {
    /// A service without items on the bus at this address.
    pub fn start(address: &str) -> Self {
        let world = World::default();
        let connection = connection::Builder::address(address)
            .unwrap()
            .serve_at("/org/freedesktop/secrets", Service(world.clone()))
            .unwrap()
            .serve_at(COLLECTION, Collection(world.clone()))
            .unwrap()
            .name("org.freedesktop.secrets")
            .unwrap()
            .build()
            .unwrap();
        Self { world, connection }
    }

    /// Misbehaves from now on.
    pub fn set_fault(&self, fault: Fault) {
        self.world.state().fault = fault;
    }

    /// The secrets that it holds.
    pub fn secrets(&self) -> Vec<String> {
        let state = self.world.state();
        state.items.values().map(|item| String::from_utf8(item.secret().to_vec()).unwrap()).collect()
    }

    /// How many times a secret was read since the last call.
    pub fn take_reads(&self) -> usize {
        std::mem::take(&mut self.world.state().reads)
    }

    /// Puts a copy of an item beside the others, with this secret, as a sync might.
    pub fn add_copy(&self, secret: &str) {
        let copy = {
            let state = self.world.state();
            let item = state.items.values().next().unwrap();
            Kept { secret: secret.as_bytes().to_vec(), ..item.clone() }
        };
        let id = self.world.keep(copy);
        let object = ItemObject { id, world: self.world.clone() };
        self.connection.object_server().at(path_of(id), object).unwrap();
    }
}

const COLLECTION: &str = "/org/freedesktop/secrets/collection/login";
const NO_PROMPT: ObjectPath<'static> = ObjectPath::from_static_str_unchecked("/");

impl World {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn keep(&self, item: Kept) -> u32 {
        let mut state = self.state();
        state.next += 1;
        let id = state.next;
        state.items.insert(id, item);
        id
    }

    fn search(&self, attributes: &Attributes) -> Vec<u32> {
        let state = self.state();
        let fits =
            |kept: &Kept| attributes.iter().all(|(name, value)| kept.attributes.get(name) == Some(value));
        state.items.iter().filter(|(_, kept)| fits(kept)).map(|(id, _)| *id).collect()
    }
}

fn path_of(id: u32) -> OwnedObjectPath {
    OwnedObjectPath::try_from(format!("{COLLECTION}/{id}")).unwrap()
}

fn path(text: &'static str) -> OwnedObjectPath {
    ObjectPath::from_static_str_unchecked(text).into()
}

struct Service(World);

#[expect(clippy::unused_self, clippy::needless_pass_by_value, reason = "the interface is D-Bus's")]
#[interface(name = "org.freedesktop.Secret.Service")]
impl Service {
    fn open_session(&self, algorithm: &str, input: Value<'_>) -> (OwnedValue, OwnedObjectPath) {
        let _ = (algorithm, input);
        (Value::from("").try_into().unwrap(), path("/org/freedesktop/secrets/session/s1"))
    }

    fn search_items(&self, attributes: Attributes) -> (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) {
        (self.0.search(&attributes).into_iter().map(path_of).collect(), Vec::new())
    }

    fn read_alias(&self, name: &str) -> OwnedObjectPath {
        let _ = name;
        path(COLLECTION)
    }
}

struct Collection(World);

#[expect(clippy::unused_self, reason = "the interface is D-Bus's")]
#[interface(name = "org.freedesktop.Secret.Collection")]
impl Collection {
    #[zbus(property)]
    fn locked(&self) -> bool {
        false
    }

    async fn create_item(
        &self,
        properties: HashMap<String, OwnedValue>,
        secret: Secret,
        replace: bool,
        #[zbus(object_server)] server: &ObjectServer,
    ) -> (OwnedObjectPath, OwnedObjectPath) {
        let _ = replace;
        let attributes = properties["org.freedesktop.Secret.Item.Attributes"].try_clone().unwrap();
        let attributes: Attributes = attributes.try_into().unwrap();
        let fault = self.0.state().fault;
        let mut created = path("/org/freedesktop/secrets/collection/login/dropped");
        let times = match fault {
            Fault::DropsWrites => 0,
            Fault::Doubles => 2,
            _ => 1,
        };
        for _ in 0..times {
            let mut kept = Kept { attributes: attributes.clone(), secret: Vec::new(), coming: None };
            kept.set(fault, secret.2.clone());
            let id = self.0.keep(kept);
            created = path_of(id);
            server.at(created.clone(), ItemObject { id, world: self.0.clone() }).await.unwrap();
        }
        (created, NO_PROMPT.into())
    }
}

struct ItemObject {
    id: u32,
    world: World,
}

#[expect(clippy::unused_self, reason = "the interface is D-Bus's")]
#[interface(name = "org.freedesktop.Secret.Item")]
impl ItemObject {
    #[zbus(property)]
    fn locked(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn attributes(&self) -> fdo::Result<Attributes> {
        let state = self.world.state();
        let kept = state.items.get(&self.id).ok_or_else(|| fdo::Error::UnknownObject(String::new()))?;
        Ok(kept.attributes.clone())
    }

    fn get_secret(&self, session: OwnedObjectPath) -> fdo::Result<(Secret,)> {
        let mut state = self.world.state();
        state.reads += 1;
        let kept = state.items.get(&self.id).ok_or_else(|| fdo::Error::UnknownObject(String::new()))?;
        let mut secret = kept.secret().to_vec();
        if state.fault == Fault::Garbles {
            secret.retain(u8::is_ascii_digit);
        }
        Ok(((session, Vec::new(), secret, "application/json".to_owned()),))
    }

    fn set_secret(&self, secret: Secret) -> fdo::Result<()> {
        let mut state = self.world.state();
        let fault = state.fault;
        let kept = state.items.get_mut(&self.id).ok_or_else(|| fdo::Error::UnknownObject(String::new()))?;
        kept.set(fault, secret.2);
        Ok(())
    }

    async fn delete(&self, #[zbus(object_server)] server: &ObjectServer) -> OwnedObjectPath {
        if self.world.state().fault != Fault::IgnoresDeletes {
            self.world.state().items.remove(&self.id);
            server.remove::<ItemObject, _>(path_of(self.id)).await.unwrap();
        }
        NO_PROMPT.into()
    }
}
