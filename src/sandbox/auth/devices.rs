//! Linked devices: a device id with its PIN, good for sign-in until it is deleted or marked lost.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::sandbox::wire::exception::Exception;

#[derive(Clone, Debug)]
struct Device {
    pin: String,
    lost: bool,
}

/// A device as the control interface reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceState {
    /// Chosen by the client.
    pub device_id: String,
    /// Marked lost: it cannot sign in.
    pub lost: bool,
}

/// The patron's devices.
#[derive(Clone, Debug, Default)]
pub struct Devices {
    known: BTreeMap<String, Device>,
}

impl Devices {
    /// Creates a device, or resets the PIN of an existing one and clears its lost mark: a client that lost
    /// the reply repeats the call. Other devices are unaffected.
    pub fn put(&mut self, device: &str, pin: &str) {
        self.known.insert(device.to_owned(), Device { pin: pin.to_owned(), lost: false });
    }

    /// Returns whether this device can sign in with this PIN.
    pub fn accepts(&self, device: &str, pin: &str) -> bool {
        self.known.get(device).is_some_and(|known| known.pin == pin && !known.lost)
    }

    /// Deletes a device, or fails if it does not exist.
    pub fn delete(&mut self, device: &str) -> Result<(), Exception> {
        self.known.remove(device).map(drop).ok_or_else(Exception::bad_device)
    }

    /// Marks a device lost and returns whether it exists.
    pub fn mark_lost(&mut self, device: &str) -> bool {
        let known = self.known.get_mut(device);
        known.map(|known| known.lost = true).is_some()
    }

    pub fn clear(&mut self) {
        self.known.clear();
    }

    /// The ids of the devices that can sign in, sorted.
    pub fn live(&self) -> Vec<String> {
        self.known.iter().filter(|(_, known)| !known.lost).map(|(id, _)| id.clone()).collect()
    }

    /// Every device, including lost ones, sorted by id.
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
    fn the_latest_pin_wins() {
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
    fn a_lost_device_is_listed_and_cannot_sign_in_until_it_is_recreated() {
        let mut devices = Devices::default();
        devices.put(ID, "1234");
        assert!(devices.mark_lost(ID) && !devices.mark_lost("0000000000000000"));
        assert!(!devices.accepts(ID, "1234") && devices.live().is_empty());
        assert!(devices.list()[0].lost);
        devices.put(ID, "1234");
        assert!(devices.accepts(ID, "1234"));
    }
}
