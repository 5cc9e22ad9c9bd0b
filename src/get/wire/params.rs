//! The parameters of each method, in the exact wire format.

use jiff::Timestamp;
use serde::Serialize;

/// The credentials shared by all clients of the service.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemCredentials {
    user_name: &'static str,
    password: &'static str,
    domain: &'static str,
}

pub const SYSTEM_CREDENTIALS: SystemCredentials =
    SystemCredentials { user_name: "get_mobile", password: "NOTUSED", domain: "" };

/// Parameters of `authenticatePIN`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticatePin<'a> {
    pub pin: &'a str,
    pub device_id: &'a str,
    pub system_credentials: SystemCredentials,
}

/// Parameters of `authenticateSystem`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticateSystem {
    pub system_credentials: SystemCredentials,
}

/// Parameters of the methods that take only a session.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionOnly<'a> {
    pub session_id: &'a str,
}

/// Parameters of `createPIN`; the PIN's key is uppercase.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePin<'a> {
    pub session_id: &'a str,
    pub device_id: &'a str,
    #[serde(rename = "PIN")]
    pub pin: &'a str,
}

/// Parameters of `updatePIN`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdatePin<'a> {
    pub session_id: &'a str,
    pub device_id: &'a str,
    #[serde(rename = "oldPIN")]
    pub old_pin: &'a str,
    #[serde(rename = "newPIN")]
    pub new_pin: &'a str,
}

/// Parameters of `deletePIN`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletePin<'a> {
    pub session_id: &'a str,
    pub device_id: &'a str,
}

/// Parameters of `retrieveSetting`: the three parts of the setting's name.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RetrieveSetting<'a> {
    pub session_id: &'a str,
    pub domain: &'a str,
    pub category: &'a str,
    pub name: &'a str,
}

/// Parameters of `retrieveTransactionHistoryWithinDateRange`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionHistory<'a> {
    pub session_id: &'a str,
    pub payment_system_type: u8,
    pub query_criteria: QueryCriteria<'a>,
}

/// The query for a page of transactions.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryCriteria<'a> {
    pub max_return_most_recent: u32,
    pub newest_date: Option<String>,
    pub oldest_date: Option<String>,
    pub account_id: Option<&'a str>,
}

/// Formats a timestamp as the service's clients do: `2025-01-01T00:00:00.000Z`.
pub fn date(at: Timestamp) -> String {
    format!("{at:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_sent_with_milliseconds_and_z() {
        assert_eq!(date("2025-01-01T00:00:00Z".parse().unwrap()), "2025-01-01T00:00:00.000Z");
    }
}
