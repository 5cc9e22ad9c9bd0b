//! The stored data of a profile (linked device, pending device, cached session, …) and its serialized form.

use std::fmt;

use jiff::Timestamp;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::StoreError;
use crate::secret::{Device, DeviceId, Pin, SessionId};

/// The version that is written, and the newest that can be read. Version 1 had no refusals; version 2 had no
/// duplicates and no PINs of replaced devices.
const VERSION: u32 = 3;

/// A device that has signed in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    #[serde(serialize_with = "device")]
    pub device: Device,
    /// The school's short name, if known.
    pub school: Option<String>,
    /// When it first signed in.
    pub linked_at: Timestamp,
    /// When it last signed in.
    pub last_validated_at: Timestamp,
}

/// A device that `createPIN` may have created; saved before the call so that it is never lost.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    #[serde(serialize_with = "device")]
    pub device: Device,
    /// The school's short name, if known.
    pub school: Option<String>,
    /// When it was generated.
    pub created_at: Timestamp,
}

/// A device that was replaced and may still be alive at the service.
#[derive(Clone, PartialEq, Eq)]
pub struct Replaced {
    pub id: DeviceId,
    /// The PIN to sign it in with; missing in entries of version 2.
    pub pin: Option<Pin>,
}

impl Replaced {
    /// The credentials, if known.
    #[must_use]
    pub fn device(&self) -> Option<Device> {
        self.pin.clone().map(|pin| Device { id: self.id.clone(), pin })
    }
}

impl From<Device> for Replaced {
    fn from(device: Device) -> Self {
        Self { id: device.id, pin: Some(device.pin) }
    }
}

/// A session, used until the service says that it has ended.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedSession {
    #[serde(serialize_with = "session")]
    pub id: SessionId,
    /// When it was opened.
    pub obtained_at: Timestamp,
}

/// Refusals to sign the linked device in since its last sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRefusals {
    pub count: u32,
    /// The time of the last one.
    #[serde(serialize_with = "crate::model::time::serialize")]
    pub last_at: Timestamp,
}

/// Everything stored for one profile at one origin.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entry {
    pub link: Option<Link>,
    /// The device that is being linked.
    pub pending: Option<Pending>,
    pub session: Option<CachedSession>,
    /// Replaced devices that still have to be revoked at the service.
    #[serde(default)]
    pub to_revoke: Vec<Replaced>,
    /// The service's refusals to sign the linked device in.
    #[serde(default)]
    pub refusals: Option<SignInRefusals>,
    /// Links from other copies of this entry in the store; any of them may be the one that works.
    #[serde(rename = "rivals", default, skip_serializing_if = "Vec::is_empty")]
    pub duplicates: Vec<Link>,
}

