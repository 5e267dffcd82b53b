//! What templates and environments name, and what Heat would make of it.
//!
//! Facts, from Heat's engine (`environment.py`, `template_resource.py`, `resource_group.py`, `resource_chain.py`): a resource's type that ends in `.yaml` or
//! `.template`, or that a registry maps to such a name, is a nested template. It is taken from the files, and **fetched if the file is not there or empty**.
//! Types inside of properties are resolved like any other value before they are used, so they can be computed. A name in a registry may end in `*`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_yaml_ng::{Mapping, Value as Yaml};

use super::DefinitionError;

/// Types whose properties carry a template, or a URL that a service fetches.
pub(super) const REFUSED_TYPES: &[&str] = &[
    "OS::Heat::Stack",
    "AWS::CloudFormation::Stack",
    "OS::Senlin::Profile",
    "OS::Mistral::Workflow",
    "OS::Glance::Image",
    "OS::Glance::WebImage",
];

/// HOT's functions whose names do not begin with `get_` or `Fn::`.
const FUNCTIONS: &[&str] = &[
    "and",
    "contains",
    "digest",
    "equals",
    "filter",
    "if",
    "list_concat",
    "list_concat_unique",
    "list_join",
    "make_url",
    "map_merge",
    "map_replace",
    "not",
    "or",
    "Ref",
    "repeat",
    "resource_facade",
    "str_replace",
    "str_replace_strict",
    "str_replace_vstrict",
    "str_split",
    "yaql",
];

/// What can be reached from the root template.
pub(super) struct References<'a> {
    files: &'a BTreeMap<&'a str, &'a str>,
    /// Still to be looked at.
    templates: VecDeque<String>,
    seen: BTreeSet<String>,
}

impl<'a> References<'a> {
    pub(super) fn new(files: &'a BTreeMap<&'a str, &'a str>) -> Self {
        Self { files, templates: VecDeque::new(), seen: BTreeSet::new() }
    }

    /// A template that was named and not yet looked at.
    pub(super) fn next(&mut self) -> Option<String> {
        self.templates.pop_front()
    }

    /// All templates that were named.
    pub(super) fn seen(self) -> BTreeSet<String> {
        self.seen
    }

    pub(super) fn template(&mut self, place: &str, node: &Yaml) -> Result<(), DefinitionError> {
        match node {
            Yaml::Mapping(mapping) => {
                for (key, value) in mapping {
                    self.entry(place, key.as_str().unwrap_or_default(), value)?;
                    self.template(place, value)?;
                }
                Ok(())
            }
            Yaml::Sequence(items) => items.iter().try_for_each(|item| self.template(place, item)),
            Yaml::Tagged(tagged) => self.template(place, &tagged.value),
            _ => Ok(()),
        }
    }

    fn entry(&mut self, place: &str, key: &str, value: &Yaml) -> Result<(), DefinitionError> {
        match key {
            "get_file" | "Fn::GetFile" => value.as_str().map_or(Ok(()), |name| self.file(place, name)),
            "type" | "Type" => value.as_str().map_or(Ok(()), |name| self.resource_type(place, name)),
            // A nested template is made of these: nothing in them that says what it is made of may be computed.
            "resource_def" => self.definition(place, key, value),
            "resource" if value.is_mapping() => self.definition(place, key, value),
            "properties" | "Properties" | "resources" | "Resources" if is_computed(value) => Err(computed(place, key)),
            // Of a resource chain: names of types.
            "resources" => value.as_sequence().into_iter().flatten().try_for_each(|item| match item.as_str() {
                Some(name) => self.resource_type(place, name),
                None if is_computed(item) => Err(computed(place, key)),
                None => Ok(()),
            }),
            _ => Ok(()),
        }
    }

    /// A resource that a property defines.
    fn definition(&mut self, place: &str, key: &str, value: &Yaml) -> Result<(), DefinitionError> {
        match value.as_mapping().and_then(|mapping| mapping.get("type").or_else(|| mapping.get("Type"))) {
            Some(name) if name.is_string() => Ok(()),
            _ => Err(computed(place, key)),
        }
    }

    fn file(&self, place: &str, name: &str) -> Result<(), DefinitionError> {
        let (found, place, name) = (self.files.contains_key(name), place.to_owned(), name.to_owned());
        if is_url(&name) {
            return Err(DefinitionError::Outside { place, name });
        }
        if found { Ok(()) } else { Err(DefinitionError::Missing { place, name }) }
    }

    /// `type` is also a word of parameters and of properties: only what Heat would take for the name of a template matters.
    fn resource_type(&mut self, place: &str, name: &str) -> Result<(), DefinitionError> {
        if REFUSED_TYPES.contains(&name) {
            return Err(DefinitionError::RefusedType { place: place.to_owned(), name: name.to_owned() });
        }
        if is_url(name) || is_template(name) {
            self.file(place, name)?;
            if self.files.get(name).is_some_and(|text| text.trim().is_empty()) {
                return Err(DefinitionError::Empty { place: place.to_owned(), name: name.to_owned() });
            }
            if self.seen.insert(name.to_owned()) {
                self.templates.push_back(name.to_owned());
            }
        }
        Ok(())
    }

    /// Every text in a registry names a type, a template or (as `base_url`) a place to fetch from.
    pub(super) fn registry(&mut self, node: &Yaml) -> Result<(), DefinitionError> {
        match node {
            Yaml::String(name) => self.registered(name),
            Yaml::Mapping(mapping) => self.registered_all(mapping),
            Yaml::Sequence(items) => items.iter().try_for_each(|item| self.registry(item)),
            Yaml::Tagged(tagged) => self.registry(&tagged.value),
            _ => Ok(()),
        }
    }

    fn registered_all(&mut self, mapping: &Mapping) -> Result<(), DefinitionError> {
        for (key, value) in mapping {
            // The names of templates are looked up too: a name is a template if it ends like one, whatever it is mapped to.
            key.as_str().map_or(Ok(()), |key| self.registered(key))?;
            self.registry(value)?;
        }
        Ok(())
    }

    fn registered(&mut self, name: &str) -> Result<(), DefinitionError> {
        if name.ends_with('*') && name.len() > 1 {
            return Err(DefinitionError::Wildcard { name: name.to_owned() });
        }
        self.resource_type("environment", name)
    }
}

fn computed(place: &str, key: &str) -> DefinitionError {
    DefinitionError::Computed { place: place.to_owned(), key: key.to_owned() }
}

/// Whether it is a call of a function instead of what the function gives.
fn is_computed(value: &Yaml) -> bool {
    let Some(mapping) = value.as_mapping() else { return false };
    mapping.len() == 1 && mapping.keys().all(|key| key.as_str().is_some_and(is_function))
}

fn is_function(name: &str) -> bool {
    name.starts_with("get_") || name.starts_with("Fn::") || FUNCTIONS.contains(&name)
}

fn is_url(name: &str) -> bool {
    name.contains("://")
}

fn is_template(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".template")
}
