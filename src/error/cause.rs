//! The causes of failures, which callers match on and which determine category, code and retryability.

use std::borrow::Cow;
use std::time::Duration;

use super::category::Category;

/// Why something failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The service returned an exception.
    Exception {
        /// Its code of at least four digits.
        code: Option<String>,
        /// The category of the code for the method called.
        category: Category,
    },
    /// The service refused to sign the device in.
    SignInRefused {
        /// The code of the exception.
        code: Option<String>,
        /// Whether it means that no such device exists, which is the only proof that a device is dead.
        unknown_device: bool,
    },
    /// A gateway returned an HTTP error status.
    HttpStatus {
        status: u16,
        /// The value of Retry-After.
        retry_after: Option<Duration>,
    },
    /// The reply was a web page instead of JSON.
    WebPage,
    /// The reply does not match the method.
    UnexpectedReply,
    /// No reply in time.
    Timeout,
    /// No connection.
    CannotConnect,
    /// The reply ended early.
    CutShort,
    /// The server's certificate is not trusted.
    Certificate,
    /// The reply exceeds the size limit.
    ReplyTooLarge,
    /// The reply cannot be decompressed.
    Encoding,
    /// The request could not be created.
    Request,
    /// The client cannot be set up.
    NetworkSetup,

    /// Nothing is linked for this profile and origin.
    NotLinked,
    /// A device is already linked.
    AlreadyLinked,
    /// The service refused the device too often to try again.
    SignInStopped,
    /// The service refused the device moments ago.
    SignInPaused {
        /// The time until the next attempt.
        retry_after: Duration,
    },
    /// The session has ended, and there is no device to sign in again.
    SessionEnded,
    /// Another device ends each session before it can be used.
    SessionStolen,
    /// The school has switched this feature off.
    SwitchedOff,
    /// The credentials in the environment are unusable.
    Credentials,
    /// The text contains no session id.
    NoSession,
    /// The text contains different session ids.
    AmbiguousSession,
    /// The image contains no QR code.
    NoQrCode,
    /// The file is not a readable image.
    BadImage,
    /// The payload cannot be encoded as a barcode.
    UnusablePayload,

    /// Wrong usage of the command line.
    Usage,
    /// The configuration file is unusable.
    Config,
    /// The base URL is unsafe or not a URL.
    ApiUrl,
    /// No account has this name.
    NoSuchAccount,
    /// Accounts with different units were compared with one number.
    MixedUnits,
    /// No school matches.
    NoSuchSchool,
    /// Several schools match.
    AmbiguousSchool,
    /// The school whose sign-in page to open is unknown.
    SchoolUnknown,
    /// An impossible time range.
    Range,
    /// The parameters are not a JSON object.
    BadParams,
    /// The symbol cannot have this shape.
    Shape,
    /// The barcode does not fit the terminal.
    TerminalTooSmall,
    /// Refused to write a binary image to a terminal.
    PngToTerminal,
    /// The format cannot be derived from the file name.
    FileType,
    /// There is nothing to draw.
    NothingToDraw,
    /// Input is needed, but prompting is not possible.
    NoInput,
    /// The input is not UTF-8.
    NotText,
    /// The input exceeds its size limit.
    TooLong,
    /// The command is not available in ephemeral mode.
    Ephemeral,
    /// A link cannot be kept in the memory store.
    MemoryStore,
    /// The TLS certificate or key is unusable.
    TlsIdentity,

    /// The recording is invalid.
    Replay,

    /// The user has no home directory.
    NoHome,
    /// Output cannot be written.
    Output,
    /// Input cannot be read.
    Input,
    /// The terminal cannot be controlled.
    Terminal,
    /// Cannot listen on the port.
    Port,
    /// The system's random source failed.
    Random,
    /// The lock file is unusable.
    Lock,
    /// Another process holds the profile's lock.
    ProfileBusy,
    /// This machine has no store of this kind.
    StoreAbsent,
    /// The keychain is locked.
    StoreLocked,
    /// The keychain denies access.
    StoreDenied,
    /// The keychain did not respond in time.
    StoreTimeout,
    StoreFailed,
    /// The stored entry is unusable.
    StoreBroken,
    /// Others could read or change the store.
    StoreUnsafe,
    /// Another process holds the store's lock.
    StoreBusy,
    /// The passphrase is missing or wrong.
    StorePassphrase,
    /// Any other internal error.
    Unexpected,
}

