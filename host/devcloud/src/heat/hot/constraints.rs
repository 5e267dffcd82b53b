//! Constraints on parameters and properties.

use std::net::IpAddr;

use fancy_regex::Regex;
use serde_json::{Map, Number, Value};

use super::text;
use crate::{
    heat::error::{ErrorKind, HeatError, Result},
    services::Kind,
};

/// What a value must be like, beside its type.
#[derive(Clone, Debug)]
pub enum Constraint {
    Length { min: Option<i64>, max: Option<i64> },
    Range { min: Option<Number>, max: Option<Number> },
    Modulo { step: i64, offset: i64 },
    AllowedValues(Vec<Value>),
    AllowedPattern(Box<Regex>, String),
    Custom(Custom),
}

/// A constraint that code checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Custom {
    /// An object with this name or id must exist. `entity` names it in errors.
    Object {
        kind: Kind,
        name: &'static str,
        entity: &'static str,
    },
    NetCidr,
    IpAddress,
    MacAddress,
    DnsName,
    /// One that this Heat does not check.
    Unchecked(String),
}

/// Name, service collection, and the entity that errors name.
const OBJECTS: &[(&str, Kind, &str)] = &[
    ("nova.flavor", Kind::Flavor, "Flavor"),
    ("nova.keypair", Kind::Keypair, "Key"),
    ("nova.server", Kind::Server, "Server"),
    ("glance.image", Kind::Image, "Image"),
    ("neutron.network", Kind::Network, "network"),
    ("neutron.subnet", Kind::Subnet, "subnet"),
    ("neutron.port", Kind::Port, "port"),
    ("neutron.router", Kind::Router, "router"),
    ("neutron.security_group", Kind::SecurityGroup, "security_group"),
    ("cinder.volume", Kind::Volume, "Volume"),
    ("cinder.vtype", Kind::VolumeType, "VolumeType"),
    ("octavia.loadbalancer", Kind::LoadBalancer, "loadbalancer"),
    ("octavia.listener", Kind::Listener, "listener"),
    ("octavia.pool", Kind::Pool, "pool"),
    ("barbican.secret", Kind::Secret, "Secret"),
];

impl Custom {
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "net_cidr" => Self::NetCidr,
            "ip_addr" => Self::IpAddress,
            "mac_addr" => Self::MacAddress,
            "dns_name" => Self::DnsName,
            _ => OBJECTS.iter().find(|(known, ..)| *known == name).map_or_else(
                || Self::Unchecked(name.to_owned()),
                |(name, kind, entity)| Self::Object { kind: *kind, name, entity },
            ),
        }
    }

    /// What Heat says of an object that is not there.
    #[must_use]
    pub fn missing(entity: &str, value: &str) -> String {
        let reason = match entity {
            "Flavor" | "Key" | "Image" | "Server" | "Volume" | "VolumeType" | "Secret" => {
                format!("The {entity} ({value}) could not be found.")
            }
            _ => format!("Unable to find {entity} with name or id '{value}'"),
        };
        format!("Error validating value '{value}': {reason}")
    }
}

