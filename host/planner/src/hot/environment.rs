//! Environments: values of parameters, and what types stand for.

use std::{collections::BTreeMap, sync::Arc};

use serde_yaml_ng::Value as Yaml;

use super::{
    ReadError,
    term::{Fields, Term, key_of},
    yaml::parse,
};

/// Types that stand for types, one after the other.
const CHAIN: usize = 8;

#[derive(Clone, Debug, Default)]
pub(super) struct Environment {
    pub parameters: Fields,
    pub defaults: Fields,
    /// Types, some ending in `*`, and what they stand for.
    registry: BTreeMap<Arc<str>, Arc<str>>,
    /// What is compared as it stands.
    pub rest: Fields,
}

impl Environment {
    pub(super) fn read(text: &str) -> Result<Self, ReadError> {
        let mut environment = Self::default();
        if text.trim().is_empty() {
            return Ok(environment);
        }
        let yaml = parse("environment", text)?;
        let shape = || ReadError::Shape { place: "environment".to_owned() };
        if yaml.is_null() {
            return Ok(environment);
        }
        for (key, section) in yaml.as_mapping().ok_or_else(shape)? {
            match (key_of(key).as_ref(), section) {
                (_, Yaml::Null) => {}
                ("parameters", Yaml::Mapping(_)) => environment.parameters = fields(section),
                ("parameter_defaults", Yaml::Mapping(_)) => environment.defaults = fields(section),
                ("resource_registry", Yaml::Mapping(registry)) => {
                    for (kind, target) in registry {
                        match target {
                            Yaml::String(target) => _ = environment.registry.insert(key_of(kind), target.as_str().into()),
                            // `resources`, with hooks and types for resources by name.
                            other => {
                                let name = format!("resource_registry/{}", key_of(kind));
                                environment.rest.insert(name.into(), Term::of_yaml(other));
                            }
                        }
                    }
                }
                (other, section) => _ = environment.rest.insert(other.into(), Term::of_yaml(section)),
            }
        }
        Ok(environment)
    }

    /// What a type stands for in the end.
    pub(super) fn resolve(&self, kind: &str) -> Arc<str> {
        let mut kind: Arc<str> = kind.into();
        for _ in 0..CHAIN {
            match self.registry.get(&kind).cloned().or_else(|| self.wildcard(&kind)) {
                Some(target) if target != kind => kind = target,
                _ => break,
            }
        }
        kind
    }

    /// `OS::Networking::*: OS::Neutron::*`
    fn wildcard(&self, kind: &str) -> Option<Arc<str>> {
        self.registry.iter().rev().find_map(|(from, to)| {
            let rest = kind.strip_prefix(from.strip_suffix('*')?)?;
            Some(to.strip_suffix('*').map_or_else(|| Arc::clone(to), |to| format!("{to}{rest}").into()))
        })
    }
}

fn fields(section: &Yaml) -> Fields {
    Term::of_yaml(section).as_map().cloned().unwrap_or_default()
}
