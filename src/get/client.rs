//! The client of the service: a typed call a method, each with retries and one correlation id.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::envelope;
use super::failure::{CallError, Failure, LONGEST_WAIT};
use super::method::{self, Method};
use super::observer::{Observer, Watch};
use super::transport::{HttpReply, Transport, TransportError};
use super::wire::accounts::{self, Accounts};
use super::wire::{fields, params, people};
use crate::error::Category;
use crate::model::card::CardState;
use crate::model::school::School;
use crate::model::text::Text;
use crate::secret::request_secrets::RequestSecrets;
use crate::secret::{Device, DeviceId, Payload, SessionId};

/// The shortest and longest pause before another attempt, before jitter.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(3));

/// What a call comes to.
pub type CallResult<T> = Result<T, CallError>;

/// Who the patron is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The service's id.
    pub id: Option<Text>,
    /// The id of the patron's institution.
    pub institution_id: Option<Text>,
    /// The name at sign-in.
    pub user_name: Option<Text>,
    /// The first name.
    pub first_name: Option<Text>,
    /// The last name.
    pub last_name: Option<Text>,
    /// Whether readers take the card.
    pub card: CardState,
}

/// What a school may let its patrons do by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// Report a card lost.
    LostCard,
    /// Report a lost card found.
    FoundCard,
}

/// A client over a transport.
pub struct Client {
    transport: Box<dyn Transport>,
    retries: usize,
    attempts: Mutex<HashMap<Method, u32>>,
    observer: Option<Box<dyn Observer>>,
    server_date: Mutex<Option<Timestamp>>,
}

impl Client {
    /// A client that makes up to `retries` attempts more after a transient failure.
    #[must_use]
    pub fn new(transport: Box<dyn Transport>, retries: usize) -> Self {
        Self { transport, retries, attempts: Mutex::default(), observer: None, server_date: Mutex::default() }
    }

