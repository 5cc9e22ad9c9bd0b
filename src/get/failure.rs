//! A failed call: the kind of failure, and the error shown to the user.

use std::borrow::Cow;
use std::time::Duration;

use uuid::Uuid;

use super::exception::Exception;
use super::method::Method;
use super::transport::TransportError;
use crate::error::{Category, Cause, Error, FailedCall};
use crate::secret::request_secrets::RequestSecrets;

/// The longest Retry-After that is honored by waiting.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The failure of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The service returned an exception.
    Exception(Exception),
    /// A gateway returned an HTTP error status.
    Status {
        status: u16,
        /// The value of Retry-After.
        retry_after: Option<Duration>,
    },
    /// The reply was a web page instead of JSON.
    WebPage,
    /// The reply is not what the method should return.
    Shape {
        /// The path of the field in the reply.
        field: String,
        problem: String,
    },
    /// There was no complete reply.
    Transport(TransportError),
}

impl Failure {
    /// The cause of `method` failing like this.
    #[must_use]
    pub fn cause(&self, method: &Method) -> Cause {
        match self {
            Self::Exception(exception) => exception.cause(method),
            Self::Status { status, retry_after } => {
                Cause::HttpStatus { status: *status, retry_after: *retry_after }
            }
            Self::WebPage => Cause::WebPage,
            Self::Shape { .. } => Cause::UnexpectedReply,
            Self::Transport(error) => match error {
                TransportError::Timeout(_) => Cause::Timeout,
                TransportError::Connect(_) => Cause::CannotConnect,
                TransportError::CutShort(_) => Cause::CutShort,
                TransportError::Certificate(_) => Cause::Certificate,
                TransportError::TooLarge(_) => Cause::ReplyTooLarge,
                TransportError::Encoding(_) => Cause::Encoding,
                TransportError::Local(_) => Cause::Request,
            },
        }
    }

    /// Masks the secrets of the request, in case the service echoed them.
    #[must_use]
    pub fn without(mut self, known: &RequestSecrets) -> Self {
        match &mut self {
            Self::Exception(exception) => *exception = exception.clone().without(known),
            Self::Shape { field, problem } => {
                *field = known.mask(field).into_owned();
                *problem = known.mask(problem).into_owned();
            }
            Self::Status { .. } | Self::WebPage | Self::Transport(_) => {}
        }
        self
    }

    /// How long the server asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Describes the failure for people.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Exception(exception) if exception.message.is_empty() => {
                "the service refused the call without giving a reason".to_owned()
            }
            Self::Exception(exception) => exception.message.clone(),
            Self::Status { status: status @ 300..=399, .. } => {
                format!("the network redirected the call (HTTP {status}); it may want you to sign in")
            }
            Self::Status { status, .. } => format!("the service returned HTTP {status}"),
            Self::WebPage => {
                "received a web page instead of a reply; the network may want you to sign in".to_owned()
            }
            Self::Shape { field, problem } => format!("unexpected reply at {field}: {problem}"),
            Self::Transport(error) => error.to_string(),
        }
    }

    fn hint(&self, category: Category) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::Exception(exception) if exception.is_card_lost() => {
                "when the card is found, run: getcard found"
            }
            Self::Status { retry_after: Some(wait), .. } if *wait > LONGEST_WAIT => {
                return Some(Cow::Owned(format!("try again in {} s", wait.as_secs())));
            }
            Self::WebPage | Self::Status { status: 300..=399, .. } => {
                "open a web page in a browser and sign in to the network, then try again"
            }
            Self::Transport(TransportError::Certificate(_)) => {
                "do not trust this network; for a private certificate authority, set SSL_CERT_FILE"
            }
            Self::Transport(TransportError::Timeout(_)) => {
                "check the network, or allow more time with --timeout"
            }
            Self::Transport(TransportError::Connect(_)) => {
                "check the network, and any proxy or --api-url you set"
            }
            Self::Shape { .. } => "to see raw replies, run: getcard probe commerce.retrieveAccounts",
            _ if category == Category::TransientUpstream => "try again in a moment",
            _ => return None,
        };
        Some(Cow::Borrowed(hint))
    }
}

/// A call that failed after its retries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// The failure of the last attempt.
    pub failure: Failure,
    pub method: Method,
    /// The number of HTTP attempts of this call.
    pub attempts: u32,
    /// The number of HTTP attempts of this method in this run.
    pub attempts_in_run: u32,
    /// The call's id in the log.
    pub correlation_id: Uuid,
}

impl CallError {
    #[must_use]
    pub fn category(&self) -> Category {
        self.cause().category()
    }

    #[must_use]
    pub fn cause(&self) -> Cause {
        self.failure.cause(&self.method)
    }

    /// Returns whether the session has ended, according to the service and not a gateway.
    #[must_use]
    pub fn is_session_ended(&self) -> bool {
        self.cause().is_refusal()
    }

    /// Returns whether nothing was sent, because there was no trusted connection.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        let never = matches!(
            self.failure,
            Failure::Transport(
                TransportError::Certificate(_) | TransportError::Connect(_) | TransportError::Local(_)
            )
        );
        never && self.attempts <= 1
    }

    /// Returns whether the service itself replied, and would reply the same again.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self.failure, Failure::Exception(_)) && self.category() != Category::TransientUpstream
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        let cause = error.cause();
        let CallError { failure, method, attempts_in_run, correlation_id, .. } = error;
        let hint = failure.hint(cause.category());
        let call = FailedCall {
            method: method.to_string(),
            attempts: attempts_in_run,
            correlation_id: correlation_id.to_string(),
        };
        Self::new(cause, failure.message()).of_call(call).edit(|report| report.hint = hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_wait_is_the_hint() {
        let failure = Failure::Status { status: 429, retry_after: Some(Duration::from_secs(90)) };
        assert_eq!(failure.hint(Category::TransientUpstream).unwrap(), "try again in 90 s");
    }
}