impl Entry {
    /// Returns whether there is nothing worth keeping: without a device there is nothing to revoke.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.devices().next().is_none()
    }

    /// All devices that may be alive at the service.
    pub fn devices(&self) -> impl Iterator<Item = &DeviceId> {
        let linked = self.link.iter().chain(&self.duplicates).map(|link| &link.device.id);
        let pending = self.pending.iter().map(|pending| &pending.device.id);
        linked.chain(pending).chain(self.to_revoke.iter().map(|replaced| &replaced.id))
    }

    /// Merges copies of an entry. The device that signed in last becomes the link and the others become
    /// duplicates, so that no device is dropped before the service was asked about it.
    #[must_use]
    pub fn merged(copies: Vec<Self>) -> Self {
        let last_validated = |entry: &Self| entry.link.as_ref().map(|link| link.last_validated_at);
        let mut copies = copies;
        copies.sort_by_key(|entry| std::cmp::Reverse((last_validated(entry), entry.pending.is_some())));
        let mut copies = copies.into_iter();
        let mut merged = copies.next().unwrap_or_default();
        for copy in copies {
            for duplicate in copy.link.into_iter().chain(copy.duplicates).chain(copy.pending.map(Link::from))
            {
                if !merged.devices().any(|known| *known == duplicate.device.id) {
                    merged.duplicates.push(duplicate);
                }
            }
            for replaced in copy.to_revoke {
                if !merged.devices().any(|known| *known == replaced.id) {
                    merged.to_revoke.push(replaced);
                }
            }
        }
        if merged.link.is_none() && merged.pending.is_none() {
            merged.try_next_duplicate();
        }
        merged
    }

    /// Replaces the link, which the service does not know, by the next duplicate. Returns false and changes
    /// nothing if there is none.
    pub fn try_next_duplicate(&mut self) -> bool {
        if self.duplicates.is_empty() {
            return false;
        }
        self.link = Some(self.duplicates.remove(0));
        self.session = None;
        self.refusals = None;
        true
    }

    /// Queues the duplicates for revocation, because the link works.
    pub fn revoke_duplicates(&mut self) {
        self.to_revoke.extend(self.duplicates.drain(..).map(|duplicate| duplicate.device.into()));
    }

    /// Serializes the entry as a JSON object.
    ///
    /// # Errors
    /// If serialization fails, which text and lists never do.
    pub fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        #[derive(Serialize)]
        struct Versioned<'a> {
            version: u32,
            #[serde(flatten)]
            entry: &'a Entry,
        }
        // Large enough for any entry: growing the buffer would leave unwiped copies behind.
        let mut bytes =
            Zeroizing::new(Vec::with_capacity(2048 + 512 * (self.duplicates.len() + self.to_revoke.len())));
        serde_json::to_writer(&mut *bytes, &Versioned { version: VERSION, entry: self })
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(bytes)
    }

    /// Deserializes an entry.
    ///
    /// # Errors
    /// If it has a newer version or is malformed; the error does not quote it.
    pub fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let malformed = |_| StoreError::Broken("it is malformed".to_owned());
        let Versioned { version } = serde_json::from_slice(bytes).map_err(malformed)?;
        if version > VERSION {
            return Err(StoreError::Newer(version));
        }
        serde_json::from_slice(bytes).map_err(malformed)
    }
}

impl From<Pending> for Link {
    fn from(pending: Pending) -> Self {
        let Pending { device, school, created_at } = pending;
        Self { device, school, linked_at: created_at, last_validated_at: created_at }
    }
}

/// Serializes the secrets; nothing else does.
fn device<S: Serializer>(device: &Device, serializer: S) -> Result<S::Ok, S::Error> {
    let mut form = serializer.serialize_struct("Device", 2)?;
    form.serialize_field("id", device.id.expose())?;
    form.serialize_field("pin", device.pin.expose())?;
    form.end()
}

fn session<S: Serializer>(session: &SessionId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(session.expose())
}

impl Serialize for Replaced {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = serializer.serialize_struct("Replaced", 2)?;
        form.serialize_field("id", self.id.expose())?;
        form.serialize_field("pin", &self.pin.as_ref().map(Pin::expose))?;
        form.end()
    }
}

/// Versions 1 and 2 stored a replaced device as its bare id.
impl<'de> Deserialize<'de> for Replaced {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FormVisitor;
        impl<'de> Visitor<'de> for FormVisitor {
            type Value = Replaced;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a device or its id")
            }