impl Cause {
    /// The category, and the code for causes without a code of their own.
    fn kind(&self) -> (Category, &'static str) {
        use Category::{Authentication, Authorization, Internal, TransientUpstream, Validation};
        match self {
            Self::Exception { category, .. } => (*category, "exception"),
            Self::SignInRefused { .. } => (Authentication, "exception"),
            Self::HttpStatus { status, .. } => (of_status(*status), "http"),
            Self::WebPage => (TransientUpstream, "web_page"),
            Self::UnexpectedReply => (Internal, "unexpected_answer"),
            Self::Timeout => (TransientUpstream, "timeout"),
            Self::CannotConnect => (TransientUpstream, "cannot_connect"),
            Self::CutShort => (TransientUpstream, "cut_short"),
            Self::Certificate => (Internal, "certificate"),
            Self::ReplyTooLarge => (Internal, "too_large"),
            Self::Encoding => (Internal, "encoding"),
            Self::Request => (Internal, "request"),
            Self::NetworkSetup => (Internal, "network_setup"),

            Self::NotLinked => (Authentication, "not_linked"),
            Self::AlreadyLinked => (Validation, "already_linked"),
            Self::SignInStopped => (Authentication, "sign_in_stopped"),
            Self::SignInPaused { .. } => (Authentication, "sign_in_paused"),
            Self::SessionEnded => (Authentication, "session_ended"),
            Self::SessionStolen => (TransientUpstream, "session_stolen"),
            Self::SwitchedOff => (Authorization, "switched_off"),
            Self::Credentials => (Validation, "credentials"),
            Self::NoSession => (Validation, "no_session"),
            Self::AmbiguousSession => (Validation, "ambiguous_session"),
            Self::NoQrCode => (Validation, "no_qr_code"),
            Self::BadImage => (Validation, "bad_image"),
            Self::UnusablePayload => (Internal, "unusable_payload"),

            Self::Usage => (Validation, "usage"),
            Self::Config => (Validation, "config"),
            Self::ApiUrl => (Validation, "api_url"),
            Self::NoSuchAccount => (Validation, "no_such_account"),
            Self::MixedUnits => (Validation, "mixed_units"),
            Self::NoSuchSchool => (Validation, "no_such_school"),
            Self::AmbiguousSchool => (Validation, "ambiguous_school"),
            Self::SchoolUnknown => (Validation, "school_unknown"),
            Self::Range => (Validation, "range"),
            Self::BadParams => (Validation, "bad_params"),
            Self::Shape => (Validation, "shape"),
            Self::TerminalTooSmall => (Validation, "terminal_too_small"),
            Self::PngToTerminal => (Validation, "png_to_terminal"),
            Self::FileType => (Validation, "file_type"),
            Self::NothingToDraw => (Validation, "nothing_to_draw"),
            Self::NoInput => (Validation, "no_input"),
            Self::NotText => (Validation, "not_text"),
            Self::TooLong => (Validation, "too_long"),
            Self::Ephemeral => (Validation, "ephemeral"),
            Self::MemoryStore => (Validation, "memory_store"),
            Self::TlsIdentity => (Validation, "tls_identity"),
            Self::Replay => (Validation, "replay"),

            Self::NoHome => (Internal, "no_home"),
            Self::Output => (Internal, "output"),
            Self::Input => (Internal, "input"),
            Self::Terminal => (Internal, "terminal"),
            Self::Port => (Internal, "port"),
            Self::Random => (Internal, "random"),
            Self::Lock => (Internal, "lock"),
            Self::ProfileBusy => (TransientUpstream, "profile_busy"),
            Self::StoreAbsent => (Internal, "store_absent"),
            Self::StoreLocked => (Internal, "store_locked"),
            Self::StoreDenied => (Internal, "store_denied"),
            Self::StoreTimeout => (Internal, "store_timeout"),
            Self::StoreFailed => (Internal, "store_failed"),
            Self::StoreBroken => (Internal, "store_broken"),
            Self::StoreUnsafe => (Internal, "store_unsafe"),
            Self::StoreBusy => (Internal, "store_busy"),
            Self::StorePassphrase => (Internal, "store_passphrase"),
            Self::Unexpected => (Internal, "unexpected"),
        }
    }

