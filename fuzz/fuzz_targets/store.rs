//! Any bytes inside the sealed file and as a stored entry: what is read is written and read again alike.

#![no_main]

use getcard::store::entry::Entry;
use getcard::store::file::document::Document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = Document::decode(bytes) {
        let written = document.encode().expect("what was read is JSON");
        let again = Document::decode(&written).ok().expect("what is written is read");
        assert!(again.entries == document.entries);
    }
    if let Ok(entry) = Entry::decode(bytes) {
        let written = entry.encode().expect("what was read can be written");
        assert!(Entry::decode(&written).is_ok_and(|again| again == entry));
    }
});
