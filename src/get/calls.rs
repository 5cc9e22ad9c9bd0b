//! Typed calls, one function per method of the service.

use serde::Deserialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::client::{Call, CallResult, Client};
use super::envelope;
use super::failure::Failure;
use super::method::{self};
use super::transport::HttpReply;
use super::wire::accounts::{self, Accounts};
use super::wire::{fields, params, people};
use crate::model::card::CardState;
use crate::model::school::School;
use crate::model::text::Text;
use crate::secret::request_secrets::RequestSecrets;
use crate::secret::{Device, DeviceId, Payload, SessionId};

/// The patron's profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The service's id.
    pub id: Option<Text>,
    /// The id of the patron's institution.
    pub institution_id: Option<Text>,
    /// The sign-in name.
    pub user_name: Option<Text>,
    pub first_name: Option<Text>,
    pub last_name: Option<Text>,
    /// Whether the card is active or reported lost.
    pub card: CardState,
}

/// Something that a school may let its patrons do themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// Report a card lost.
    LostCard,
    /// Report a lost card found.
    FoundCard,
}

impl Client {
    /// Signs a device in. This may end every earlier session of the patron.
    ///
    /// # Errors
    /// `authentication_error` if the device is unknown or revoked.
    pub async fn authenticate_pin(&self, device: &Device) -> CallResult<SessionId> {
        self.call(method::AUTHENTICATE_PIN, &authenticate_pin(device), secret_text).await.map(SessionId::new)
    }

    /// Authenticates a device that may not exist. `None` if the service does not know it, which is no error here.
    ///
    /// # Errors
    /// If the call fails in any other way.
    pub async fn authenticate_if_known(&self, device: &Device) -> CallResult<Option<SessionId>> {
        let call = Call::start(self, &method::AUTHENTICATE_PIN, Uuid::new_v4());
        let read = |reply: HttpReply, sent: RequestSecrets| {
            let session = envelope::response(&reply).and_then(secret_text);
            session.map_err(|failure| failure.without(&sent))
        };
        match self.attempts(&call, &authenticate_pin(device), read).await {
            Err(failure) if failure.cause(&method::AUTHENTICATE_PIN).is_unknown_device() => {
                call.end_without_device();
                Ok(None)
            }
            session => call.end(session).map(SessionId::new).map(Some),
        }
    }

    /// Creates a device in a web session. Idempotent for the same device.
    ///
    /// # Errors
    /// `authentication_error` if the web session has ended.
    pub async fn create_pin(&self, web_session: &SessionId, device: &Device) -> CallResult<()> {
        let params = params::CreatePin {
            session_id: web_session.expose(),
            device_id: device.id.expose(),
            pin: device.pin.expose(),
        };
        self.call(method::CREATE_PIN, &params, expect_true).await
    }

    /// Verifies a device's credentials by changing its PIN to the same PIN.
    ///
    /// # Errors
    /// If they are invalid, in the category of the service's exception.
    pub async fn verify_pin(&self, session: &SessionId, device: &Device) -> CallResult<()> {
        let params = params::UpdatePin {
            session_id: session.expose(),
            device_id: device.id.expose(),
            old_pin: device.pin.expose(),
            new_pin: device.pin.expose(),
        };
        self.call(method::UPDATE_PIN, &params, expect_true).await
    }

    /// Revokes a device. Idempotent.
    ///
    /// # Errors
    /// If the service does not confirm that the device is gone.
    pub async fn delete_pin(&self, session: &SessionId, device: &DeviceId) -> CallResult<()> {
        let params = params::DeletePin { session_id: session.expose(), device_id: device.expose() };
        self.call(method::DELETE_PIN, &params, expect_true).await
    }

    /// Fetches the patron's accounts with their balances.
    ///
    /// # Errors
    /// `authentication_error` if the session has ended.
    pub async fn accounts(&self, session: &SessionId) -> CallResult<Accounts> {
        let params = params::SessionOnly { session_id: session.expose() };
        self.call(method::RETRIEVE_ACCOUNTS, &params, accounts::accounts).await
    }

    /// Fetches the current barcode payload, which is valid for about a minute.
    ///
    /// # Errors
    /// `authentication_error` if the session has ended.
    pub async fn barcode_payload(&self, session: &SessionId) -> CallResult<Payload> {
        let params = params::SessionOnly { session_id: session.expose() };
        self.call(method::BARCODE_PAYLOAD, &params, payload).await.map(Payload::new)
    }

    /// Fetches the patron's profile: the cheapest call that proves a session.
    ///
    /// # Errors
    /// `authentication_error` if the session has ended.
    pub async fn user(&self, session: &SessionId) -> CallResult<User> {
        let params = params::SessionOnly { session_id: session.expose() };
        let user: people::User = self.call(method::RETRIEVE_USER, &params, fields::read).await?;
        Ok(User {
            id: user.id.map(|fields::Id(id)| id),
            institution_id: user.institution_id.map(|fields::Id(id)| id),
            user_name: user.user_name,
            first_name: user.first_name,
            last_name: user.last_name,
            card: CardState::of_media_status(
                user.cashless_media_status.as_ref().map(|fields::Id(id)| id.exact()),
            ),
        })
    }

