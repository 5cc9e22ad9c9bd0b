//! Linked devices: each a device id with its PIN, good for signing in until it is deleted.

use std::collections::BTreeMap;

use super::exception::Exception;

/// The patron's devices.
#[derive(Clone, Debug, Default)]
pub(super) struct Devices {
    pins: BTreeMap<String, String>,
}

impl Devices {
    /// Makes a device, or gives one that exists its PIN anew: a client that lost the reply asks again.
    pub(super) fn put(&mut self, device: &str, pin: &str) {
        self.pins.insert(device.to_owned(), pin.to_owned());
    }

    /// Passes the right PIN of a device that exists.
    pub(super) fn check(&self, device: &str, pin: &str) -> Result<(), Exception> {
        match self.pins.get(device) {
            Some(known) if known == pin => Ok(()),
            _ => Err(Exception::bad_device()),
        }
    }

    /// Deletes a device that exists.
    pub(super) fn delete(&mut self, device: &str) -> Result<(), Exception> {
        let known = self.pins.remove(device);
        known.map(drop).ok_or_else(Exception::bad_device)
    }

    /// Deletes them all.
    pub(super) fn clear(&mut self) {
        self.pins.clear();
    }

    /// The ids of those that can sign in, in order.
    pub(super) fn ids(&self) -> Vec<String> {
        self.pins.keys().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Devices;

    const ID: &str = "abcdef0123456789";

    #[test]
    fn the_last_pin_counts() {
        let mut devices = Devices::default();
        assert!(devices.check(ID, "1234").is_err());
        devices.put(ID, "1234");
        assert!(devices.check(ID, "1234").is_ok());
        devices.put(ID, "9999");
        assert!(devices.check(ID, "1234").is_err());
        assert!(devices.check(ID, "9999").is_ok());
        assert_eq!(devices.ids(), [ID]);
    }

    #[test]
    fn an_unknown_device_cannot_be_deleted() {
        let mut devices = Devices::default();
        devices.put(ID, "1234");
        assert!(devices.delete("0000000000000000").is_err());
        assert!(devices.delete(ID).is_ok());
        assert!(devices.delete(ID).is_err());
    }
}
