//! The names of the services and their methods.

/// The service that controls the sandbox. **The real service has no such thing.**
pub const CONTROL: &str = "sandbox";

/// The services of the protocol.
pub const SERVICES: [&str; 5] = ["authentication", "user", "commerce", "institution", "configuration"];

/// Every method of the protocol, as (service, method).
pub const METHODS: [(&str, &str); 18] = [
    ("authentication", "authenticatePIN"),
    ("authentication", "authenticateSystem"),
    ("authentication", "retrievePatronBarcodePayload"),
    ("user", "createPIN"),
    ("user", "updatePIN"),
    ("user", "deletePIN"),
    ("user", "retrieve"),
    ("user", "retrieveSetting"),
    ("user", "reportCardLost"),
    ("user", "reportCardFound"),
    ("commerce", "retrieveAccounts"),
    ("commerce", "retrieveAccountsByUser"),
    ("commerce", "retrieveTransactionHistory"),
    ("commerce", "retrieveTransactionHistoryWithinDateRange"),
    ("institution", "retrieve"),
    ("institution", "retrieveLookupList"),
    ("configuration", "retrieveSetting"),
    ("configuration", "retrieveSettingList"),
];

/// Returns whether `name`, with or without a service (`service.method`), matches `service.method`.
pub fn means(name: &str, service: &str, method: &str) -> bool {
    match name.split_once('.') {
        Some((only, name)) => only == service && name == method,
        None => name == method,
    }
}

#[cfg(test)]
mod tests {
    use super::{METHODS, SERVICES, means};

    #[test]
    fn every_method_belongs_to_a_service() {
        assert!(METHODS.iter().all(|(service, _)| SERVICES.contains(service)));
        assert!(SERVICES.iter().all(|service| METHODS.iter().any(|(known, _)| known == service)));
    }

    #[test]
    fn a_name_without_a_service_matches_every_service() {
        assert!(means("retrieve", "user", "retrieve") && means("retrieve", "institution", "retrieve"));
        assert!(means("user.retrieve", "user", "retrieve"));
        assert!(!means("user.retrieve", "institution", "retrieve"));
        assert!(!means("retrieve", "user", "retrieveSetting"));
    }
}