    /// Returns whether the school has enabled a feature; a missing setting means it is off.
    ///
    /// # Errors
    /// `authentication_error` if the session has ended.
    pub async fn has_feature(&self, session: &SessionId, feature: Feature) -> CallResult<bool> {
        let name = match feature {
            Feature::LostCard => "enable_lost_card",
            Feature::FoundCard => "enable_found_card",
        };
        let params = params::RetrieveSetting {
            session_id: session.expose(),
            domain: "get",
            category: "feature",
            name,
        };
        let setting: Option<people::Setting> =
            self.call(method::RETRIEVE_SETTING, &params, fields::read).await?;
        Ok(setting.and_then(|setting| setting.value).is_some_and(|fields::Id(value)| value == "1"))
    }

    /// Reports the card lost or found. Idempotent.
    ///
    /// # Errors
    /// If the service does not confirm it; the report may have taken effect anyway.
    pub async fn report_card(&self, session: &SessionId, lost: bool) -> CallResult<()> {
        let method = if lost { method::REPORT_CARD_LOST } else { method::REPORT_CARD_FOUND };
        let params = params::SessionOnly { session_id: session.expose() };
        // The confirmation is free-form text.
        self.call(method, &params, |json| secret_text(json).map(drop)).await
    }

    /// Opens a session without a patron, for the methods that need none.
    ///
    /// # Errors
    /// If the call fails.
    pub async fn authenticate_system(&self) -> CallResult<SessionId> {
        let params = params::AuthenticateSystem { system_credentials: params::SYSTEM_CREDENTIALS };
        self.call(method::AUTHENTICATE_SYSTEM, &params, secret_text).await.map(SessionId::new)
    }

    /// Fetches the list of institutions.
    ///
    /// # Errors
    /// If the call fails.
    pub async fn institutions(&self, system_session: &SessionId) -> CallResult<Vec<School>> {
        let params = params::SessionOnly { session_id: system_session.expose() };
        let list: people::LookupList = self.call(method::LOOKUP_LIST, &params, fields::read).await?;
        Ok(list.schools())
    }
}

fn authenticate_pin(device: &Device) -> params::AuthenticatePin<'_> {
    params::AuthenticatePin {
        pin: device.pin.expose(),
        device_id: device.id.expose(),
        system_credentials: params::SYSTEM_CREDENTIALS,
    }
}

/// The maximum length of a secret string in a reply, as JSON, in bytes; a barcode is shorter.
const MAX_BYTES: usize = 16 << 10;

/// Parses a reply that is a secret string, without quoting it in errors.
fn secret_text(json: &str) -> Result<Zeroizing<String>, Failure> {
    if json.len() > MAX_BYTES {
        return Err(unexpected(format!("expected text, found {} bytes", json.len())));
    }
    serde_json::from_str(json)
        .map(Zeroizing::new)
        .map_err(|_| unexpected(format!("expected text, found {}", kind_of(json))))
}

/// Parses a barcode payload: a string, or an object that contains it.
fn payload(json: &str) -> Result<Zeroizing<String>, Failure> {
    #[derive(Deserialize)]
    struct Wrapped {
        #[serde(alias = "barcodePayload")]
        payload: Zeroizing<String>,
    }
    match serde_json::from_str::<Wrapped>(json) {
        Ok(Wrapped { payload }) if json.len() <= MAX_BYTES => Ok(payload),
        _ => secret_text(json),
    }
}

/// Parses the reply `true`.
fn expect_true(json: &str) -> Result<(), Failure> {
    match serde_json::from_str(json) {
        Ok(fields::Flag(true)) => Ok(()),
        Ok(fields::Flag(false)) => Err(unexpected("expected true, found false".to_owned())),
        Err(_) => Err(unexpected(format!("expected true, found {}", kind_of(json)))),
    }
}

fn unexpected(problem: String) -> Failure {
    Failure::Shape { field: "response".to_owned(), problem }
}

/// Names the kind of a JSON value, without quoting it.
fn kind_of(json: &str) -> &'static str {
    match json.trim_start().as_bytes().first() {
        Some(b'"') => "text",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'n') => "null",
        Some(b't' | b'f') => "a truth value",
        _ => "a number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_text_or_in_an_object() {
        for json in [r#""17""#, r#"{"payload":"17"}"#, r#"{"barcodePayload":"17","x":1}"#] {
            assert_eq!(*payload(json).unwrap(), "17", "{json}");
        }
        for json in ["17", "null", "{}", r#"{"payload":17}"#] {
            assert!(payload(json).is_err(), "{json}");
        }
    }

    #[test]
    fn success_is_any_form_of_true() {
        for json in ["true", "1", "\"true\""] {
            assert!(expect_true(json).is_ok(), "{json}");
        }
        for json in ["false", "0", "null", "{}"] {
            assert!(expect_true(json).is_err(), "{json}");
        }
    }
}