    /// The same client, with someone who keeps account of its calls.
    #[must_use]
    pub fn observed_by(self, observer: Box<dyn Observer>) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// The service's clock at its last reply, where that said so.
    #[must_use]
    pub fn server_date(&self) -> Option<Timestamp> {
        *self.server_date.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Uses no connection again that is open now: the machine slept, and the other side has gone.
    pub fn reconnect(&self) {
        self.transport.reconnect();
    }

    /// Signs a device in; every earlier session of the patron may end.
    ///
    /// # Errors
    /// `authentication_error` when the device is unknown or revoked.
    pub async fn authenticate_pin(&self, device: &Device) -> CallResult<SessionId> {
        let params = params::AuthenticatePin {
            pin: device.pin.expose(),
            device_id: device.id.expose(),
            system_credentials: params::SYSTEM_CREDENTIALS,
        };
        self.call(method::AUTHENTICATE_PIN, &params, secret_text).await.map(SessionId::new)
    }

    /// Makes a device, with the session of a web sign-in. May be repeated with the same device.
    ///
    /// # Errors
    /// `authentication_error` when the web session is over.
    pub async fn create_pin(&self, web_session: &SessionId, device: &Device) -> CallResult<()> {
        let params = params::CreatePin {
            session_id: web_session.expose(),
            device_id: device.id.expose(),
            pin: device.pin.expose(),
        };
        self.call(method::CREATE_PIN, &params, truth).await
    }

    /// Asks whether a device's credentials still work: a change of its PIN to the same PIN.
    ///
    /// # Errors
    /// When they do not, in the category of the service's exception.
    pub async fn verify_pin(&self, session: &SessionId, device: &Device) -> CallResult<()> {
        let params = params::UpdatePin {
            session_id: session.expose(),
            device_id: device.id.expose(),
            old_pin: device.pin.expose(),
            new_pin: device.pin.expose(),
        };
        self.call(method::UPDATE_PIN, &params, truth).await
    }

    /// Revokes a device. May be repeated.
    ///
    /// # Errors
    /// When the service does not say that the device is gone.
    pub async fn delete_pin(&self, session: &SessionId, device: &DeviceId) -> CallResult<()> {
        let params = params::DeletePin { session_id: session.expose(), device_id: device.expose() };
        self.call(method::DELETE_PIN, &params, truth).await
    }

    /// The patron's accounts and their balances.
    ///
    /// # Errors
    /// `authentication_error` when the session has ended.
    pub async fn accounts(&self, session: &SessionId) -> CallResult<Accounts> {
        let params = params::SessionOnly { session_id: session.expose() };
        self.call(method::RETRIEVE_ACCOUNTS, &params, accounts::accounts).await
    }

    /// The payload of the barcode as it is now; valid for about a minute.
    ///
    /// # Errors
    /// `authentication_error` when the session has ended.
    pub async fn barcode_payload(&self, session: &SessionId) -> CallResult<Payload> {
        let params = params::SessionOnly { session_id: session.expose() };
        self.call(method::BARCODE_PAYLOAD, &params, payload).await.map(Payload::new)
    }

    /// Who the patron is: the cheapest call that proves a session.
    ///
    /// # Errors
    /// `authentication_error` when the session has ended.
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

    /// Whether the school has a feature switched on; one that it has no setting for is off.
    ///
    /// # Errors
    /// `authentication_error` when the session has ended.
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

    /// Reports the card lost or found. May be repeated.
    ///
    /// # Errors
    /// When the service does not confirm it; the report may have been taken all the same.
    pub async fn report_card(&self, session: &SessionId, lost: bool) -> CallResult<()> {
        let method = if lost { method::REPORT_CARD_LOST } else { method::REPORT_CARD_FOUND };
        let params = params::SessionOnly { session_id: session.expose() };
        // The confirmation is a text for people, of no fixed form.
        self.call(method, &params, |json| secret_text(json).map(drop)).await
    }

    /// Signs in without a patron, for the methods that need none.
    ///
    /// # Errors
    /// As any call.
    pub async fn authenticate_system(&self) -> CallResult<SessionId> {
        let params = params::AuthenticateSystem { system_credentials: params::SYSTEM_CREDENTIALS };
        self.call(method::AUTHENTICATE_SYSTEM, &params, secret_text).await.map(SessionId::new)
    }

    /// The institutions that the service knows.
    ///
    /// # Errors
    /// As any call.
    pub async fn institutions(&self, system_session: &SessionId) -> CallResult<Vec<School>> {
        let params = params::SessionOnly { session_id: system_session.expose() };
        let list: people::LookupList = self.call(method::LOOKUP_LIST, &params, fields::read).await?;
        Ok(list.schools())
    }

    /// Calls a method and reads its response.
    async fn call<P: Serialize, T>(
        &self,
        method: Method,
        params: &P,
        read: impl Fn(&str) -> Result<T, Failure>,
    ) -> CallResult<T> {
        self.exchange(&method, params, Uuid::new_v4(), |reply| read(envelope::response(&reply)?)).await
    }

    /// Calls a method, with retries for transient failures only.
    pub(super) async fn exchange<P: Serialize, T>(
        &self,
        method: &Method,
        params: &P,
        correlation_id: Uuid,
        read: impl Fn(HttpReply) -> Result<T, Failure>,
    ) -> CallResult<T> {
        let call = Call::start(self, method, correlation_id);
        let read = |reply, sent: RequestSecrets| read(reply).map_err(|failure| failure.without(&sent));
        let result = self.attempts(&call, params, read).await;
        call.end(result)
    }

    /// Attempts until one goes well, fails for good, or the retries are used up.
    pub(super) async fn attempts<P: Serialize, T>(
        &self,
        call: &Call<'_>,
        params: &P,
        read: impl Fn(HttpReply, RequestSecrets) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let (method, correlation_id) = (&call.watch.method, call.watch.correlation_id);
        let attempt = || async {
            let (reply, sent) = self.attempt(call, params).await?;
            read(reply, sent)
        };
        let is_transient =
            |failure: &Failure| failure.cause(method).category() == Category::TransientUpstream;
        attempt
            .retry(
                ExponentialBuilder::default()
                    .with_min_delay(PAUSES.0)
                    .with_max_delay(PAUSES.1)
                    .with_max_times(self.retries)
                    .with_jitter(),
            )
            .when(|failure| {
                is_transient(failure) && failure.retry_after().is_none_or(|wait| wait <= LONGEST_WAIT)
            })
            .adjust(|failure, planned| {
                planned.map(|pause| pause.max(failure.retry_after().unwrap_or_default()))
            })
            .notify(|failure, pause| {
                tracing::debug!(target: "getcard::call", %method, ?failure, ?pause, %correlation_id, "retry");
            })
            .await
    }

    /// One HTTP attempt, counted and logged without secrets. Gives those that were sent, too.
    async fn attempt<P: Serialize>(
        &self,
        call: &Call<'_>,
        params: &P,
    ) -> Result<(HttpReply, RequestSecrets), Failure> {
        let (method, correlation_id) = (&call.watch.method, call.watch.correlation_id);
        let body = envelope::request(&method.name, params)
            .map_err(|error| Failure::Transport(TransportError::Local(error.to_string())))?;
        call.watch.attempt();
        *self.attempts.lock().unwrap_or_else(PoisonError::into_inner).entry(method.clone()).or_default() += 1;
        let sent = RequestSecrets::of(&body);
        tracing::info!(target: "getcard::call", %method, request = %masked(&body, false, &sent), %correlation_id);
        let start = Instant::now();
        let result = self.transport.post(&method.service, body).await;
        let elapsed_ms = tenths(start.elapsed());
        match &result {
            Ok(reply) => {
                *self.server_date.lock().unwrap_or_else(PoisonError::into_inner) = reply.date;
                let body = masked(&reply.body, method.answers_a_secret(), &sent);
                tracing::info!(target: "getcard::call", %method, status = reply.status, elapsed_ms, reply = %body, %correlation_id);
            }
            Err(error) => {
                tracing::info!(target: "getcard::call", %method, elapsed_ms, %error, %correlation_id, "no reply");
            }
        }
        result.map(|reply| (reply, sent)).map_err(Failure::Transport)
    }

    /// HTTP attempts of a method so far.
    pub(super) fn attempts_of(&self, method: &Method) -> u32 {
        let attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.get(method).copied().unwrap_or_default()
    }
}

/// A call on its way, retries included.
pub(super) struct Call<'a> {
    client: &'a Client,
    watch: Watch<'a>,
}

