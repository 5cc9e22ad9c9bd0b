//! A call that failed: what kind of failure it is, and the error that it becomes for the user.

use std::borrow::Cow;
use std::time::Duration;

use uuid::Uuid;

use super::exception::Exception;
use super::method::Method;
use super::transport::TransportError;
use crate::error::{Category, Error};
use crate::secret::request_secrets::RequestSecrets;

/// The longest Retry-After that is waited for.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What went wrong in one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The service answered with an exception.
    Exception(Exception),
    /// A gateway answered with an HTTP status.
    Status {
        /// The status.
        status: u16,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// A web page came in place of JSON.
    WebPage,
    /// The answer is not what the method answers.
    Shape {
        /// Where in the answer, as a path of keys.
        field: String,
        /// What is wrong there.
        problem: String,
    },
    /// There is no reply.
    Transport(TransportError),
}

impl Failure {
    /// The category of S0 when `method` fails like this.
    #[must_use]
    pub fn category(&self, method: &Method) -> Category {
        match self {
            Self::Exception(exception) => exception.category(method),
            Self::Status { status, .. } => match status {
                401 => Category::Authentication,
                403 => Category::Authorization,
                400 | 404 | 422 => Category::Validation,
                300..=399 | 408 | 429 | 500..=599 => Category::TransientUpstream,
                _ => Category::Internal,
            },
            Self::WebPage => Category::TransientUpstream,
            Self::Transport(error) if error.is_transient() => Category::TransientUpstream,
            Self::Shape { .. } | Self::Transport(_) => Category::Internal,
        }
    }

    /// The same failure with the secrets of the request masked, should the service have echoed them.
    #[must_use]
    pub fn without(mut self, known: &RequestSecrets) -> Self {
        match &mut self {
            Self::Exception(exception) => exception.message = known.mask(&exception.message).into_owned(),
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

    /// The service's code, or one of ours.
    #[must_use]
    pub fn code(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Exception(exception) => exception.code.clone().map(Cow::Owned),
            Self::Status { status, .. } => Some(Cow::Owned(format!("http_{status}"))),
            Self::WebPage => Some(Cow::Borrowed("web_page")),
            Self::Shape { .. } => Some(Cow::Borrowed("unexpected_answer")),
            Self::Transport(error) => Some(Cow::Borrowed(match error {
                TransportError::Timeout(_) => "timeout",
                TransportError::Connect(_) => "cannot_connect",
                TransportError::CutShort(_) => "cut_short",
                TransportError::Certificate(_) => "certificate",
                TransportError::TooLarge(_) => "too_large",
                TransportError::Encoding(_) => "encoding",
                TransportError::Local(_) => "request",
            })),
        }
    }

    fn message(&self, method: &Method) -> String {
        match self {
            Self::Exception(exception) => match (&exception.code, exception.message.as_str()) {
                (None, "") => format!("{method} failed without a reason"),
                (None, message) => format!("{method} failed: {message}"),
                (Some(code), "") => format!("{method} failed with code {code}"),
                (Some(code), message) => format!("{method} failed: {message} (code {code})"),
            },
            Self::Status { status: status @ 300..=399, .. } => {
                format!(
                    "{method}: a redirect (HTTP {status}) came instead of an answer, as on a network that wants a sign-in"
                )
            }
            Self::Status { status, .. } => format!("{method}: the service answered HTTP {status}"),
            Self::WebPage => {
                format!(
                    "{method}: a web page came instead of an answer, as on a network that wants a sign-in"
                )
            }
            Self::Shape { field, problem } => format!("{method}: unexpected answer at {field}: {problem}"),
            Self::Transport(error) => format!("{method}: {error}"),
        }
    }

    fn hint(&self, category: Category) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::Status { retry_after: Some(wait), .. } if *wait > LONGEST_WAIT => {
                return Some(Cow::Owned(format!("try again in {} s", wait.as_secs())));
            }
            Self::WebPage | Self::Status { status: 300..=399, .. } => {
                "open a web page in a browser and sign in to the network, then try again"
            }
            Self::Transport(TransportError::Certificate(_)) => {
                "do not trust this network; for a private certificate authority set SSL_CERT_FILE"
            }
            Self::Transport(TransportError::Timeout(_)) => {
                "check the network, or allow more time with --timeout"
            }
            Self::Transport(TransportError::Connect(_)) => {
                "check the network, the proxy settings and --api-url"
            }
            Self::Shape { .. } => "look at the raw answer with: getcard probe",
            _ if category == Category::TransientUpstream => "try again in a moment",
            _ => return None,
        };
        Some(Cow::Borrowed(hint))
    }
}

/// A call that failed, after its retries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// What went wrong in the last attempt.
    pub failure: Failure,
    /// Its category.
    pub category: Category,
    /// The method called.
    pub method: Method,
    /// HTTP attempts of this call.
    pub attempts: u32,
    /// HTTP attempts of this method in this run.
    pub attempts_in_run: u32,
    /// The call's id in the log.
    pub correlation_id: Uuid,
}

impl CallError {
    /// Whether the session is no longer one: the service said so, not a gateway.
    #[must_use]
    pub fn is_session_ended(&self) -> bool {
        self.is_verdict() && self.category == Category::Authentication
    }

    /// Whether nothing was sent: there was no connection that could be trusted to carry it.
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

    /// Whether the service itself has answered, and will answer the same again.
    #[must_use]
    pub fn is_verdict(&self) -> bool {
        matches!(self.failure, Failure::Exception(_)) && self.category != Category::TransientUpstream
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        let CallError { failure, category, method, attempts_in_run, correlation_id, .. } = error;
        Self::new(category, failure.message(&method)).edit(|report| {
            report.code = failure.code();
            report.hint = failure.hint(category);
            report.method = Some(method.to_string());
            report.attempts = Some(attempts_in_run);
            report.correlation_id = Some(correlation_id.to_string());
            report.retry_after = failure.retry_after();
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::get::method::RETRIEVE_ACCOUNTS;

    #[test]
    fn http_statuses_have_their_categories() {
        let cases = [
            (401, Category::Authentication),
            (403, Category::Authorization),
            (400, Category::Validation),
            (404, Category::Validation),
            (422, Category::Validation),
            (429, Category::TransientUpstream),
            (500, Category::TransientUpstream),
            (503, Category::TransientUpstream),
            (302, Category::TransientUpstream),
            (418, Category::Internal),
        ];
        for (status, category) in cases {
            let failure = Failure::Status { status, retry_after: None };
            assert_eq!(failure.category(&RETRIEVE_ACCOUNTS), category, "{status}");
        }
    }

    #[test]
    fn an_untrusted_certificate_is_not_transient() {
        let failure = Failure::Transport(TransportError::Certificate("expired".to_owned()));
        assert_eq!(failure.category(&RETRIEVE_ACCOUNTS), Category::Internal);
    }

    #[test]
    fn a_long_wait_is_the_hint() {
        let failure = Failure::Status { status: 429, retry_after: Some(Duration::from_secs(90)) };
        assert_eq!(failure.hint(Category::TransientUpstream).unwrap(), "try again in 90 s");
    }
}
