//! The secrets of an account as types: wiped from memory on drop, without `Debug` or `Display`.

pub mod redact;
pub mod request_secrets;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// Why a text is not a valid secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    #[error("a device id is 16 hexadecimal characters or a UUID")]
    DeviceId,
    #[error("a PIN has 4 to 22 digits")]
    Pin,
    #[error("the system's random source failed")]
    Random,
}

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// It cannot be shown by mistake:
        /// ```compile_fail
        #[doc = concat!("fn show(secret: &getcard::secret::", stringify!($name), ") -> impl std::fmt::Debug { secret }")]
        /// ```
        /// ```compile_fail
        #[doc = concat!("fn show(secret: &getcard::secret::", stringify!($name), ") -> impl std::fmt::Display { secret }")]
        /// ```
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// The secret in plain text, for the wire and the store only.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }
    };
}

secret! {
    /// The id of a linked device, chosen by its client. Together with the PIN, it gives full access to the
    /// account.
    DeviceId
}
secret! {
    /// The PIN of a linked device.
    Pin
}
secret! {
    /// A session id, from a web sign-in or `authenticatePIN`. It gives full access while the session lasts.
    SessionId
}
secret! {
    /// The content of the barcode: any text, usually 22 digits, valid for about a minute.
    Payload
}

secret! {
    /// The passphrase of the file store.
    Passphrase
}

impl Passphrase {
    /// Wraps a passphrase; `None` if it is empty.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = Zeroizing::new(text.into());
        (!text.is_empty()).then_some(Self(text))
    }
}

impl DeviceId {
    /// Validates a device id.
    ///
    /// # Errors
    /// If the text is neither 16 hexadecimal characters nor a UUID.
    pub fn new(text: impl Into<String>) -> Result<Self, SecretError> {
        let text = Zeroizing::new(text.into());
        let is_hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_hex || redact::is_uuid(text.as_bytes())).then_some(Self(text)).ok_or(SecretError::DeviceId)
    }

    /// Generates a random id.
    ///
    /// # Errors
    /// If the system's random source fails.
    pub fn generate() -> Result<Self, SecretError> {
        let number = getrandom::u64().map_err(|_| SecretError::Random)?;
        Ok(Self(Zeroizing::new(format!("{number:016x}"))))
    }

    /// The id for display: its first and last two characters.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{}…{}", &self.0[..2], &self.0[self.0.len() - 2..])
    }
}

impl Pin {
    /// Validates a PIN.
    ///
    /// # Errors
    /// If the text is not 4 to 22 digits.
    pub fn new(text: impl Into<String>) -> Result<Self, SecretError> {
        let text = Zeroizing::new(text.into());
        let valid = (4..=22).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        valid.then_some(Self(text)).ok_or(SecretError::Pin)
    }

    /// Generates a uniformly random PIN of 4 digits.
    ///
    /// # Errors
    /// If the system's random source fails.
    pub fn generate() -> Result<Self, SecretError> {
        const EVEN: u32 = u32::MAX - u32::MAX % 10_000;
        loop {
            let number = getrandom::u32().map_err(|_| SecretError::Random)?;
            if number < EVEN {
                return Ok(Self(Zeroizing::new(format!("{:04}", number % 10_000))));
            }
        }
    }
}

impl SessionId {
    #[must_use]
    pub fn new(text: Zeroizing<String>) -> Self {
        Self(text)
    }
}

impl Payload {
    #[must_use]
    pub fn new(text: Zeroizing<String>) -> Self {
        Self(text)
    }
}

/// Implements deserialization from the store. Serialization is deliberately left to the store.
macro_rules! deserialize {
    ($name:ident, $new:expr) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $new(Zeroizing::<String>::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
    };
}

deserialize!(DeviceId, |text: Zeroizing<String>| Self::new(text.as_str()));
deserialize!(Pin, |text: Zeroizing<String>| Self::new(text.as_str()));
deserialize!(SessionId, |text| Ok::<_, SecretError>(Self::new(text)));

/// The credentials of a linked device.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Device {
    /// Chosen by the client.
    pub id: DeviceId,
    /// Chosen by the client.
    pub pin: Pin,
}

impl Device {
    /// Generates random credentials.
    ///
    /// # Errors
    /// If the system's random source fails.
    pub fn generate() -> Result<Self, SecretError> {
        Ok(Self { id: DeviceId::generate()?, pin: Pin::generate()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_device_is_valid() {
        for _ in 0..200 {
            let device = Device::generate().unwrap();
            assert!(DeviceId::new(device.id.expose()).is_ok());
            assert!(Pin::new(device.pin.expose()).is_ok());
        }
    }

    #[test]
    fn generated_devices_differ() {
        assert!(Device::generate().unwrap() != Device::generate().unwrap());
    }

    #[test]
    fn a_masked_device_id_shows_only_its_ends() {
        assert_eq!(DeviceId::new("ab23456789abcd9f").unwrap().masked(), "ab…9f");
        assert_eq!(DeviceId::new("0F8FAD5B-D9CB-469F-A165-70867728950E").unwrap().masked(), "0F…0E");
    }

    #[test]
    fn malformed_secrets_are_refused() {
        for text in [
            "",
            "ab",
            "ab23456789abcd9g",
            "ab23456789abcd9f0",
            "äb23456789abcd9",
            "0f8fad5bd9cb469fa16570867728950e",
        ] {
            assert!(DeviceId::new(text).is_err(), "{text}");
        }
        for text in ["", "123", "12345678901234567890123", "12a4", "１２３４"] {
            assert!(Pin::new(text).is_err(), "{text}");
        }
        assert!(Pin::new("1234567890123456789012").is_ok());
    }
}
