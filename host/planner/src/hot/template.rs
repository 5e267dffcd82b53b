//! Templates, read.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_yaml_ng::Value as Yaml;

use super::{
    ReadError,
    expression::{Expr, Reader},
    parameters::Parameter,
    term::{Fields, Term, key_of},
    yaml::parse,
};
use crate::heat;

#[derive(Clone, Debug)]
pub(crate) struct Template {
    /// The version, and sections that are compared as they stand.
    pub(super) rest: Fields,
    pub(super) parameters: BTreeMap<Arc<str>, Parameter>,
    pub(super) conditions: BTreeMap<Arc<str>, Expr>,
    pub(super) resources: BTreeMap<Arc<str>, Resource>,
    pub(super) outputs: BTreeMap<Arc<str>, Output>,
    /// Texts that could name files, and are not where Heat is known to look for names of files.
    pub(super) names: BTreeSet<Arc<str>>,
}

#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub kind: Arc<str>,
    pub condition: Option<Expr>,
    pub properties: Expr,
    /// `metadata`, `depends_on` and the like.
    pub rest: BTreeMap<Arc<str>, Expr>,
}

#[derive(Clone, Debug)]
pub(super) struct Output {
    pub condition: Option<Expr>,
    pub value: Expr,
}

impl Template {
    pub(super) fn read(place: &str, text: &str) -> Result<Self, ReadError> {
        let yaml = parse(place, text)?;
        let shape = || ReadError::Shape { place: place.to_owned() };
        if yaml.get("heat_template_version").is_none() {
            return Err(ReadError::NotHot { place: place.to_owned() });
        }
        let mut template = Self {
            rest: Fields::new(),
            parameters: BTreeMap::new(),
            conditions: BTreeMap::new(),
            resources: BTreeMap::new(),
            outputs: BTreeMap::new(),
            names: BTreeSet::new(),
        };
        let mut reader = Reader::default();
        for (key, section) in yaml.as_mapping().ok_or_else(shape)? {
            match key.as_str().ok_or_else(shape)? {
                "parameters" => template.parameters = each(section, Parameter::read).ok_or_else(shape)?,
                "conditions" => template.conditions = each(section, |yaml| Some(reader.read(yaml))).ok_or_else(shape)?,
                "resources" => {
                    template.resources = each(section, |yaml| Resource::read(yaml, &mut reader)).ok_or_else(shape)?;
                }
                "outputs" => template.outputs = each(section, |yaml| Output::read(yaml, &mut reader)).ok_or_else(shape)?,
                // For people.
                "description" | "parameter_groups" => {}
                other => _ = template.rest.insert(other.into(), Term::of_yaml(section)),
            }
        }
        template.names = reader.names;
        Ok(template)
    }
}

impl Resource {
    fn read(yaml: &Yaml, reader: &mut Reader) -> Option<Self> {
        let mut resource = Self {
            kind: yaml.get("type")?.as_str()?.into(),
            condition: None,
            properties: Expr::Known(Term::Null),
            rest: BTreeMap::new(),
        };
        reader.in_group = heat::is_group(&resource.kind);
        for (key, value) in yaml.as_mapping()? {
            match key.as_str()? {
                "type" | "description" => {}
                "condition" => resource.condition = Some(reader.read(value)),
                "properties" => resource.properties = reader.read(value),
                // The order makes no difference, nor does a list of one.
                "depends_on" => {
                    let names: BTreeSet<&str> = match value {
                        Yaml::String(name) => BTreeSet::from([name.as_str()]),
                        other => other.as_sequence()?.iter().filter_map(Yaml::as_str).collect(),
                    };
                    let names = names.into_iter().map(Term::text).collect();
                    resource.rest.insert("depends_on".into(), Expr::Known(Term::list(names)));
                }
                other => _ = resource.rest.insert(other.into(), reader.read(value)),
            }
        }
        reader.in_group = false;
        Some(resource)
    }
}

impl Output {
    fn read(yaml: &Yaml, reader: &mut Reader) -> Option<Self> {
        Some(Self {
            condition: yaml.get("condition").map(|condition| reader.read(condition)),
            value: yaml.get("value").map_or(Expr::Known(Term::Null), |value| reader.read(value)),
        })
    }
}

/// A section: names, and what `read` makes of what they stand for.
fn each<T>(section: &Yaml, mut read: impl FnMut(&Yaml) -> Option<T>) -> Option<BTreeMap<Arc<str>, T>> {
    match section {
        Yaml::Null => Some(BTreeMap::new()),
        Yaml::Mapping(mapping) => mapping.iter().map(|(key, value)| Some((key_of(key), read(value)?))).collect(),
        _ => None,
    }
}
