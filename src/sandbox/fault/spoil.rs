//! Replies that are valid JSON but violate the protocol.

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};

/// The account fields that even the most minimal known deployment sends, and the minimum of the other objects.
const REQUIRED_FIELDS: [&str; 16] = [
    "accounts",
    "planName",
    "accountDisplayName",
    "accountType",
    "depositAccepted",
    "balance",
    "transactions",
    "returnCapped",
    "transactionId",
    "amount",
    "actualDate",
    "locationName",
    "institutions",
    "name",
    "shortName",
    "userName",
];

/// Numbers become strings, strings numbers and booleans lists; nulls, lists and objects stay.
pub fn wrong_types(raw: &RawValue) -> Option<Box<RawValue>> {
    fn spoil(value: &mut Value) {
        match value {
            Value::Null => {}
            Value::Number(_) => *value = json!("n/a"),
            Value::String(_) => *value = json!(17),
            Value::Bool(_) => *value = json!([17]),
            Value::Array(items) => items.iter_mut().for_each(spoil),
            Value::Object(fields) => fields.values_mut().for_each(spoil),
        }
    }
    change(raw, spoil)
}

/// Removes fields at every depth: the given `names`, or with no names all but [`REQUIRED_FIELDS`].
pub fn without(raw: &RawValue, names: &[String]) -> Option<Box<RawValue>> {
    fn strip(value: &mut Value, keep: &dyn Fn(&str) -> bool) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| strip(item, keep)),
            Value::Object(fields) => {
                fields.retain(|name, _| keep(name));
                fields.values_mut().for_each(|field| strip(field, keep));
            }
            _ => {}
        }
    }
    change(raw, |value| {
        strip(value, &|name| {
            if names.is_empty() {
                REQUIRED_FIELDS.contains(&name)
            } else {
                names.iter().all(|removed| removed != name)
            }
        });
    })
}

/// Inverts `returnCapped`.
pub fn lie_capped(raw: &RawValue) -> Option<Box<RawValue>> {
    change(raw, |value| {
        let fields = value.as_object_mut().map(Map::iter_mut);
        for (name, field) in fields.into_iter().flatten() {
            if name == "returnCapped" {
                *field = json!(field.as_bool() == Some(false));
            }
        }
    })
}

fn change(raw: &RawValue, rule: impl FnOnce(&mut Value)) -> Option<Box<RawValue>> {
    let mut value = serde_json::from_str(raw.get()).ok()?;
    rule(&mut value);
    to_raw_value(&value).ok()
}

#[cfg(test)]
mod tests {
    use super::{lie_capped, without, wrong_types};
    use serde_json::Value;
    use serde_json::value::RawValue;

    fn spoiled(text: &str, rule: impl Fn(&RawValue) -> Option<Box<RawValue>>) -> Value {
        let raw = RawValue::from_string(text.into()).unwrap();
        serde_json::from_str(rule(&raw).unwrap().get()).unwrap()
    }

    #[test]
    fn types_are_wrong_at_every_depth() {
        let value = spoiled(r#"{"a":[{"b":1.5,"c":"x","d":true,"e":null}]}"#, wrong_types);
        let row = &value["a"][0];
        assert!(row["b"].is_string() && row["c"].is_number() && row["d"].is_array());
        assert!(row["e"].is_null());
        assert!(spoiled("\"session\"", wrong_types).is_number());
    }

    #[test]
    fn fields_are_removed_by_name_or_down_to_the_minimum() {
        let text = r#"{"accounts":[{"id":"1","balance":12.35,"isActive":true}],"planName":"p"}"#;
        let named = spoiled(text, |raw| without(raw, &["balance".into()]));
        assert_eq!(named["accounts"][0], serde_json::json!({"id": "1", "isActive": true}));
        let least = spoiled(text, |raw| without(raw, &[]));
        assert_eq!(least["accounts"][0], serde_json::json!({"balance": 12.35}));
    }

    #[test]
    fn lie_capped_inverts_the_flag() {
        assert_eq!(spoiled(r#"{"returnCapped":false}"#, lie_capped)["returnCapped"], true);
        assert_eq!(spoiled(r#"{"returnCapped":true}"#, lie_capped)["returnCapped"], false);
        assert_eq!(spoiled("true", lie_capped), true);
    }
}
