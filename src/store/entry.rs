//! What is kept for a profile: the linked device, a pending one, the cached session; and its stored form.

use std::fmt;

use jiff::Timestamp;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::StoreError;
use crate::secret::{Device, DeviceId, Pin, SessionId};

/// The version of the stored form that this program writes, and the newest that it reads. Version 1 had no refusals,
/// version 2 no duplicates and no PINs of replaced devices.
const VERSION: u32 = 3;

/// A device that proved itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its credentials.
    #[serde(serialize_with = "device")]
    pub device: Device,
    /// The school's short name, if known.
    pub school: Option<String>,
    /// When it proved itself first.
    pub linked_at: Timestamp,
    /// When it proved itself last.
    pub last_validated_at: Timestamp,
}

/// A device that `createPIN` may have made; kept before that call so that it is never lost.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Its credentials.
    #[serde(serialize_with = "device")]
    pub device: Device,
    /// The school's short name, if known.
    pub school: Option<String>,
    /// When it was drawn.
    pub created_at: Timestamp,
}

/// A device that another one replaced, and that may still be alive at the service.
#[derive(Clone, PartialEq, Eq)]
pub struct Replaced {
    pub id: DeviceId,
    /// Its PIN, with which the service can be asked about it; an entry of version 2 did not keep it.
    pub pin: Option<Pin>,
}

impl Replaced {
    /// Its credentials, if known.
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
    /// When it was given.
    pub obtained_at: Timestamp,
}

/// Refusals to sign the linked device in since the last sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRefusals {
    /// How often.
    pub count: u32,
    /// When it last did.
    #[serde(serialize_with = "crate::model::time::serialize")]
    pub last_at: Timestamp,
}

/// Everything that is kept for one profile at one origin.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entry {
    /// The linked device.
    pub link: Option<Link>,
    /// The device on its way to be linked.
    pub pending: Option<Pending>,
    /// The session to use next.
    pub session: Option<CachedSession>,
    /// Replaced devices that have yet to be revoked at the service.
    #[serde(default)]
    pub to_revoke: Vec<Replaced>,
    /// What the service says of the linked device.
    #[serde(default)]
    pub refusals: Option<SignInRefusals>,
    /// Devices of other copies of this entry, which the store held beside it: any of them may be the one that works.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duplicates: Vec<Link>,
}

impl Entry {
    /// Whether there is nothing worth keeping: without a device there is nothing to revoke.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.devices().next().is_none()
    }

    /// Every device that may be alive at the service.
    pub fn devices(&self) -> impl Iterator<Item = &DeviceId> {
        let linked = self.link.iter().chain(&self.duplicates).map(|link| &link.device.id);
        let pending = self.pending.iter().map(|pending| &pending.device.id);
        linked.chain(pending).chain(self.to_revoke.iter().map(|replaced| &replaced.id))
    }

    /// Merges copies of one entry. The device that worked last becomes the link, the others become its duplicates, so that
    /// no device is forgotten before the service has been asked.
    #[must_use]
    pub fn merged(copies: Vec<Self>) -> Self {
        let proved = |entry: &Self| entry.link.as_ref().map(|link| link.last_validated_at);
        let mut copies = copies;
        copies.sort_by_key(|entry| std::cmp::Reverse((proved(entry), entry.pending.is_some())));
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

    /// Replaces the link, which the service does not know, with the next duplicate. False if there is none; then the entry
    /// is unchanged.
    pub fn try_next_duplicate(&mut self) -> bool {
        if self.duplicates.is_empty() {
            return false;
        }
        self.link = Some(self.duplicates.remove(0));
        self.session = None;
        self.refusals = None;
        true
    }

    /// The link works, so that its duplicates are to be revoked.
    pub fn revoke_duplicates(&mut self) {
        self.to_revoke.extend(self.duplicates.drain(..).map(|duplicate| duplicate.device.into()));
    }

    /// The stored form: one JSON object.
    ///
    /// # Errors
    /// Never in practice: the form holds text and lists only.
    pub fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        #[derive(Serialize)]
        struct Versioned<'a> {
            version: u32,
            #[serde(flatten)]
            entry: &'a Entry,
        }
        // Room for any entry: a buffer that grows leaves unwiped copies behind.
        let mut bytes =
            Zeroizing::new(Vec::with_capacity(2048 + 512 * (self.duplicates.len() + self.to_revoke.len())));
        serde_json::to_writer(&mut *bytes, &Versioned { version: VERSION, entry: self })
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(bytes)
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it is of a newer version or malformed; the error quotes nothing of it.
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

/// The secrets themselves are in the stored form, and nowhere else.
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

/// Versions 1 and 2 wrote a replaced device as its id alone.
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
    fn copies_are_merged_and_no_device_is_forgotten() {
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
        // The service does not know the newer one, but the older.
        assert!(merged.try_next_duplicate() && merged.link == older.link);
        merged.revoke_duplicates();
        assert!(merged.duplicates.is_empty() && merged.to_revoke.len() == 2 && !merged.try_next_duplicate());
        assert!(Entry::merged(vec![]).is_empty());
    }

    #[test]
    fn an_entry_survives_its_stored_form() {
        for entry in [Entry::default(), full()] {
            assert!(Entry::decode(&entry.encode().unwrap()).is_ok_and(|read| read == entry));
        }
    }

    #[test]
    fn an_older_form_is_read_and_written_as_the_new_one() {
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
    fn a_newer_or_broken_form_is_refused_without_quoting_it() {
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
