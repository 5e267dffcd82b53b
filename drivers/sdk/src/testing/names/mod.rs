//! Values as JSON under the contract's names: a field is `node-group` where Rust has `node_group`, a case `not-found` where Rust has `NotFound`. What is a
//! map in Rust keeps its keys.
//!
//! One source for both sides: the host, which writes records, compiles this folder as a module of its own.

mod read;
mod write;

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// What does not fit, and where: `groups/0/role`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    pub path: String,
    pub what: String,
}

pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, NameError> {
    value.serialize(write::Writer)
}

pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, NameError> {
    T::deserialize(read::Reader(value))
}

/// The contract's spelling of a name of Rust's.
fn kebab(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        match c {
            '_' => text.push('-'),
            c if c.is_ascii_uppercase() => {
                if !text.is_empty() && !text.ends_with('-') {
                    text.push('-');
                }
                text.push(c.to_ascii_lowercase());
            }
            c => text.push(c),
        }
    }
    text
}

impl NameError {
    fn new(what: impl fmt::Display) -> Self {
        Self { path: String::new(), what: what.to_string() }
    }

    /// The same, seen from one level further up.
    #[must_use]
    pub fn within(self, place: impl fmt::Display) -> Self {
        let path = if self.path.is_empty() { place.to_string() } else { format!("{place}/{}", self.path) };
        Self { path, ..self }
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.what)
    }
}

impl std::error::Error for NameError {}

impl serde::ser::Error for NameError {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self::new(what)
    }
}

impl serde::de::Error for NameError {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self::new(what)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format_args!("{} is missing", kebab(field)))
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Outer {
        min_disk: u32,
        role_name: Option<String>,
        scope: Scope,
        pairs: Vec<(String, String)>,
        anything: Value,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Scope {
        Cluster,
        NodeGroup(String),
    }

    fn outer(scope: Scope) -> Outer {
        let pairs = vec![("a_b".to_owned(), "C_d".to_owned())];
        Outer { min_disk: 5, role_name: None, scope, pairs, anything: json!({"snake_case": [1, null]}) }
    }

    #[test]
    fn fields_and_cases_have_the_contracts_names_and_data_is_left_alone() {
        let written = to_value(&outer(Scope::NodeGroup("g".into()))).unwrap();
        let expected = json!({"min-disk": 5, "role-name": null, "scope": {"node-group": "g"}, "pairs": [["a_b", "C_d"]],
            "anything": {"snake_case": [1, null]}});
        assert_eq!(written, expected);
        assert_eq!(to_value(&Scope::Cluster).unwrap(), json!("cluster"));
    }

    #[test]
    fn what_was_written_is_read_again() {
        for scope in [Scope::Cluster, Scope::NodeGroup("g".into())] {
            let value = outer(scope);
            assert_eq!(from_value::<Outer>(to_value(&value).unwrap()).unwrap(), value);
        }
    }

    #[test]
    fn what_does_not_fit_is_named_with_its_place() {
        let read = |change: fn(&mut Value)| {
            let mut value = to_value(&outer(Scope::Cluster)).unwrap();
            change(&mut value);
            from_value::<Outer>(value).unwrap_err().to_string()
        };
        assert_eq!(read(|value| value["min-disk"] = json!("5")), "min-disk: invalid type: string \"5\", expected u32");
        assert_eq!(
            read(|value| value["scope"] = json!({"planet": "g"})),
            "scope: there is no planet; it is one of cluster, node-group"
        );
        assert_eq!(read(|value| value["pairs"] = json!([["a"]])), "pairs/0: invalid length 1, expected a tuple of size 2");
        assert_eq!(read(|value| drop(value.as_object_mut().unwrap().remove("min-disk"))), "min-disk is missing");
        assert_eq!(
            read(|value| value["scope"] = json!({"node-group": 7})),
            "scope/node-group: invalid type: integer `7`, expected a string"
        );
    }
}