            fn visit_str<E: serde::de::Error>(self, id: &str) -> Result<Replaced, E> {
                Ok(Replaced { id: DeviceId::new(id).map_err(E::custom)?, pin: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Replaced, A::Error> {
                #[derive(Deserialize)]
                struct Fields {
                    id: DeviceId,
                    pin: Option<Pin>,
                }
                let Fields { id, pin } = Fields::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Replaced { id, pin })
            }
        }
        deserializer.deserialize_any(FormVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use proptest::prelude::{any, proptest};

    fn full() -> Entry {
        let now = Timestamp::from_second(1_770_000_000).unwrap();
        Entry {
            link: Some(Link {
                device: Device::generate().unwrap(),
                school: Some("ucsc".to_owned()),
                linked_at: now,
                last_validated_at: now,
            }),
            pending: Some(Pending { device: Device::generate().unwrap(), school: None, created_at: now }),
            session: Some(CachedSession {
                id: SessionId::new(Zeroizing::new("0f8fad5b-d9cb-469f-a165-70867728950e".to_owned())),
                obtained_at: now,
            }),
            to_revoke: vec![
                Device::generate().unwrap().into(),
                Replaced { id: DeviceId::generate().unwrap(), pin: None },
            ],
            refusals: Some(SignInRefusals { count: 2, last_at: now }),
            duplicates: Vec::new(),
        }
    }

    fn linked(at: i64) -> Entry {
        let now = Timestamp::from_second(at).unwrap();
        let link = Link {
            device: Device::generate().unwrap(),
            school: None,
            linked_at: now,
            last_validated_at: now,
        };
        Entry { link: Some(link), ..Entry::default() }
    }

    #[test]
    fn copies_are_merged_without_losing_a_device() {
        let (older, newer, pending) = (linked(1), linked(2), full().pending);
        let pending_only =
            Entry { pending, to_revoke: vec![Device::generate().unwrap().into()], ..Entry::default() };
        let copies = vec![older.clone(), pending_only.clone(), newer.clone(), older.clone()];
        let mut merged = Entry::merged(copies.clone());
        assert!(merged.link == newer.link && merged.duplicates.len() == 2);
        for device in copies.iter().flat_map(Entry::devices) {
            assert_eq!(merged.devices().filter(|known| *known == device).count(), 1);
        }
        assert!(Entry::decode(&merged.encode().unwrap()).is_ok_and(|read| read == merged));
        assert!(merged.encode().unwrap().starts_with(br#"{"version":3,"#));
        // The service does not know the newer one, but it knows the older one.
        assert!(merged.try_next_duplicate() && merged.link == older.link);
        merged.revoke_duplicates();
        assert!(merged.duplicates.is_empty() && merged.to_revoke.len() == 2 && !merged.try_next_duplicate());
        assert!(Entry::merged(vec![]).is_empty());
    }

    #[test]
    fn an_entry_round_trips() {
        for entry in [Entry::default(), full()] {
            assert!(Entry::decode(&entry.encode().unwrap()).is_ok_and(|read| read == entry));
        }
    }

    #[test]
    fn duplicates_keep_their_stored_name() {
        let entry = Entry::merged(vec![linked(1), linked(2)]);
        let stored = entry.encode().unwrap();
        let json: serde_json::Value = serde_json::from_slice(&stored).unwrap();
        assert_eq!(json["rivals"].as_array().unwrap().len(), 1);
        assert!(Entry::decode(&stored).is_ok_and(|read| read == entry));
    }

    #[test]
    fn older_versions_are_read_and_upgraded() {
        let mut entry = full();
        entry.refusals = None;
        entry.to_revoke.remove(0);
        let form = String::from_utf8(entry.encode().unwrap().to_vec()).unwrap();
        let id = entry.to_revoke[0].id.expose();
        let second = form
            .replace("\"version\":3", "\"version\":2")
            .replace(&format!("{{\"id\":\"{id}\",\"pin\":null}}"), &format!("\"{id}\""));
        let first = second.replace("\"version\":2", "\"version\":1").replace(",\"refusals\":null", "");
        assert!(first.len() < second.len() && second.len() < form.len());
        for older in [first, second] {
            let read = Entry::decode(older.as_bytes()).ok().unwrap();
            assert!(read == entry);
            assert_eq!(**read.encode().unwrap(), *form.as_bytes());
        }
    }

    #[test]
    fn a_replaced_device_is_worth_keeping() {
        let to_revoke = vec![Device::generate().unwrap().into()];
        assert!(!Entry { to_revoke, ..Entry::default() }.is_empty());
    }

    #[test]
    fn the_buffer_never_grows() {
        assert!(full().encode().unwrap().len() < 1024);
    }

    #[test]
    fn newer_or_malformed_entries_are_refused_without_quoting_them() {
        let newer = Entry::decode(br#"{"version":4,"anything":1}"#).err().unwrap();
        assert_eq!(
            newer.to_string(),
            "the stored entry cannot be used: it has version 4, from a newer getcard"
        );
        let Error::Failed(report) = Error::from(newer) else { panic!("no report") };
        assert!(report.hint.is_some_and(|hint| hint.starts_with("update getcard")));
        let broken = br#"{"version":1,"link":{"device":{"id":"SECRET","pin":"1234"},"linked_at":0}}"#;
        assert!(!Entry::decode(broken).err().unwrap().to_string().contains("SECRET"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in any::<Vec<u8>>()) {
            let _ = Entry::decode(&bytes);
        }
    }
}