    /// The category of this failure.
    #[must_use]
    pub fn category(&self) -> Category {
        self.kind().0
    }

    /// The code in JSON: the service's own (`4001`), `http_` with a status, or one of getcard's (`store_locked`).
    #[must_use]
    pub fn code(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Exception { code, .. } | Self::SignInRefused { code, .. } => code.clone().map(Cow::Owned),
            Self::HttpStatus { status, .. } => Some(Cow::Owned(format!("http_{status}"))),
            _ => Some(Cow::Borrowed(self.kind().1)),
        }
    }

    /// Returns whether the same command may succeed later without any other action.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::SignInPaused { .. } | Self::StoreBusy)
            || self.category() == Category::TransientUpstream
    }

    /// How long to wait before retrying, if known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::HttpStatus { retry_after, .. } => *retry_after,
            Self::SignInPaused { retry_after } => Some(*retry_after),
            _ => None,
        }
    }

    /// Returns whether the service itself, not a gateway, rejected the session or the device.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::SignInRefused { .. } | Self::Exception { category: Category::Authentication, .. }
        )
    }

    /// Returns whether the service says that there is no such device: the only proof that one is dead.
    #[must_use]
    pub fn is_unknown_device(&self) -> bool {
        matches!(self, Self::SignInRefused { unknown_device: true, .. })
    }

    /// The code of the service's exception.
    #[must_use]
    pub fn exception_code(&self) -> Option<&str> {
        match self {
            Self::Exception { code, .. } | Self::SignInRefused { code, .. } => code.as_deref(),
            _ => None,
        }
    }

    /// Returns whether no session is possible until the user acts, as opposed to a session that another
    /// device ended.
    #[must_use]
    pub fn is_unlinked(&self) -> bool {
        matches!(
            self,
            Self::SignInRefused { .. }
                | Self::SignInStopped
                | Self::SignInPaused { .. }
                | Self::SessionEnded
                | Self::NotLinked
        )
    }
}

fn of_status(status: u16) -> Category {
    match status {
        401 => Category::Authentication,
        403 => Category::Authorization,
        400 | 404 | 422 => Category::Validation,
        300..=399 | 408 | 429 | 500..=599 => Category::TransientUpstream,
        _ => Category::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_statuses_have_categories() {
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
            let cause = Cause::HttpStatus { status, retry_after: None };
            assert_eq!(cause.category(), category, "{status}");
            assert_eq!(cause.code().unwrap(), format!("http_{status}"));
            assert!(!cause.is_refusal(), "a gateway does not know the credentials");
        }
    }

    #[test]
    fn a_refused_sign_in_is_final_and_an_ended_session_is_not() {
        let refused = Cause::SignInRefused { code: Some("9510".to_owned()), unknown_device: true };
        assert!(refused.is_refusal() && refused.is_unlinked() && !refused.is_retryable());
        let ended = Cause::Exception { code: Some("4001".to_owned()), category: Category::Authentication };
        assert!(ended.is_refusal() && !ended.is_unlinked());
        assert!(!Cause::NotLinked.is_refusal(), "getcard says so, not the service");
    }
}
