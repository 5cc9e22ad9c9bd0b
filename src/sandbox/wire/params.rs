//! Validates call parameters, strict about names, types and formats.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::sandbox::wire::exception::Exception;

#[derive(Clone, Copy, Debug)]
pub struct Params<'a>(pub &'a Map<String, Value>);

impl<'a> Params<'a> {
    /// A required string.
    pub fn text(self, name: &str) -> Result<&'a str, Exception> {
        let value = self.0.get(name).and_then(Value::as_str);
        value.ok_or_else(|| Exception::argument(name))
    }

    /// A string that may be absent or null.
    pub fn optional_text(self, name: &str) -> Result<Option<&'a str>, Exception> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Exception::argument(name)),
        }
    }

    /// A required non-negative integer.
    pub fn count(self, name: &str) -> Result<usize, Exception> {
        let value = self.0.get(name).and_then(Value::as_u64);
        let count = value.and_then(|count| usize::try_from(count).ok());
        count.ok_or_else(|| Exception::argument(name))
    }

    /// A required object.
    pub fn object(self, name: &str) -> Result<Params<'a>, Exception> {
        let value = self.0.get(name).and_then(Value::as_object);
        value.map(Params).ok_or_else(|| Exception::argument(name))
    }

    /// An integer limit; absent, null and 0 mean no limit.
    pub fn limit(self, name: &str) -> Result<Option<usize>, Exception> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.count(name).map(|count| (count > 0).then_some(count)),
        }
    }

    /// `deviceId`: 16 hexadecimal characters or a UUID, in either case.
    pub fn device_id(self) -> Result<&'a str, Exception> {
        let device = self.text("deviceId")?;
        let hexadecimal = device.len() == 16 && device.bytes().all(|byte| byte.is_ascii_hexdigit());
        let uuid = device.len() == 36 && Uuid::try_parse(device).is_ok();
        if hexadecimal || uuid { Ok(device) } else { Err(Exception::argument("deviceId")) }
    }

    /// 4 to 22 digits under `name`, which is `PIN` for createPIN and `pin` for authenticatePIN, never the other.
    pub fn pin(self, name: &str) -> Result<&'a str, Exception> {
        let pin = self.text(name)?;
        let digits = pin.bytes().all(|byte| byte.is_ascii_digit());
        if digits && (4..=22).contains(&pin.len()) { Ok(pin) } else { Err(Exception::argument(name)) }
    }

    /// The fixed credentials of the mobile app, which identify the client.
    pub fn system_credentials(self) -> Result<(), Exception> {
        let wrong = || Exception::argument("systemCredentials");
        let credentials = self.object("systemCredentials")?;
        let expected = [("userName", "get_mobile"), ("password", "NOTUSED")];
        let known = expected.iter().all(|(name, value)| credentials.text(name) == Ok(value));
        let domain = credentials.optional_text("domain").map_err(|_| wrong())?;
        if known && domain.is_none_or(str::is_empty) { Ok(()) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::Params;
    use serde_json::{Value, json};

    fn check(value: &Value, rule: impl Fn(Params<'_>) -> bool) -> bool {
        rule(Params(value.as_object().unwrap()))
    }

    #[test]
    fn a_device_id_is_16_hexadecimal_characters_or_a_uuid() {
        let device = |id: &str| check(&json!({"deviceId": id}), |p| p.device_id().is_ok());
        assert!(device("abcdef0123456789") && device("ABCDEF0123456789"));
        assert!(device("0f8fad5b-d9cb-469f-a165-70867728950e"));
        assert!(device("0F8FAD5B-D9CB-469F-A165-70867728950E"));
        assert!(!device("abcdef012345678") && !device("abcdef01234567890"));
        assert!(!device("ghijkl0123456789"));
        assert!(!device("0f8fad5bd9cb469fa16570867728950e"));
        assert!(!device("0f8fad5b-d9cb-469f-a165-70867728950g"));
        assert!(!check(&json!({}), |p| p.device_id().is_ok()));
    }

    #[test]
    fn a_pin_is_a_string_of_4_to_22_digits() {
        let pin = |pin: Value| check(&json!({ "PIN": pin }), |p| p.pin("PIN").is_ok());
        assert!(pin(json!("0042")) && pin(json!("12345")) && pin(json!("1".repeat(22))));
        assert!(!pin(json!("042")) && !pin(json!("1".repeat(23))));
        assert!(!pin(json!("００４２")));
        assert!(!pin(json!(1234)));
        assert!(!check(&json!({"pin": "0042"}), |p| p.pin("PIN").is_ok()));
    }

    #[test]
    fn system_credentials_may_lack_the_domain() {
        let rule = |credentials: Value| {
            check(&json!({ "systemCredentials": credentials }), |p| p.system_credentials().is_ok())
        };
        assert!(rule(json!({"userName": "get_mobile", "password": "NOTUSED", "domain": ""})));
        assert!(rule(json!({"userName": "get_mobile", "password": "NOTUSED"})));
        assert!(!rule(json!({"userName": "get_mobile", "password": "NOTUSED", "domain": "x"})));
        assert!(!rule(json!({"userName": "get_mobile", "password": "NOTUSED", "domain": 1})));
        assert!(!rule(json!({"userName": "get_mobile"})));
        assert!(!check(&json!({}), |p| p.system_credentials().is_ok()));
    }

    #[test]
    fn absent_null_and_0_mean_no_limit() {
        let limit = |params: Value| Params(params.as_object().unwrap()).limit("most");
        for none in [json!({}), json!({"most": null}), json!({"most": 0})] {
            assert_eq!(limit(none), Ok(None));
        }
        assert_eq!(limit(json!({"most": 5})), Ok(Some(5)));
        assert!(limit(json!({"most": -1})).is_err() && limit(json!({"most": "5"})).is_err());
    }

    #[test]
    fn null_counts_as_absent() {
        let rule = |p: Params<'_>| p.optional_text("newestDate").is_ok();
        assert!(check(&json!({"newestDate": null}), rule));
        assert!(check(&json!({}), rule));
        assert!(!check(&json!({"newestDate": 5}), rule));
    }
}
