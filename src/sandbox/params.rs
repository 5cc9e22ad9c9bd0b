//! Checks of a call's parameters, exact about names, types and forms.

use serde_json::{Map, Value};

use super::exception::Exception;

/// The parameters of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Params<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Params<'a> {
    /// A string that must be there.
    pub(super) fn text(self, name: &str) -> Result<&'a str, Exception> {
        let value = self.0.get(name).and_then(Value::as_str);
        value.ok_or_else(|| Exception::argument(name))
    }

    /// A string that may be absent or null.
    pub(super) fn optional_text(self, name: &str) -> Result<Option<&'a str>, Exception> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Exception::argument(name)),
        }
    }

    /// A whole number from `low` up that must be there.
    pub(super) fn count(self, name: &str, low: u64) -> Result<usize, Exception> {
        let value = self.0.get(name).and_then(Value::as_u64);
        let count = value.filter(|count| *count >= low);
        let count = count.and_then(|count| usize::try_from(count).ok());
        count.ok_or_else(|| Exception::argument(name))
    }

    /// An object that must be there.
    pub(super) fn object(self, name: &str) -> Result<Params<'a>, Exception> {
        let value = self.0.get(name).and_then(Value::as_object);
        value.map(Params).ok_or_else(|| Exception::argument(name))
    }

    /// `deviceId`: 16 hexadecimal characters.
    pub(super) fn device_id(self) -> Result<&'a str, Exception> {
        let device = self.text("deviceId")?;
        let hexadecimal = device.bytes().all(|byte| byte.is_ascii_hexdigit());
        if device.len() == 16 && hexadecimal { Ok(device) } else { Err(Exception::argument("deviceId")) }
    }

    /// Four digits under `name`: `PIN` for createPIN, `pin` for authenticatePIN, never the other.
    pub(super) fn pin(self, name: &str) -> Result<&'a str, Exception> {
        let pin = self.text(name)?;
        if pin.len() == 4 && pin.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(pin)
        } else {
            Err(Exception::argument(name))
        }
    }

    /// The fixed credentials of the mobile application, which stand in for a client's identity.
    pub(super) fn system_credentials(self) -> Result<(), Exception> {
        let credentials = self.object("systemCredentials")?;
        let expected = [("userName", "get_mobile"), ("password", "NOTUSED"), ("domain", "")];
        for (name, value) in expected {
            if credentials.text(name) != Ok(value) {
                return Err(Exception::argument("systemCredentials"));
            }
        }
        Ok(())
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
    fn a_device_id_has_sixteen_hexadecimal_characters() {
        let device = |id: &str| check(&json!({"deviceId": id}), |p| p.device_id().is_ok());
        assert!(device("abcdef0123456789"));
        assert!(!device("abcdef012345678"));
        assert!(!device("abcdef01234567890"));
        assert!(!device("ghijkl0123456789"));
        assert!(!check(&json!({}), |p| p.device_id().is_ok()));
    }

    #[test]
    fn a_pin_has_four_digits_and_is_text() {
        let pin = |pin: Value| check(&json!({ "PIN": pin }), |p| p.pin("PIN").is_ok());
        assert!(pin(json!("0042")));
        assert!(!pin(json!("042")));
        assert!(!pin(json!("００４２")));
        assert!(!pin(json!(1234)));
        assert!(!check(&json!({"pin": "0042"}), |p| p.pin("PIN").is_ok()));
    }

    #[test]
    fn system_credentials_are_checked_to_the_letter() {
        let good =
            json!({"systemCredentials": {"userName": "get_mobile", "password": "NOTUSED", "domain": ""}});
        assert!(check(&good, |p| p.system_credentials().is_ok()));
        let bad = json!({"systemCredentials": {"userName": "get_mobile", "password": "NOTUSED"}});
        assert!(!check(&bad, |p| p.system_credentials().is_ok()));
        assert!(!check(&json!({}), |p| p.system_credentials().is_ok()));
    }

    #[test]
    fn null_is_absent() {
        let rule = |p: Params<'_>| p.optional_text("newestDate").is_ok();
        assert!(check(&json!({"newestDate": null}), rule));
        assert!(check(&json!({}), rule));
        assert!(!check(&json!({"newestDate": 5}), rule));
    }
}
