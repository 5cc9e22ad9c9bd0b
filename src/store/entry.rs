//! What is kept for a profile: the linked device, a pending one, the cached session; and its stored form.

use std::fmt;

use jiff::Timestamp;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use zeroize::Zeroizing;

use super::StoreError;
use crate::secret::{Device, DeviceId, Pin, SessionId};

/// The version of the stored form that this program writes, and the newest that it reads. Version 1 had no refusals,
/// version 2 no PINs of replaced devices.
const VERSION: u32 = 3;

/// A device that proved itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// Its credentials.
    pub device: Device,
    /// The school's short name, where it is known.
    pub school: Option<String>,
    /// When it proved itself first.
    pub linked_at: Timestamp,
    /// When it proved itself last.
    pub last_validated_at: Timestamp,
}

/// A device that `createPIN` may have made; kept before that call so that it is never lost.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its credentials.
    pub device: Device,
    /// The school's short name, where it is known.
    pub school: Option<String>,
    /// When it was drawn.
    pub created_at: Timestamp,
}

/// A device that another one replaced, and that may still be alive at the service.
#[derive(Clone, PartialEq, Eq)]
pub struct Replaced {
    /// Its id.
    pub id: DeviceId,
    /// Its PIN, with which the service can be asked about it; an entry of version 2 did not keep it.
    pub pin: Option<Pin>,
}

impl Replaced {
    /// Its credentials, where they are known.
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

/// A session that the service gave, to be used until it says otherwise.
#[derive(Clone, PartialEq, Eq)]
pub struct CachedSession {
    /// The session.
    pub id: SessionId,
    /// When it was given.
    pub obtained_at: Timestamp,
}

/// That the service has refused to sign the linked device in, since it last did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusals {
    /// How often.
    pub count: u32,
    /// When it last did.
    pub last_at: Timestamp,
}

/// Everything that is kept for one profile at one origin.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The linked device.
    pub link: Option<Link>,
    /// The device on its way to be linked.
    pub pending: Option<Pending>,
    /// The session to use next.
    pub session: Option<CachedSession>,
    /// Devices that are replaced and still to be revoked at the service.
    pub to_revoke: Vec<Replaced>,
    /// What the service says of the linked device.
    pub refusals: Option<Refusals>,
}

