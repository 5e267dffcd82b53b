//! Which resources a blueprint asks for, and in what order.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    blueprint::{Blueprint, Inner},
    graph::Graph,
    scope::{Identity, References, StackScope},
};
use crate::heat::{
    error::Result,
    hot::{EvalError, Expression, template::ResourceDefinition},
};

/// The resources whose conditions hold, and their graph.
pub struct Plan {
    pub blueprint: Blueprint,
    pub graph: Graph,
}

impl Plan {
    pub fn new(blueprint: &Blueprint, identity: &Identity) -> Result<Self> {
        let facade = serde_json::Value::Null;
        let scope = StackScope { blueprint, identity, facade: &facade, references: References::Unknown };
        let mut requires = BTreeMap::new();
        for (name, definition) in &blueprint.template.resources {
            match scope.is_enabled(name) {
                Ok(false) => continue,
                // A condition on a parameter that is not known yet: as if it held.
                Ok(true) | Err(EvalError::Unresolved) => {}
                Err(EvalError::Heat(error)) => return Err(error),
            }
            let mut needed: BTreeSet<String> = definition.requirements().into_iter().map(str::to_owned).collect();
            needed.extend(implied(blueprint, definition));
            requires.insert(name.clone(), needed);
        }
        let graph = Graph::new(requires);
        graph.order()?;
        Ok(Self { blueprint: blueprint.clone(), graph })
    }

    pub fn definitions(&self) -> impl Iterator<Item = &ResourceDefinition> {
        self.blueprint.template.resources.values().filter(|definition| self.has(&definition.name))
    }

    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.graph.contains(name)
    }
}

/// Requirements that follow from types: an address needs the subnet and the router it goes through.
fn implied(blueprint: &Inner, definition: &ResourceDefinition) -> Vec<String> {
    let kind = blueprint.environment.resolve(&definition.kind, &definition.name);
    let others = blueprint.template.resources.values().filter(|other| other.name != definition.name);
    let of = |other: &ResourceDefinition, kinds: &[&str]| {
        kinds.contains(&blueprint.environment.resolve(&other.kind, &other.name).as_str())
    };
    match kind.as_str() {
        "OS::Neutron::Port" => {
            let network = network_of(definition);
            others
                .filter(|other| of(other, &["OS::Neutron::Subnet"]) && network.is_some() && network_of(other) == network)
                .map(|other| other.name.clone())
                .collect()
        }
        "OS::Neutron::FloatingIP" | "OS::Neutron::FloatingIPAssociation" => {
            others.filter(|other| of(other, &["OS::Neutron::RouterInterface"])).map(|other| other.name.clone()).collect()
        }
        _ => Vec::new(),
    }
}

fn network_of(definition: &ResourceDefinition) -> Option<&Expression> {
    let named = |name: &str| definition.properties.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    named("network").or_else(|| named("network_id"))
}
