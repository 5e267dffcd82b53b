//! Manifests: JSON or YAML, read under a bound, with what their kind cannot do without.

use std::cell::Cell;
use std::fmt;

use jeroboam_model::driver::KubernetesKind;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::error::echo;

/// Values that a manifest may come to, with what YAML's aliases stand for.
const VALUES: usize = 20_000;
/// Its length as JSON, in bytes: Magnum's `max_manifest_size`.
const BYTES: usize = 524_288;

/// What is wrong with a manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    #[error("The manifest is neither JSON nor YAML: {0}")]
    Unreadable(String),
    #[error("The manifest is no object.")]
    NotAnObject,
    #[error("The manifest is longer than {BYTES} bytes.")]
    TooLong,
    #[error("Field {0} can't be empty in manifest.")]
    Missing(&'static str),
}

/// The manifest as JSON.
pub fn read(kind: KubernetesKind, text: &str) -> Result<String, ManifestError> {
    let room = Cell::new(VALUES);
    let parsed = Bounded(&room).deserialize(serde_yaml_ng::Deserializer::from_str(text));
    let parsed = parsed.map_err(|error| ManifestError::Unreadable(echo(&error.to_string())))?;
    if !parsed.is_object() {
        return Err(ManifestError::NotAnObject);
    }
    for needed in needed(kind) {
        if !is_there(&parsed, needed.split('.')) {
            return Err(ManifestError::Missing(needed));
        }
    }
    let json = parsed.to_string();
    if json.len() > BYTES { Err(ManifestError::TooLong) } else { Ok(json) }
}

/// Paths; `*` is each item of a list that has some.
const fn needed(kind: KubernetesKind) -> &'static [&'static str] {
    match kind {
        KubernetesKind::Pod => &["metadata.name", "spec.containers.*.image"],
        KubernetesKind::Service => &["metadata.name", "spec.ports"],
        KubernetesKind::ReplicationController => {
            &["metadata.name", "spec.selector", "spec.template.metadata.labels", "spec.template.spec.containers.*.image"]
        }
    }
}

fn is_there<'a>(value: &Value, mut path: impl Iterator<Item = &'a str> + Clone) -> bool {
    match (path.next(), value) {
        (None, Value::Null) => false,
        (None, Value::String(text)) => !text.is_empty(),
        (None, Value::Array(items)) => !items.is_empty(),
        (None, Value::Object(members)) => !members.is_empty(),
        (None, Value::Bool(_) | Value::Number(_)) => true,
        (Some("*"), Value::Array(items)) => !items.is_empty() && items.iter().all(|item| is_there(item, path.clone())),
        (Some(name), Value::Object(members)) => members.get(name).is_some_and(|member| is_there(member, path)),
        (Some(_), _) => false,
    }
}

/// A value, and how many there may still be.
#[derive(Clone, Copy)]
struct Bounded<'a>(&'a Cell<usize>);

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        let left = self.0.get().checked_sub(1).ok_or_else(|| D::Error::custom("it has too many values"))?;
        self.0.set(left);
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = from.next_key::<String>()? {
            members.insert(name, from.next_value_seed(self)?);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "metadata: {name: web, labels: {app: web}}\nspec:\n  containers:\n  - {name: nginx, image: 'nginx:1'}\n";

    fn pod(text: &str) -> Result<String, ManifestError> {
        read(KubernetesKind::Pod, text)
    }

    #[test]
    fn json_and_yaml_come_to_the_same() {
        let json =
            r#"{"metadata":{"labels":{"app":"web"},"name":"web"},"spec":{"containers":[{"image":"nginx:1","name":"nginx"}]}}"#;
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(value(&pod(POD).unwrap()), value(json));
        assert_eq!(value(&pod(json).unwrap()), value(json));
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = |kind, text: &str| match read(kind, text) {
            Err(ManifestError::Missing(field)) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(missing(KubernetesKind::Pod, "{}"), "metadata.name");
        assert_eq!(missing(KubernetesKind::Pod, "metadata: {name: ''}"), "metadata.name");
        assert_eq!(
            missing(KubernetesKind::Pod, "metadata: {name: a}\nspec: {containers: [{image: b}, {}]}"),
            "spec.containers.*.image"
        );
        assert_eq!(missing(KubernetesKind::Service, "metadata: {name: a}\nspec: {ports: []}"), "spec.ports");
        assert_eq!(missing(KubernetesKind::ReplicationController, "metadata: {name: a}\nspec: {}"), "spec.selector");
    }

    #[test]
    fn what_is_no_manifest_is_refused() {
        for text in ["{", "a: [", "--- {}\n--- {}", "a: !local x"] {
            assert!(matches!(pod(text), Err(ManifestError::Unreadable(_))), "{text}");
        }
        assert_eq!(pod("[1]"), Err(ManifestError::NotAnObject));
        assert_eq!(pod("just words"), Err(ManifestError::NotAnObject));
    }

    #[test]
    fn aliases_cannot_make_much_of_little() {
        let items = "x, ".repeat(500);
        let bomb = format!("a: &a [{items}]\nb: &b [{}]\nc: [{}]\n", "*a, ".repeat(500), "*b, ".repeat(500));
        assert!(matches!(pod(&bomb), Err(ManifestError::Unreadable(_))));
        let long =
            format!("metadata: {{name: &n \"{}\"}}\nspec: {{containers: [{}]}}", "x".repeat(10_000), "{image: *n}, ".repeat(100));
        assert_eq!(pod(&long), Err(ManifestError::TooLong));
    }
}
