//! The service's exceptions: the string `CODE|message`, with HTTP status 200.

use std::fmt;

/// An error reported by the application itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    code: u16,
    message: String,
}

impl Exception {
    fn new(code: u16, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, message }
    }

    /// The session does not exist, was ended, or has expired: the service does not distinguish these.
    pub fn session_not_found() -> Self {
        Self::new(4001, "Session not found")
    }

    /// A live session of the wrong kind, such as a system session for a patron's call.
    pub fn wrong_session() -> Self {
        Self::new(4002, "User session not validated")
    }

    /// A parameter is missing, has the wrong type, or has an invalid value.
    pub fn argument(name: &str) -> Self {
        Self::new(9801, format!("Invalid service argument: {name}"))
    }

    /// `authenticatePIN` does not know the device, or the PIN is wrong. One message for both, so that it does
    /// not help an attacker.
    pub fn lost_device() -> Self {
        Self::new(9510, "Device marked as lost")
    }

    /// The device or the old PIN is wrong, in a call that already has a session.
    pub fn bad_device() -> Self {
        Self::new(9801, "Invalid service argument: device or PIN not recognized")
    }

    /// The card is reported lost. The service's actual code is unknown; 6113 is a commerce failure.
    pub fn card_lost() -> Self {
        Self::new(6113, "Card reported lost")
    }

    /// The school does not offer this feature. The service's actual code is unknown.
    pub fn feature_off(feature: &str) -> Self {
        Self::new(9018, format!("Feature not enabled: {feature}"))
    }

    pub fn unknown_method(service: &str, method: &str) -> Self {
        Self::new(9801, format!("Invalid service method: {service}.{method}"))
    }

    /// The request is not an envelope.
    pub fn unparsable() -> Self {
        Self::new(9000, "Unable to parse request")
    }

    pub fn insufficient_funds() -> Self {
        Self::new(6112, "Insufficient funds")
    }

    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::new(9999, format!("Internal server error: {cause}"))
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}|{}", self.code, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::Exception;

    #[test]
    fn an_exception_is_code_bar_message() {
        let text = Exception::session_not_found().to_string();
        assert_eq!(text, "4001|Session not found");
        let text = Exception::argument("PIN").to_string();
        assert_eq!(text, "9801|Invalid service argument: PIN");
    }
}
