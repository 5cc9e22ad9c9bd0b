//! The content of the file store: a versioned JSON object with the entries of all profiles and origins.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::store::EntryKey;

/// The version that is written, and the newest that can be read. Entries have their own version.
const VERSION: u32 = 1;

/// All entries of the store, serialized.
#[derive(Clone, Default)]
pub struct Document {
    pub entries: BTreeMap<EntryKey, Zeroizing<Vec<u8>>>,
}

/// Why bytes are not a valid document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentError {
    /// A newer version than the supported one.
    Newer(u32),
    Malformed,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Form<'a> {
    version: u32,
    #[serde(borrow)]
    entries: Vec<EntryForm<'a>>,
}

#[derive(Serialize, Deserialize)]
struct EntryForm<'a> {
    profile: String,
    origin: String,
    /// Borrowed, so that secrets are only in buffers that are wiped.
    #[serde(borrow)]
    entry: &'a RawValue,
}

impl Document {
    /// Serializes the document.
    ///
    /// # Errors
    /// If an entry is not JSON.
    pub fn encode(&self) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
        let entries = self.entries.iter().map(|(key, entry)| {
            let (profile, origin) = (key.profile.clone(), key.origin.clone());
            Ok(EntryForm { profile, origin, entry: serde_json::from_slice(entry)? })
        });
        let form = Form { version: VERSION, entries: entries.collect::<Result<_, serde_json::Error>>()? };
        let room: usize =
            self.entries.iter().map(|(key, entry)| 6 * key.label().len() + entry.len() + 64).sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(room + 64));
        serde_json::to_writer(&mut *bytes, &form)?;
        Ok(bytes)
    }

    /// Deserializes a document.
    ///
    /// # Errors
    /// If it has a newer version or is malformed.
    pub fn decode(bytes: &[u8]) -> Result<Self, DocumentError> {
        let Versioned { version } = serde_json::from_slice(bytes).map_err(|_| DocumentError::Malformed)?;
        if version > VERSION {
            return Err(DocumentError::Newer(version));
        }
        let form: Form<'_> = serde_json::from_slice(bytes).map_err(|_| DocumentError::Malformed)?;
        let entries = form.entries.into_iter().map(|form| {
            let key = EntryKey { profile: form.profile, origin: form.origin };
            (key, Zeroizing::new(form.entry.get().as_bytes().to_vec()))
        });
        Ok(Self { entries: entries.collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    fn key(profile: &str) -> EntryKey {
        EntryKey { profile: profile.to_owned(), origin: "https://example.org".to_owned() }
    }

    #[test]
    fn a_document_round_trips_in_a_buffer_that_never_grows() {
        let mut document = Document::default();
        for profile in ["a", "b", "\u{1}\u{2}\""] {
            document.entries.insert(key(profile), Zeroizing::new(br#"{"version":1,"x":"y"}"#.to_vec()));
        }
        let bytes = document.encode().unwrap();
        assert!(Document::decode(&bytes).is_ok_and(|read| read.entries == document.entries));
        assert_eq!(Document::decode(&Document::default().encode().unwrap()).unwrap().entries.len(), 0);
    }

    #[test]
    fn newer_and_malformed_documents_are_distinguished() {
        let error = |text: &[u8]| Document::decode(text).err().unwrap();
        assert_eq!(error(br#"{"version":2,"anything":1}"#), DocumentError::Newer(2));
        for text in [&b""[..], b"{}", b"[]", br#"{"version":1}"#, br#"{"version":1,"entries":[1]}"#] {
            assert_eq!(error(text), DocumentError::Malformed);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in any::<Vec<u8>>()) {
            let _ = Document::decode(&bytes);
        }
    }
}
