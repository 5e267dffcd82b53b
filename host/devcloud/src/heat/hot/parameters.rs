//! Parameters: their schemas, and their values once given.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    constraints::{Constraint, Custom},
    eval::is_unknown,
    text,
    version::Version,
};
use crate::{
    heat::error::{ErrorKind, HeatError, Result},
    services::Kind,
};

/// The types a parameter may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterType {
    String,
    Number,
    Json,
    CommaDelimitedList,
    Boolean,
}

const TYPES: [(&str, ParameterType); 5] = [
    ("string", ParameterType::String),
    ("number", ParameterType::Number),
    ("json", ParameterType::Json),
    ("comma_delimited_list", ParameterType::CommaDelimitedList),
    ("boolean", ParameterType::Boolean),
];

/// One entry of the `parameters` section.
#[derive(Clone, Debug)]
pub struct ParameterSchema {
    pub kind: ParameterType,
    pub description: String,
    pub label: Option<String>,
    pub default: Option<Value>,
    pub hidden: bool,
    pub immutable: bool,
    pub tags: Vec<String>,
    pub constraints: Vec<Constraint>,
}

impl ParameterType {
    #[must_use]
    pub fn name(self) -> &'static str {
        TYPES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// The name in answers, which are CloudFormation's.
    #[must_use]
    pub fn answer_name(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Number => "Number",
            Self::Json => "Json",
            Self::CommaDelimitedList => "CommaDelimitedList",
            Self::Boolean => "Boolean",
        }
    }

    /// A value of this type from what was given for it.
    pub fn read(self, value: &Value) -> Result<Value, String> {
        match self {
            Self::String => Ok(Value::String(text::display(value))),
            Self::Number => text::number(value).map(Value::Number).ok_or_else(|| format!("could not convert string to float: {}", text::repr(value))),
            Self::Boolean => text::boolean(value).map(Value::Bool).ok_or_else(|| {
                format!(
                    "Unrecognized value '{}', acceptable values are: '0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'",
                    text::display(value)
                )
            }),
            Self::CommaDelimitedList => match value {
                Value::Array(items) => Ok(Value::Array(items.iter().map(|item| Value::String(text::display(item))).collect())),
                Value::String(list) if list.is_empty() => Ok(Value::Array(Vec::new())),
                Value::String(list) => Ok(Value::Array(list.split(',').map(|item| Value::from(item.trim())).collect())),
                other => Err(format!("Value must be a comma-delimited list string: {}", text::repr(other))),
            },
            Self::Json => match value {
                Value::String(json) if json.is_empty() => Ok(Value::Object(Map::new())),
                Value::String(json) => match serde_json::from_str(json) {
                    Ok(parsed @ (Value::Object(_) | Value::Array(_))) => Ok(parsed),
                    Ok(other) => Err(format!("Value must be valid JSON: {} is neither a map nor a list", text::repr(&other))),
                    Err(error) => Err(format!("Value must be valid JSON: {error}")),
                },
                Value::Object(_) | Value::Array(_) => Ok(value.clone()),
                other => Err(format!("Value must be valid JSON: {} is neither a map nor a list", text::repr(other))),
            },
        }
    }
}

impl ParameterSchema {
    pub fn parse(name: &str, value: &Value, version: Version) -> Result<Self> {
        let fail = |message: String| HeatError::new(ErrorKind::InvalidSchema, message);
        let map = value.as_object().ok_or_else(|| fail(format!("Invalid parameter {name}, expected a mapping")))?;
        for key in map.keys() {
            let known = matches!(
                key.as_str(),
                "type" | "description" | "default" | "schema" | "constraints" | "hidden" | "label" | "immutable"
            ) || key == "tags" && version >= Version::Queens;
            if !known {
                return Err(fail(format!("Invalid key '{key}' for parameter ({name})")));
            }
        }
        let kind = map.get("type").ok_or_else(|| fail(format!("Missing parameter type for parameter: {name}")))?;
        let kind = TYPES
            .iter()
            .find(|(known, _)| Some(*known) == kind.as_str())
            .map(|(_, kind)| *kind)
            .ok_or_else(|| fail(format!("Invalid type ({})", text::display(kind))))?;
        let flag = |key: &str| match map.get(key) {
            None | Some(Value::Null) => Ok(false),
            Some(value) => text::boolean(value).ok_or_else(|| fail(format!("Invalid value for {key} of parameter {name}"))),
        };
        let constraints = match map.get("constraints") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(entries)) => entries
                .iter()
                .map(|entry| Constraint::parse(entry, &format!("Parameter '{name}' is invalid")))
                .collect::<Result<_>>()?,
            Some(_) => return Err(fail(format!("Invalid parameter constraints for parameter {name}, expected a list"))),
        };
        let schema = Self {
            kind,
            description: map.get("description").map(text::display).unwrap_or_default(),
            label: map.get("label").map(text::display),
            default: map.get("default").filter(|value| !value.is_null()).cloned(),
            hidden: flag("hidden")?,
            immutable: flag("immutable")?,
            tags: map
                .get("tags")
                .and_then(Value::as_array)
                .map(|tags| tags.iter().map(text::display).collect())
                .unwrap_or_default(),
            constraints,
        };
        if let Some(default) = &schema.default {
            schema.read(default).map_err(|error| {
                fail(format!("Parameter '{name}' is invalid: Invalid default {} ({error})", text::display(default)))
            })?;
        }
        Ok(schema)
    }

    /// A value of the right type that holds to the constraints that need no service.
    pub fn read(&self, value: &Value) -> Result<Value, String> {
        let value = self.kind.read(value)?;
        for constraint in &self.constraints {
            constraint.check(&value)?;
        }
        Ok(value)
    }

    /// As `stacks` and `validate` answers show it.
    #[must_use]
    pub fn describe(&self, name: &str) -> Value {
        let mut shown = json!({
            "Type": self.kind.answer_name(),
            "Description": self.description,
            "NoEcho": if self.hidden { "true" } else { "false" },
            "Label": self.label.clone().unwrap_or_else(|| name.to_owned()),
        });
        if let Some(shown) = shown.as_object_mut() {
            if let Some(default) = &self.default {
                shown.insert("Default".to_owned(), default.clone());
            }
            if self.immutable {
                shown.insert("Immutable".to_owned(), Value::Bool(true));
            }
            if !self.tags.is_empty() {
                shown.insert("Tags".to_owned(), json!(self.tags));
            }
            for constraint in &self.constraints {
                constraint.describe_answer(shown);
            }
        }
        shown
    }
}