impl Entry {
    /// Whether there is nothing worth keeping: without a device nobody could revoke anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.link.is_none() && self.pending.is_none() && self.to_revoke.is_empty()
    }

    /// Every device that may be alive at the service.
    pub fn devices(&self) -> impl Iterator<Item = &DeviceId> {
        let linked = self.link.iter().map(|link| &link.device.id);
        let pending = self.pending.iter().map(|pending| &pending.device.id);
        linked.chain(pending).chain(self.to_revoke.iter().map(|replaced| &replaced.id))
    }

    /// The stored form: one JSON object.
    ///
    /// # Errors
    /// Never in practice: the form holds text and lists only.
    pub fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let form = Form {
            version: VERSION,
            link: self.link.as_ref().map(|link| LinkForm {
                device: DeviceForm::of(&link.device),
                school: link.school.clone(),
                linked_at: link.linked_at,
                last_validated_at: link.last_validated_at,
            }),
            pending: self.pending.as_ref().map(|pending| PendingForm {
                device: DeviceForm::of(&pending.device),
                school: pending.school.clone(),
                created_at: pending.created_at,
            }),
            session: self.session.as_ref().map(|session| SessionForm {
                id: Zeroizing::new(session.id.expose().to_owned()),
                obtained_at: session.obtained_at,
            }),
            to_revoke: self.to_revoke.iter().map(ReplacedForm::of).collect(),
            refusals: self.refusals,
        };
        // Room for any entry of ours: a buffer that grows leaves unwiped copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(2048));
        serde_json::to_writer(&mut *bytes, &form).map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(bytes)
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it is of a newer version or malformed; the error quotes nothing of it.
    pub fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let broken = |what: &str| StoreError::Broken(what.to_owned());
        let Versioned { version } = serde_json::from_slice(bytes).map_err(|_| broken("it is malformed"))?;
        if version > VERSION {
            return Err(StoreError::Newer(version));
        }
        let form: Form = serde_json::from_slice(bytes).map_err(|_| broken("it is malformed"))?;
        let device = |form: DeviceForm| -> Result<Device, StoreError> {
            let id = DeviceId::new(form.id.as_str()).map_err(|error| broken(&error.to_string()))?;
            let pin = Pin::new(form.pin.as_str()).map_err(|error| broken(&error.to_string()))?;
            Ok(Device { id, pin })
        };
        let link = form.link.map(|link| {
            device(link.device).map(|device| Link {
                device,
                school: link.school,
                linked_at: link.linked_at,
                last_validated_at: link.last_validated_at,
            })
        });
        let pending = form.pending.map(|pending| {
            let PendingForm { device: credentials, school, created_at } = pending;
            device(credentials).map(|device| Pending { device, school, created_at })
        });
        let session = form.session.map(|session| CachedSession {
            id: SessionId::new(session.id),
            obtained_at: session.obtained_at,
        });
        let replaced = |form: ReplacedForm| -> Result<Replaced, StoreError> {
            let id = DeviceId::new(form.id.as_str()).map_err(|error| broken(&error.to_string()))?;
            let pin = form.pin.map(|pin| Pin::new(pin.as_str())).transpose();
            Ok(Replaced { id, pin: pin.map_err(|error| broken(&error.to_string()))? })
        };
        Ok(Self {
            link: link.transpose()?,
            pending: pending.transpose()?,
            session,
            to_revoke: form.to_revoke.into_iter().map(replaced).collect::<Result<_, _>>()?,
            refusals: form.refusals,
        })
    }
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Form {
    version: u32,
    link: Option<LinkForm>,
    pending: Option<PendingForm>,
    session: Option<SessionForm>,
    #[serde(default)]
    to_revoke: Vec<ReplacedForm>,
    #[serde(default)]
    refusals: Option<Refusals>,
}

#[derive(Serialize, Deserialize)]
struct DeviceForm {
    id: Zeroizing<String>,
    pin: Zeroizing<String>,
}

impl DeviceForm {
    fn of(device: &Device) -> Self {
        Self {
            id: Zeroizing::new(device.id.expose().to_owned()),
            pin: Zeroizing::new(device.pin.expose().to_owned()),
        }
    }
}

/// Versions 1 and 2 wrote a replaced device as its id alone.
#[derive(Serialize)]
struct ReplacedForm {
    id: Zeroizing<String>,
    pin: Option<Zeroizing<String>>,
}

impl ReplacedForm {
    fn of(replaced: &Replaced) -> Self {
        Self {
            id: Zeroizing::new(replaced.id.expose().to_owned()),
            pin: replaced.pin.as_ref().map(|pin| Zeroizing::new(pin.expose().to_owned())),
        }
    }
}

impl<'de> Deserialize<'de> for ReplacedForm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FormVisitor;
        impl<'de> Visitor<'de> for FormVisitor {
            type Value = ReplacedForm;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a device or its id")
            }

            fn visit_str<E>(self, id: &str) -> Result<ReplacedForm, E> {
                Ok(ReplacedForm { id: Zeroizing::new(id.to_owned()), pin: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ReplacedForm, A::Error> {
                #[derive(Deserialize)]
                struct Fields {
                    id: Zeroizing<String>,
                    pin: Option<Zeroizing<String>>,
                }
                let Fields { id, pin } = Fields::deserialize(MapAccessDeserializer::new(map))?;
                Ok(ReplacedForm { id, pin })
            }
        }
        deserializer.deserialize_any(FormVisitor)
    }
}

#[derive(Serialize, Deserialize)]
struct LinkForm {
    device: DeviceForm,
    school: Option<String>,
    linked_at: Timestamp,
    last_validated_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct PendingForm {
    device: DeviceForm,
    school: Option<String>,
    created_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct SessionForm {
    id: Zeroizing<String>,
    obtained_at: Timestamp,
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
            refusals: Some(Refusals { count: 2, last_at: now }),
        }
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
            "the stored entry cannot be used: it is of version 4, made by a newer getcard"
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
