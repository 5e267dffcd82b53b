//! Environments: parameters, their defaults, and what resource types stand for.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::source;
use crate::heat::error::{ErrorKind, HeatError, Result};

/// Several environments merged, later ones winning.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    pub parameters: Map<String, Value>,
    pub parameter_defaults: Map<String, Value>,
    /// Resource types (a trailing `*` matches any ending) and what they stand for.
    types: BTreeMap<String, String>,
    /// Resource name patterns, and the types for resources of that name only.
    resources: BTreeMap<String, BTreeMap<String, String>>,
    /// `encrypted_param_names` and `event_sinks`, kept as they came.
    rest: Map<String, Value>,
}

fn invalid(message: impl Into<String>) -> HeatError {
    HeatError::new(ErrorKind::BadRequest, message)
}

impl Environment {
    /// Reads one environment: an object, or its text.
    pub fn parse(value: &Value) -> Result<Self> {
        let value = match value {
            Value::String(text) if text.trim().is_empty() => Value::Null,
            Value::String(text) => source::parse_text(text, "Environment")?,
            other => {
                source::check_bounds(other)?;
                other.clone()
            }
        };
        let mut environment = Self::default();
        let map = match value {
            Value::Null => return Ok(environment),
            Value::Object(map) => map,
            _ => return Err(invalid("The environment is not a valid YAML mapping data type.")),
        };
        let section = |name: &str, value: Value| match value {
            Value::Null => Ok(Map::new()),
            Value::Object(section) => Ok(section),
            _ => Err(invalid(format!("The environment section \"{name}\" must be a map"))),
        };
        for (key, value) in map {
            match key.as_str() {
                "parameters" => environment.parameters = section("parameters", value)?,
                "parameter_defaults" => environment.parameter_defaults = section("parameter_defaults", value)?,
                "resource_registry" => environment.registry(section("resource_registry", value)?)?,
                "encrypted_param_names" | "event_sinks" | "parameter_merge_strategies" => {
                    environment.rest.insert(key, value);
                }
                other => return Err(invalid(format!("environment has wrong section \"{other}\""))),
            }
        }
        Ok(environment)
    }

    fn registry(&mut self, registry: Map<String, Value>) -> Result<()> {
        let base = registry.get("base_url").and_then(Value::as_str).map(|base| base.trim_end_matches('/').to_owned());
        let full = |target: &str| match &base {
            Some(base) if is_template(target) && !target.contains("://") => format!("{base}/{target}"),
            _ => target.to_owned(),
        };
        for (name, target) in &registry {
            match (name.as_str(), target) {
                ("base_url", _) => {}
                ("resources", Value::Object(resources)) => {
                    for (resource, mappings) in resources {
                        let mappings =
                            mappings.as_object().ok_or_else(|| invalid("resource_registry.resources must map names to maps"))?;
                        let mut types = BTreeMap::new();
                        for (kind, target) in mappings {
                            match (kind.as_str(), target) {
                                ("hooks" | "restricted_actions", _) => {
                                    return Err(HeatError::new(
                                        ErrorKind::NotSupported,
                                        format!(
                                            "resource_registry: \"{kind}\" of {resource} is not supported by this simulated Heat."
                                        ),
                                    ));
                                }
                                ("base_url", _) => {}
                                (_, Value::String(target)) => {
                                    types.insert(kind.clone(), full(target));
                                }
                                _ => return Err(invalid(format!("resource_registry: {kind} of {resource} must be a string"))),
                            }
                        }
                        self.resources.insert(resource.clone(), types);
                    }
                }
                (_, Value::String(target)) => {
                    self.types.insert(name.clone(), full(target));
                }
                _ => return Err(invalid(format!("resource_registry: the value of {name} must be a string"))),
            }
        }
        Ok(())
    }

    /// Lays a later environment over this one.
    pub fn merge(&mut self, later: Self) {
        self.parameters.extend(later.parameters);
        self.parameter_defaults.extend(later.parameter_defaults);
        self.types.extend(later.types);
        for (name, types) in later.resources {
            self.resources.entry(name).or_default().extend(types);
        }
        self.rest.extend(later.rest);
    }

    /// What `kind` stands for in a resource of this name; mappings may lead to mappings.
    #[must_use]
    pub fn resolve(&self, kind: &str, resource: &str) -> String {
        let mut current = kind.to_owned();
        for _ in 0..16 {
            let own = self
                .resources
                .iter()
                .filter(|(pattern, _)| matches(pattern, resource))
                .find_map(|(_, types)| lookup(types, &current));
            match own.or_else(|| lookup(&self.types, &current)) {
                Some(next) if next != current => current = next,
                _ => break,
            }
        }
        current
    }

    /// The types that the registry adds.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.types.keys().map(String::as_str)
    }

    /// As `GET …/environment` answers.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut registry: Map<String, Value> =
            self.types.iter().map(|(name, target)| (name.clone(), Value::from(target.as_str()))).collect();
        registry.insert("resources".to_owned(), serde_json::json!(self.resources));
        let mut shown = serde_json::json!({
            "parameters": self.parameters,
            "parameter_defaults": self.parameter_defaults,
            "resource_registry": registry,
            "encrypted_param_names": [],
            "event_sinks": [],
        });
        if let Some(shown) = shown.as_object_mut() {
            shown.extend(self.rest.clone());
        }
        shown
    }
}

/// Whether a resource type is a nested template rather than a plugin.
#[must_use]
pub fn is_template(kind: &str) -> bool {
    kind.ends_with(".yaml") || kind.ends_with(".yml") || kind.ends_with(".template") || kind.ends_with(".json")
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, tail)) => {
            name.strip_prefix(head).is_some_and(|rest| tail.is_empty() || rest.len() >= tail.len() && rest.ends_with(tail))
        }
    }
}

/// An exact mapping, else the longest wildcard; `A::*: B::*` carries the ending over.
fn lookup(types: &BTreeMap<String, String>, kind: &str) -> Option<String> {
    if let Some(target) = types.get(kind) {
        return Some(target.clone());
    }
    types
        .iter()
        .filter(|(pattern, _)| pattern.ends_with('*') && matches(pattern, kind))
        .max_by_key(|(pattern, _)| pattern.len())
        .map(|(pattern, target)| {
            let ending = kind.strip_prefix(pattern.trim_end_matches('*')).unwrap_or_default();
            match target.strip_suffix('*') {
                Some(head) => format!("{head}{ending}"),
                None => target.clone(),
            }
        })
}