impl Constraint {
    fn describe_answer(&self, shown: &mut Map<String, Value>) {
        let mut put = |key: &str, value: Value| {
            shown.insert(key.to_owned(), value);
        };
        match self {
            Self::Length { min, max } => {
                min.iter().for_each(|min| put("MinLength", json!(min)));
                max.iter().for_each(|max| put("MaxLength", json!(max)));
            }
            Self::Range { min, max } => {
                min.iter().for_each(|min| put("MinValue", json!(min)));
                max.iter().for_each(|max| put("MaxValue", json!(max)));
            }
            Self::Modulo { step, offset } => put("Modulo", json!({"step": step, "offset": offset})),
            Self::AllowedValues(values) => put("AllowedValues", json!(values)),
            Self::AllowedPattern(_, pattern) => put("AllowedPattern", json!(pattern)),
            Self::Custom(_) => {
                let name = self.describe().get("custom_constraint").cloned().unwrap_or_default();
                put("CustomConstraint", name);
            }
        }
    }
}

/// The values of a stack's parameters.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    values: BTreeMap<String, Value>,
    hidden: Vec<String>,
}

/// An object that a parameter names and that must exist.
#[derive(Clone, Debug)]
pub struct Named {
    pub parameter: String,
    pub kind: Kind,
    pub entity: &'static str,
    pub value: String,
}

impl Parameters {
    /// Reads what was given against the schemas. `defaults` apply to declared parameters only; a value that is not known yet leaves its
    /// parameter without one.
    pub fn read(
        schemas: &BTreeMap<String, ParameterSchema>,
        given: &Map<String, Value>,
        defaults: &Map<String, Value>,
    ) -> Result<Self> {
        if let Some(name) = given.keys().find(|name| !schemas.contains_key(*name)) {
            return Err(HeatError::new(
                ErrorKind::UnknownUserParameter,
                format!("The Parameter ({name}) was not defined in template."),
            ));
        }
        let mut parameters = Self::default();
        for (name, schema) in schemas {
            let value = given
                .get(name)
                .filter(|value| !value.is_null())
                .or_else(|| defaults.get(name).filter(|value| !value.is_null()))
                .or(schema.default.as_ref())
                .ok_or_else(|| HeatError::missing_parameter(name))?;
            if is_unknown(value) {
                continue;
            }
            let value =
                schema.read(value).map_err(|error| HeatError::validation(format!("Parameter '{name}' is invalid: {error}")))?;
            parameters.values.insert(name.clone(), value);
            if schema.hidden {
                parameters.hidden.push(name.clone());
            }
        }
        Ok(parameters)
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    pub fn set(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// As a stack shows them: texts, hidden ones masked.
    #[must_use]
    pub fn shown(&self) -> Map<String, Value> {
        self.values
            .iter()
            .map(|(name, value)| {
                let shown = match value {
                    _ if self.hidden.contains(name) => "******".to_owned(),
                    Value::Array(items) if items.iter().all(Value::is_string) => {
                        items.iter().map(text::display).collect::<Vec<_>>().join(",")
                    }
                    other => text::display(other),
                };
                (name.clone(), Value::String(shown))
            })
            .collect()
    }

    /// Names of immutable parameters whose value differs from `before`.
    #[must_use]
    pub fn immutable_changes(&self, before: &Self, schemas: &BTreeMap<String, ParameterSchema>) -> Vec<String> {
        schemas
            .iter()
            .filter(|(name, schema)| schema.immutable && before.get(name).is_some() && before.get(name) != self.get(name))
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// What the custom constraints of these parameters say must exist.
    #[must_use]
    pub fn named_objects(&self, schemas: &BTreeMap<String, ParameterSchema>) -> Vec<Named> {
        let mut named = Vec::new();
        for (name, schema) in schemas {
            let Some(value) = self.get(name) else { continue };
            for constraint in &schema.constraints {
                if let Constraint::Custom(Custom::Object { kind, entity, .. }) = constraint {
                    named.push(Named { parameter: name.clone(), kind: *kind, entity, value: text::display(value) });
                }
            }
        }
        named
    }
}
