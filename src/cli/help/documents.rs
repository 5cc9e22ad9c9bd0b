//! The JSON documents of every command: their JSON Schema, and the same for people.

use serde_json::Value;

use super::item::Item;
use crate::error::{Cause, Error, Result};

/// JSON Schema 2020-12; each of its `$defs` is a document, named after its command, or a part of several.
const SCHEMA: &str = include_str!("documents.json");

/// The JSON Schema of every document.
///
/// # Errors
/// Never, as the tests read it.
pub fn schema() -> Result<Value> {
    serde_json::from_str(SCHEMA).map_err(|error| Error::new(Cause::Unexpected, error.to_string()))
}

/// The documents with their fields, each field under its document.
#[must_use]
pub fn items() -> Vec<Item> {
    let schema = schema().unwrap_or_default();
    let definitions = schema["$defs"].as_object().into_iter().flatten();
    let mut items = Vec::new();
    for (name, definition) in definitions {
        let description = definition["description"].as_str().unwrap_or_default();
        items.push(Item::new(name, description));
        add_fields(&mut items, definition, 2);
    }
    items
}

/// Adds the fields of a document, and the fields of objects in it.
fn add_fields(items: &mut Vec<Item>, schema: &Value, indent: usize) {
    let fields = schema["properties"].as_object();
    // Objects lose their order when they are read, arrays do not.
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut names: Vec<&str> = required.collect();
    let optional = fields.into_iter().flatten().map(|(name, _)| name.as_str());
    names.extend(optional.filter(|name| !names.contains(name)).collect::<Vec<_>>());
    for name in names {
        let field = &schema["properties"][name];
        let description = field["description"].as_str().unwrap_or_default();
        let meaning = format!("{description} ({})", kind(field));
        items.push(Item::new(format!("{}{name}", " ".repeat(indent)), meaning));
        let alternatives = field["anyOf"].as_array().into_iter().flatten();
        for part in [field, &field["items"]].into_iter().chain(alternatives) {
            add_fields(items, part, indent + 2);
        }
    }
}

/// What a value is, in words.
fn kind(schema: &Value) -> String {
    let all = |kinds: &[Value], kind: &dyn Fn(&Value) -> String| {
        kinds.iter().map(kind).collect::<Vec<_>>().join(", ")
    };
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(kinds) = schema["anyOf"].as_array() {
        return all(kinds, &kind);
    }
    if let Some(values) = schema["enum"].as_array() {
        return all(values, &|value| value.as_str().unwrap_or("null").to_owned());
    }
    if let Some(value) = schema.get("const") {
        return value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    }
    match &schema["type"] {
        Value::Array(kinds) => all(kinds, &|kind| word(kind.as_str().unwrap_or_default()).to_owned()),
        Value::String(kind) if kind == "array" => "list".to_owned(),
        Value::String(kind) => word(kind).to_owned(),
        _ => "any".to_owned(),
    }
}

fn word(kind: &str) -> &str {
    match kind {
        "string" => "text",
        "boolean" => "true or false",
        "integer" => "whole number",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_and_their_fields_are_listed() {
        let items = items();
        let meaning = |name: &str| {
            let found = items.iter().position(|item| item.name == name);
            items[found.unwrap_or_else(|| panic!("{name} is missing"))].meaning.clone()
        };
        assert_eq!(meaning("history.summary"), "Totals of the transactions in a range");
        assert_eq!(meaning("  fetched_at"), "When it was read (time)");
        assert!(meaning("    balance").ends_with("(number, null)"));
        assert!(meaning("  store").ends_with("(keychain, file, memory)"));
    }

    #[test]
    fn every_object_is_closed_and_every_field_described() {
        fn look(schema: &Value, at: &str) {
            if let Some(fields) = schema["properties"].as_object() {
                assert_eq!(schema["additionalProperties"], false, "{at}");
                for (name, field) in fields {
                    assert!(field["description"].is_string(), "{at}.{name}");
                    look(field, &format!("{at}.{name}"));
                    look(&field["items"], &format!("{at}.{name}"));
                }
            }
        }
        let schema = schema().unwrap();
        for (name, definition) in schema["$defs"].as_object().unwrap() {
            assert!(definition["description"].is_string(), "{name}");
            look(definition, name);
        }
    }
}