impl<'a> Call<'a> {
    pub(super) fn start(client: &'a Client, method: &Method, correlation_id: Uuid) -> Self {
        Self { client, watch: Watch::start(client.observer.as_deref(), method, correlation_id) }
    }

    /// The same call when the service has answered, and the answer is read later.
    pub(super) fn answered(mut self) -> Self {
        self.watch.answered();
        self
    }

    /// What the call comes to; the observer is told.
    pub(super) fn end<T>(self, result: Result<T, Failure>) -> CallResult<T> {
        let method = &self.watch.method;
        let result = result.map_err(|failure| CallError {
            failure,
            attempts: self.watch.attempts(),
            attempts_in_run: self.client.attempts_of(method),
            correlation_id: self.watch.correlation_id,
            method: method.clone(),
        });
        self.watch.ended(&result);
        result
    }
}

/// Milliseconds to a tenth.
fn tenths(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

/// A body for the log, masked when it is written and only then.
fn masked<'a>(
    body: &'a [u8],
    whole_response: bool,
    sent: &'a RequestSecrets,
) -> impl std::fmt::Display + use<'a> {
    struct Masked<'a>(&'a [u8], bool, &'a RequestSecrets);
    impl std::fmt::Display for Masked<'_> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(&self.2.mask_json(&String::from_utf8_lossy(self.0), self.1))
        }
    }
    Masked(body, whole_response, sent)
}

/// Reads an answer that is a secret text; the failure does not quote it.
fn secret_text(json: &str) -> Result<Zeroizing<String>, Failure> {
    serde_json::from_str(json)
        .map(Zeroizing::new)
        .map_err(|_| unexpected(format!("expected text, found {}", kind_of(json))))
}

/// Reads a barcode payload: text, or an object that holds it.
fn payload(json: &str) -> Result<Zeroizing<String>, Failure> {
    #[derive(Deserialize)]
    struct Wrapped {
        #[serde(alias = "barcodePayload")]
        payload: Zeroizing<String>,
    }
    match serde_json::from_str::<Wrapped>(json) {
        Ok(Wrapped { payload }) => Ok(payload),
        Err(_) => secret_text(json),
    }
}

/// Reads the reply `true`.
fn truth(json: &str) -> Result<(), Failure> {
    match serde_json::from_str(json) {
        Ok(fields::Flag(true)) => Ok(()),
        Ok(fields::Flag(false)) => Err(unexpected("expected true, found false".to_owned())),
        Err(_) => Err(unexpected(format!("expected true, found {}", kind_of(json)))),
    }
}

fn unexpected(problem: String) -> Failure {
    Failure::Shape { field: "response".to_owned(), problem }
}

/// What a JSON text is, without saying more of it.
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
            assert!(truth(json).is_ok(), "{json}");
        }
        for json in ["false", "0", "null", "{}"] {
            assert!(truth(json).is_err(), "{json}");
        }
    }
}