impl Constraint {
    /// Parses one entry of a `constraints` list.
    pub fn parse(entry: &Value, place: &str) -> Result<Self> {
        let fail = |message: String| HeatError::new(ErrorKind::InvalidSchema, format!("{place}: {message}"));
        let map = entry
            .as_object()
            .ok_or_else(|| fail(format!("Invalid parameter constraints, expected a mapping not {}", text::repr(entry))))?;
        const KEYS: [&str; 7] =
            ["description", "length", "range", "modulo", "allowed_values", "allowed_pattern", "custom_constraint"];
        if let Some(key) = map.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(fail(format!("Invalid key '{key}' for parameter constraints")));
        }
        let bounds = |name: &str, keys: [&str; 2]| -> Result<Option<[Option<Number>; 2]>> {
            let Some(definition) = map.get(name) else { return Ok(None) };
            let bounds = definition.as_object().ok_or_else(|| fail(format!("{name} constraint must be a mapping")))?;
            if let Some(key) = bounds.keys().find(|key| !keys.contains(&key.as_str())) {
                return Err(fail(format!("Invalid key '{key}' for {name} constraint")));
            }
            let number = |key: &str| match bounds.get(key) {
                None | Some(Value::Null) => Ok(None),
                Some(value) => text::number(value).map(Some).ok_or_else(|| fail("min/max must be numeric".to_owned())),
            };
            let [first, second] = keys;
            Ok(Some([number(first)?, number(second)?]))
        };
        let neither = |name: &str| fail(format!("A {name} constraint must have a min value and/or a max value specified."));
        if let Some([min, max]) = bounds("range", ["min", "max"])? {
            if min.is_none() && max.is_none() {
                return Err(neither("range"));
            }
            return Ok(Self::Range { min, max });
        }
        if let Some([min, max]) = bounds("length", ["min", "max"])? {
            if min.is_none() && max.is_none() {
                return Err(neither("length"));
            }
            return Ok(Self::Length { min: min.and_then(|n| n.as_i64()), max: max.and_then(|n| n.as_i64()) });
        }
        if let Some([step, offset]) = bounds("modulo", ["step", "offset"])? {
            let (Some(step), Some(offset)) = (step.and_then(|n| n.as_i64()), offset.and_then(|n| n.as_i64())) else {
                return Err(fail("A modulo constraint must have a step value and an offset value specified.".to_owned()));
            };
            if step == 0 {
                return Err(fail("step cannot be 0.".to_owned()));
            }
            if offset.unsigned_abs() >= step.unsigned_abs() {
                return Err(fail("offset must be smaller (by absolute value) than step.".to_owned()));
            }
            return Ok(Self::Modulo { step, offset });
        }
        if let Some(values) = map.get("allowed_values") {
            let values = values.as_array().ok_or_else(|| fail("AllowedValues must be a list".to_owned()))?;
            return Ok(Self::AllowedValues(values.clone()));
        }
        if let Some(pattern) = map.get("allowed_pattern") {
            let pattern = pattern.as_str().ok_or_else(|| fail("AllowedPattern must be a string".to_owned()))?;
            return Self::pattern(pattern).map_err(|_| fail(format!("invalid allowed_pattern {pattern}")));
        }
        match map.get("custom_constraint") {
            Some(Value::String(name)) => Ok(Self::Custom(Custom::named(name))),
            _ => Err(fail("No constraint expressed".to_owned())),
        }
    }

    pub fn pattern(pattern: &str) -> Result<Self> {
        // Python's `re.match`, and the match must reach the end.
        fancy_regex::RegexBuilder::new(&format!("^(?:{pattern})$"))
            .backtrack_limit(100_000)
            .delegate_size_limit(1 << 20)
            .build()
            .map(|regex| Self::AllowedPattern(Box::new(regex), pattern.to_owned()))
            .map_err(|error| HeatError::new(ErrorKind::InvalidSchema, error.to_string()))
    }

    /// Checks all but objects in services, which [`Self::object`] names.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        match self {
            Self::Length { min, max } => {
                let length = match value {
                    Value::String(text) => text.chars().count(),
                    Value::Array(items) => items.len(),
                    Value::Object(map) => map.len(),
                    _ => return Ok(()),
                };
                let length = i64::try_from(length).unwrap_or(i64::MAX);
                if min.is_some_and(|min| length < min) || max.is_some_and(|max| length > max) {
                    return Err(format!("length ({length}) is out of range (min: {}, max: {})", bound(*min), bound(*max)));
                }
            }
            Self::Range { min, max } => {
                let number = text::number(value).ok_or_else(|| format!("Value '{}' is not a number", text::display(value)))?;
                let below = |low: &Number, high: &Number| low.as_f64() < high.as_f64();
                if min.as_ref().is_some_and(|min| below(&number, min)) || max.as_ref().is_some_and(|max| below(max, &number)) {
                    return Err(format!("{number} is out of range (min: {}, max: {})", bound(min.as_ref()), bound(max.as_ref())));
                }
            }
            Self::Modulo { step, offset } => {
                let number = text::number(value)
                    .and_then(|number| number.as_i64())
                    .ok_or_else(|| format!("{} is not an integer.", text::display(value)))?;
                if number.checked_rem(*step) != Some(*offset) {
                    return Err(format!("{number} is not a multiple of {step} with an offset of {offset})"));
                }
            }
            Self::AllowedValues(allowed) => {
                let items = match value {
                    Value::Array(items) => items.as_slice(),
                    single => std::slice::from_ref(single),
                };
                if !items.iter().all(|item| allowed.iter().any(|known| same(known, item))) {
                    let allowed = allowed.iter().map(text::display).collect::<Vec<_>>().join(", ");
                    return Err(format!("{} is not an allowed value [{allowed}]", text::display(value)));
                }
            }
            Self::AllowedPattern(regex, pattern) => {
                let subject = text::display(value);
                if !regex.is_match(&subject).unwrap_or(false) {
                    return Err(format!("\"{subject}\" does not match pattern \"{pattern}\""));
                }
            }
            Self::Custom(custom) => return custom.check(value),
        }
        Ok(())
    }
}

