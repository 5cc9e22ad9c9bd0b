//! The methods of the service that getcard calls.

use std::borrow::Cow;
use std::fmt;

/// A method of the service.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Method {
    /// The service it belongs to: the last segment of the URL.
    pub service: Cow<'static, str>,
    /// Its name in the envelope.
    pub name: Cow<'static, str>,
}

impl Method {
    const fn new(service: &'static str, name: &'static str) -> Self {
        Self { service: Cow::Borrowed(service), name: Cow::Borrowed(name) }
    }

    /// Whether the whole response is a secret: a session id or a barcode payload.
    #[must_use]
    pub fn response_is_secret(&self) -> bool {
        [AUTHENTICATE_PIN, AUTHENTICATE_SYSTEM, BARCODE_PAYLOAD].contains(self)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.service, self.name)
    }
}

pub const AUTHENTICATE_PIN: Method = Method::new("authentication", "authenticatePIN");
/// Opens a session without a patron.
pub const AUTHENTICATE_SYSTEM: Method = Method::new("authentication", "authenticateSystem");
pub const BARCODE_PAYLOAD: Method = Method::new("authentication", "retrievePatronBarcodePayload");
/// Creates a device.
pub const CREATE_PIN: Method = Method::new("user", "createPIN");
/// Changes a device's PIN; with equal PINs, verifies it.
pub const UPDATE_PIN: Method = Method::new("user", "updatePIN");
/// Revokes a device.
pub const DELETE_PIN: Method = Method::new("user", "deletePIN");
/// Fetches the patron's profile.
pub const RETRIEVE_USER: Method = Method::new("user", "retrieve");
pub const REPORT_CARD_LOST: Method = Method::new("user", "reportCardLost");
pub const REPORT_CARD_FOUND: Method = Method::new("user", "reportCardFound");
/// Fetches a setting of the school.
pub const RETRIEVE_SETTING: Method = Method::new("configuration", "retrieveSetting");
pub const RETRIEVE_ACCOUNTS: Method = Method::new("commerce", "retrieveAccounts");
pub const TRANSACTION_HISTORY: Method = Method::new("commerce", "retrieveTransactionHistoryWithinDateRange");
/// Lists the institutions.
pub const LOOKUP_LIST: Method = Method::new("institution", "retrieveLookupList");

/// Every method that getcard calls, for completion.
pub const ALL: [&Method; 13] = [
    &AUTHENTICATE_PIN,
    &AUTHENTICATE_SYSTEM,
    &BARCODE_PAYLOAD,
    &CREATE_PIN,
    &UPDATE_PIN,
    &DELETE_PIN,
    &RETRIEVE_USER,
    &REPORT_CARD_LOST,
    &REPORT_CARD_FOUND,
    &RETRIEVE_SETTING,
    &RETRIEVE_ACCOUNTS,
    &TRANSACTION_HISTORY,
    &LOOKUP_LIST,
];
