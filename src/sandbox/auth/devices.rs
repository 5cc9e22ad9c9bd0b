//! Linked devices: each a device id with its PIN, good for signing in until it is deleted or marked as lost.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::sandbox::wire::exception::Exception;

#[derive(Clone, Debug)]
struct Device {
    pin: String,
    lost: bool,
}

/// A device as those see it who control the sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceState {
    /// The id that the client chose.
    pub device_id: String,
    /// It is marked as lost and cannot sign in.
    pub lost: bool,
}

/// The patron's devices.
#[derive(Clone, Debug, Default)]
pub struct Devices {
    known: BTreeMap<String, Device>,
}

impl Devices {
    /// Makes a device, or gives one that exists its PIN again: a client that lost the reply asks again. Other devices
    /// live on.
    pub fn put(&mut self, device: &str, pin: &str) {
        self.known.insert(device.to_owned(), Device { pin: pin.to_owned(), lost: false });
    }

    /// Whether this device can sign in with this PIN.
    pub fn accepts(&self, device: &str, pin: &str) -> bool {
        self.known.get(device).is_some_and(|known| known.pin == pin && !known.lost)
    }

    /// Deletes a device that exists.
    pub fn delete(&mut self, device: &str) -> Result<(), Exception> {
        self.known.remove(device).map(drop).ok_or_else(Exception::bad_device)
    }

    /// Marks a device as lost; false where there is none.
    pub fn mark_lost(&mut self, device: &str) -> bool {
        let known = self.known.get_mut(device);
        known.map(|known| known.lost = true).is_some()
    }

    /// Deletes them all.
    pub fn clear(&mut self) {
        self.known.clear();
    }

    /// The ids of those that can sign in, in order.
    pub fn live(&self) -> Vec<String> {
        self.known.iter().filter(|(_, known)| !known.lost).map(|(id, _)| id.clone()).collect()
    }

    /// Every device in the order of the ids, lost ones too.
    pub fn list(&self) -> Vec<DeviceState> {
        let state = |(id, known): (&String, &Device)| DeviceState { device_id: id.clone(), lost: known.lost };
        self.known.iter().map(state).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Devices;

    const ID: &str = "abcdef0123456789";

    #[test]
    fn the_last_pin_counts() {
        let mut devices = Devices::default();
        assert!(!devices.accepts(ID, "1234"));
        devices.put(ID, "1234");
        assert!(devices.accepts(ID, "1234"));
        devices.put(ID, "9999");
        assert!(!devices.accepts(ID, "1234"));
        assert!(devices.accepts(ID, "9999"));
        assert_eq!(devices.live(), [ID]);
    }

    #[test]
    fn a_second_device_does_not_replace_the_first() {
        let mut devices = Devices::default();
        devices.put(ID, "1234");
        devices.put("0000000000000000", "5678");
        assert!(devices.accepts(ID, "1234") && devices.accepts("0000000000000000", "5678"));
    }

    #[test]
    fn an_unknown_device_cannot_be_deleted() {
        let mut devices = Devices::default();
        devices.put(ID, "1234");
        assert!(devices.delete("0000000000000000").is_err());
        assert!(devices.delete(ID).is_ok());
        assert!(devices.delete(ID).is_err());
    }

    #[test]
    fn a_lost_device_is_listed_and_cannot_sign_in_until_it_is_made_again() {
        let mut devices = Devices::default();
        devices.put(ID, "1234");
        assert!(devices.mark_lost(ID) && !devices.mark_lost("0000000000000000"));
        assert!(!devices.accepts(ID, "1234") && devices.live().is_empty());
        assert!(devices.list()[0].lost);
        devices.put(ID, "1234");
        assert!(devices.accepts(ID, "1234"));
    }
}
