//! The service client: calls with retries, each under one correlation id.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::envelope;
use super::failure::{CallError, Failure, LONGEST_WAIT};
use super::method::Method;
use super::observer::{Observer, Watch};
use super::phases::Phases;
use super::transport::{HttpReply, Transport, TransportError};
use crate::error::Category;
use crate::model::time::milliseconds;
use crate::secret::redact;
use crate::secret::request_secrets::RequestSecrets;

/// The minimum and maximum back-off between attempts, before jitter.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(3));

/// The maximum length of a logged body, in bytes.
const LOGGED_BYTES: usize = 1 << 20;

pub type CallResult<T> = Result<T, CallError>;

/// A client over a transport.
pub struct Client {
    transport: Box<dyn Transport>,
    retries: usize,
    attempts: Mutex<HashMap<Method, u32>>,
    observer: Option<Box<dyn Observer>>,
    server_date: Mutex<Option<Timestamp>>,
}

impl Client {
    /// Creates a client that retries up to `retries` times after transient failures.
    #[must_use]
    pub fn new(transport: Box<dyn Transport>, retries: usize) -> Self {
        Self { transport, retries, attempts: Mutex::default(), observer: None, server_date: Mutex::default() }
    }

    /// Adds an observer of the client's calls.
    #[must_use]
    pub fn observed_by(self, observer: Box<dyn Observer>) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// The service's clock at its last reply, if the reply had a date.
    #[must_use]
    pub fn server_date(&self) -> Option<Timestamp> {
        *self.server_date.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a connection for the first call in advance; a failure is the call's.
    pub fn preconnect(&self) {
        self.transport.preconnect();
    }

    /// Drops the open connections: after a suspend, the server has closed them.
    pub fn reconnect(&self) {
        self.transport.reconnect();
    }

    /// The durations of the phases of the last attempt.
    pub(super) fn last_phases(&self) -> Option<Phases> {
        self.transport.last_phases()
    }

    /// Calls a method and parses its response.
    pub(super) async fn call<P: Serialize, T>(
        &self,
        method: Method,
        params: &P,
        read: impl Fn(&str) -> Result<T, Failure>,
    ) -> CallResult<T> {
        self.exchange(&method, params, Uuid::new_v4(), |reply| read(envelope::response(&reply)?)).await
    }

    /// Calls a method with retries and reads the raw HTTP reply. Only transient failures are retried.
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

    /// Attempts a call until it succeeds, fails permanently, or runs out of retries.
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
                let pause_ms = milliseconds(pause);
                tracing::debug!(target: "getcard::call", %method, error = failure.message(), pause_ms, %correlation_id, "retry");
            })
            .await
    }

    /// Makes one HTTP attempt, counted and logged without secrets. Also returns the secrets that were sent.
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
        let elapsed_ms = milliseconds(start.elapsed());
        match &result {
            Ok(reply) => {
                *self.server_date.lock().unwrap_or_else(PoisonError::into_inner) = reply.date;
                let body = masked(&reply.body, method.response_is_secret(), &sent);
                tracing::info!(target: "getcard::call", %method, status = reply.status, elapsed_ms, reply = %body, %correlation_id);
            }
            Err(error) => {
                tracing::info!(target: "getcard::call", %method, elapsed_ms, %error, %correlation_id, "no reply");
            }
        }
        result.map(|reply| (reply, sent)).map_err(Failure::Transport)
    }

    /// The number of HTTP attempts of a method in this run.
    pub(super) fn attempts_of(&self, method: &Method) -> u32 {
        let attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.get(method).copied().unwrap_or_default()
    }
}

/// A call in progress, including its retries.
pub(super) struct Call<'a> {
    client: &'a Client,
    watch: Watch<'a>,
}

impl<'a> Call<'a> {
    pub(super) fn start(client: &'a Client, method: &Method, correlation_id: Uuid) -> Self {
        Self { client, watch: Watch::start(client.observer.as_deref(), method, correlation_id) }
    }

    /// Marks the call as answered, so that reading the reply later does not count toward its duration.
    pub(super) fn answered(mut self) -> Self {
        self.watch.answered();
        self
    }

    /// Ends a call about a device that the service does not know.
    pub(super) fn end_without_device(self) {
        self.watch.ended_without_device();
    }

    /// Ends the call with this result and notifies the observer.
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

/// A body for the log, masked lazily when it is formatted.
fn masked<'a>(
    body: &'a [u8],
    whole_response: bool,
    sent: &'a RequestSecrets,
) -> impl std::fmt::Display + use<'a> {
    struct Masked<'a>(&'a [u8], bool, &'a RequestSecrets);
    impl std::fmt::Display for Masked<'_> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let text = String::from_utf8_lossy(&self.0[..self.0.len().min(LOGGED_BYTES + 1)]);
            let logged = redact::beginning(&text, LOGGED_BYTES);
            f.write_str(&self.2.mask_json(logged, self.1))?;
            if logged.len() < text.len() { write!(f, "… ({} bytes)", self.0.len()) } else { Ok(()) }
        }
    }
    Masked(body, whole_response, sent)
}