impl Custom {
    fn check(&self, value: &Value) -> Result<(), String> {
        let subject = text::display(value);
        let good = match self {
            Self::Object { .. } | Self::Unchecked(_) => true,
            Self::IpAddress => subject.parse::<IpAddr>().is_ok(),
            Self::NetCidr => return cidr(&subject),
            Self::MacAddress => {
                let parts: Vec<_> = subject.split(':').collect();
                parts.len() == 6 && parts.iter().all(|part| part.len() == 2 && part.chars().all(|c| c.is_ascii_hexdigit()))
            }
            Self::DnsName => {
                subject.len() <= 255 && subject.trim_end_matches('.').split('.').all(|part| !part.is_empty() && part.len() <= 63)
            }
        };
        if good {
            return Ok(());
        }
        Err(match self {
            Self::IpAddress => format!("Error validating value '{subject}': Invalid IP address"),
            Self::MacAddress => format!("Error validating value '{subject}': Invalid MAC address."),
            _ => format!("Error validating value '{subject}': '{subject}' is not a valid DNS name"),
        })
    }
}

fn cidr(subject: &str) -> Result<(), String> {
    let good = subject.split_once('/').is_some_and(|(address, prefix)| {
        let widest = match address.parse::<IpAddr>() {
            Ok(IpAddr::V4(_)) => 32,
            Ok(IpAddr::V6(_)) => 128,
            Err(_) => return false,
        };
        prefix.parse::<u8>().is_ok_and(|prefix| prefix <= widest)
    });
    if good { Ok(()) } else { Err(format!("Error validating value '{subject}': Invalid net cidr invalid IPNetwork {subject} ")) }
}

/// Texts and numbers that read the same are the same value in a template.
fn same(known: &Value, given: &Value) -> bool {
    known == given
        || match (known, given) {
            (Value::String(_) | Value::Number(_), Value::String(_) | Value::Number(_)) => {
                text::display(known) == text::display(given)
            }
            (Value::Bool(flag), other) | (other, Value::Bool(flag)) => text::boolean(other) == Some(*flag),
            _ => false,
        }
}

fn bound(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| value.to_string())
}

impl Constraint {
    /// As templates write it, for resource types and validation answers.
    #[must_use]
    pub fn describe(&self) -> Value {
        let bounds = |min: Option<Value>, max: Option<Value>| {
            let entries = [("min", min), ("max", max)];
            Value::Object(entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
        };
        let (key, value) = match self {
            Self::Length { min, max } => ("length", bounds(min.map(Value::from), max.map(Value::from))),
            Self::Range { min, max } => ("range", bounds(min.clone().map(Value::Number), max.clone().map(Value::Number))),
            Self::Modulo { step, offset } => ("modulo", serde_json::json!({"step": step, "offset": offset})),
            Self::AllowedValues(values) => ("allowed_values", Value::Array(values.clone())),
            Self::AllowedPattern(_, pattern) => ("allowed_pattern", Value::from(pattern.as_str())),
            Self::Custom(Custom::Object { name, .. }) => ("custom_constraint", Value::from(*name)),
            Self::Custom(Custom::NetCidr) => ("custom_constraint", Value::from("net_cidr")),
            Self::Custom(Custom::IpAddress) => ("custom_constraint", Value::from("ip_addr")),
            Self::Custom(Custom::MacAddress) => ("custom_constraint", Value::from("mac_addr")),
            Self::Custom(Custom::DnsName) => ("custom_constraint", Value::from("dns_name")),
            Self::Custom(Custom::Unchecked(name)) => ("custom_constraint", Value::from(name.as_str())),
        };
        Value::Object(Map::from_iter([(key.to_owned(), value)]))
    }
}
