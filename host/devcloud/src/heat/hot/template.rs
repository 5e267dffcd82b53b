//! A template: its sections, parsed and checked as far as that goes without values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    expression::{Condition, Expression, Function},
    parameters::ParameterSchema,
    parse, source, text,
    version::Version,
};
use crate::heat::error::{ErrorKind, HeatError, Result};

#[derive(Clone, Debug)]
pub struct Template {
    pub version: Version,
    pub description: String,
    pub parameter_groups: Value,
    pub parameters: BTreeMap<String, ParameterSchema>,
    pub conditions: BTreeMap<String, Condition>,
    pub resources: BTreeMap<String, ResourceDefinition>,
    pub outputs: Vec<OutputDefinition>,
    /// As it came, for `GET …/template`.
    pub source: Value,
}

/// What becomes of the object when its resource leaves the stack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeletionPolicy {
    #[default]
    Delete,
    Retain,
    Snapshot,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ResourceDefinition {
    pub name: String,
    pub kind: String,
    pub description: String,
    pub properties: Vec<(String, Expression)>,
    pub metadata: Expression,
    pub depends_on: Vec<String>,
    pub deletion_policy: DeletionPolicy,
    pub update_policy: Expression,
    pub condition: Option<Condition>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OutputDefinition {
    pub name: String,
    pub description: String,
    pub value: Expression,
    pub condition: Option<Condition>,
}

impl DeletionPolicy {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Delete => "Delete",
            Self::Retain => "Retain",
            Self::Snapshot => "Snapshot",
        }
    }
}

impl ResourceDefinition {
    /// Resources it refers to or is told to wait for.
    #[must_use]
    pub fn requirements(&self) -> BTreeSet<&str> {
        let mut names: BTreeSet<&str> = self.depends_on.iter().map(String::as_str).collect();
        let expressions = self.properties.iter().map(|(_, value)| value).chain([&self.metadata, &self.update_policy]);
        names.extend(expressions.flat_map(Expression::resources));
        names
    }
}

impl Template {
    /// Reads a template: an object, or its text.
    pub fn parse(template: &Value) -> Result<Self> {
        let source = match template {
            Value::String(text) => source::parse_text(text, "Template")?,
            other => {
                source::check_bounds(other)?;
                other.clone()
            }
        };
        let map = source
            .as_object()
            .ok_or_else(|| HeatError::new(ErrorKind::BadRequest, "The template is not a JSON object or YAML mapping."))?;
        let version = map.get("heat_template_version").ok_or_else(|| {
            HeatError::new(
                ErrorKind::InvalidTemplateVersion,
                "The template version is invalid: Template format version not found: \"heat_template_version\" is missing.",
            )
        })?;
        let version = Version::parse(&text::display(version))?;
        for key in map.keys() {
            let known = matches!(
                key.as_str(),
                "heat_template_version" | "description" | "parameter_groups" | "parameters" | "resources" | "outputs"
            ) || key == "conditions" && version.has_conditions();
            if !known {
                return Err(HeatError::section(key));
            }
        }
        let mut template = Self {
            version,
            description: map.get("description").map(text::display).unwrap_or_default(),
            parameter_groups: map.get("parameter_groups").cloned().unwrap_or_default(),
            parameters: BTreeMap::new(),
            conditions: BTreeMap::new(),
            resources: BTreeMap::new(),
            outputs: Vec::new(),
            source: Value::Null,
        };
        for (name, value) in section(map, "parameters")? {
            template.parameters.insert(name.clone(), ParameterSchema::parse(name, value, version)?);
        }
        for (name, value) in section(map, "conditions")? {
            template.conditions.insert(name.clone(), parse::condition(value, version, &format!("conditions.{name}"))?);
        }
        for (name, value) in section(map, "resources")? {
            template.resources.insert(name.clone(), resource(name, value, version)?);
        }
        for (name, value) in section(map, "outputs")? {
            template.outputs.push(output(name, value, version)?);
        }
        template.check()?;
        template.source = source;
        Ok(template)
    }

    /// References that lead nowhere.
    fn check(&self) -> Result<()> {
        self.check_groups()?;
        for (name, condition) in &self.conditions {
            self.check_condition(condition, &format!("conditions.{name}"))?;
            self.check_acyclic(name, &mut Vec::new())?;
        }
        for resource in self.resources.values() {
            let place = format!("resources.{}", resource.name);
            if let Some(condition) = &resource.condition {
                self.check_condition(condition, &place)?;
            }
            for required in &resource.depends_on {
                if !self.resources.contains_key(required) {
                    return Err(HeatError::reference(required, &resource.name));
                }
            }
            for (property, value) in &resource.properties {
                self.check_expression(value, &resource.name, &format!("{place}.properties.{property}"))?;
            }
            self.check_expression(&resource.metadata, &resource.name, &format!("{place}.metadata"))?;
            self.check_expression(&resource.update_policy, &resource.name, &format!("{place}.update_policy"))?;
        }
        for output in &self.outputs {
            let place = format!("outputs.{}.value", output.name);
            if let Some(condition) = &output.condition {
                self.check_condition(condition, &place)?;
            }
            self.check_expression(&output.value, "Outputs", &place)?;
        }
        Ok(())
    }

    fn check_groups(&self) -> Result<()> {
        let fail = |message: String| HeatError::validation(format!("Parameter Groups error: {message}"));
        let groups = match &self.parameter_groups {
            Value::Null => return Ok(()),
            Value::Array(groups) => groups,
            _ => return Err(fail("parameter_groups: The parameter_groups should be a list.".to_owned())),
        };
        let mut seen = BTreeSet::new();
        for (at, group) in groups.iter().enumerate() {
            let names = group
                .get("parameters")
                .and_then(Value::as_array)
                .ok_or_else(|| fail(format!("parameter_groups.{at}: The parameters of parameter group should be a list.")))?;
            for name in names.iter().map(text::display) {
                if !self.parameters.contains_key(&name) {
                    return Err(fail(format!(
                        "parameter_groups.{at}: The grouped parameter {name} does not reference a valid parameter."
                    )));
                }
                if !seen.insert(name.clone()) {
                    return Err(fail(format!(
                        "parameter_groups.{at}: The {name} parameter must be assigned to one parameter group only."
                    )));
                }
            }
        }
        Ok(())
    }

    fn check_expression(&self, expression: &Expression, key: &str, place: &str) -> Result<()> {
        let mut outcome = Ok(());
        expression.each_function(&mut |function| {
            if outcome.is_ok() {
                outcome = self.check_function(function, key, place);
            }
        });
        outcome
    }

    fn check_function(&self, function: &Function, key: &str, place: &str) -> Result<()> {
        match function {
            Function::GetResource { name } | Function::GetAttr { resource: name, .. } if !self.resources.contains_key(name) => {
                Err(HeatError::reference(name, key))
            }
            Function::GetParam { name: Expression::Literal(Value::String(name)), .. } => self.check_parameter(name),
            Function::If { condition, .. } => self.check_condition_names(condition, place),
            _ => Ok(()),
        }
    }

    fn check_parameter(&self, name: &str) -> Result<()> {
        let pseudo = matches!(name, "OS::stack_id" | "OS::stack_name" | "OS::project_id" | "OS::region");
        if pseudo || self.parameters.contains_key(name) { Ok(()) } else { Err(HeatError::missing_parameter(name)) }
    }

    fn check_condition(&self, condition: &Condition, place: &str) -> Result<()> {
        self.check_condition_names(condition, place)?;
        for expression in condition.expressions() {
            if let Some(resource) = expression.resources().first() {
                return Err(HeatError::reference(resource, place));
            }
            self.check_expression(expression, place, place)?;
        }
        Ok(())
    }

    fn check_condition_names(&self, condition: &Condition, place: &str) -> Result<()> {
        match condition.named().into_iter().find(|name| !self.conditions.contains_key(*name)) {
            Some(name) => Err(HeatError::validation(format!("{place}: Invalid condition \"{name}\""))),
            None => Ok(()),
        }
    }

    fn check_acyclic<'a>(&'a self, name: &'a str, path: &mut Vec<&'a str>) -> Result<()> {
        if path.contains(&name) {
            return Err(HeatError::validation(format!("Circular definition for condition \"{name}\"")));
        }
        path.push(name);
        if let Some(condition) = self.conditions.get(name) {
            for inner in condition.named() {
                self.check_acyclic(inner, path)?;
            }
        }
        path.pop();
        Ok(())
    }
}

fn section<'a>(map: &'a Map<String, Value>, name: &str) -> Result<impl Iterator<Item = (&'a String, &'a Value)>> {
    let section = match map.get(name) {
        None | Some(Value::Null) => None,
        Some(Value::Object(section)) => Some(section),
        Some(other) => {
            return Err(HeatError::validation(format!("The \"{name}\" section must be a map, not {}", text::repr(other))));
        }
    };
    Ok(section.into_iter().flatten())
}

fn resource(name: &str, value: &Value, version: Version) -> Result<ResourceDefinition> {
    if name.contains('/') || name.is_empty() {
        return Err(HeatError::validation("Resource names may not contain \"/\""));
    }
    let map = value.as_object().ok_or_else(|| {
        HeatError::validation(format!("Resources must contain Resource. Found a [{}] instead", text::repr(value)))
    })?;
    for key in map.keys() {
        let known = matches!(
            key.as_str(),
            "type" | "properties" | "metadata" | "depends_on" | "deletion_policy" | "update_policy" | "description"
        ) || version.has_conditions() && matches!(key.as_str(), "condition" | "external_id");
        if !known {
            return Err(HeatError::validation(format!("\"{key}\" is not a valid keyword inside a resource definition")));
        }
    }
    let place = format!("resources.{name}");
    let kind = match map.get("type") {
        Some(Value::String(kind)) if !kind.is_empty() => kind.clone(),
        Some(Value::String(_)) | Some(Value::Null) | None => {
            return Err(HeatError::validation(format!("Each Resource must contain a type key. ({place})")));
        }
        Some(other) => {
            return Err(HeatError::validation(format!("Resource {name} type type must be string, not {}", text::repr(other))));
        }
    };
    let properties = match map.get("properties") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Object(properties)) => properties
            .iter()
            .map(|(key, value)| Ok((key.clone(), parse::expression(value, version, &format!("{place}.properties.{key}"))?)))
            .collect::<Result<_>>()?,
        Some(other) => {
            return Err(HeatError::validation(format!(
                "Resource {name} properties type must be a map, not {}",
                text::repr(other)
            )));
        }
    };
    let depends_on = match map.get("depends_on") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(names)) if names.iter().all(Value::is_string) => names.iter().map(text::display).collect(),
        Some(_) => return Err(HeatError::validation(format!("{place}.depends_on must be a list of strings"))),
    };
    let deletion_policy = match map.get("deletion_policy").map(text::display).as_deref() {
        None | Some("Delete" | "delete") => DeletionPolicy::Delete,
        Some("Retain" | "retain") => DeletionPolicy::Retain,
        Some("Snapshot" | "snapshot") => DeletionPolicy::Snapshot,
        Some(other) => return Err(HeatError::validation(format!("Invalid deletion policy \"{other}\""))),
    };
    let part = |key: &str| parse::expression(map.get(key).unwrap_or(&Value::Null), version, &format!("{place}.{key}"));
    Ok(ResourceDefinition {
        name: name.to_owned(),
        kind,
        description: map.get("description").map(text::display).unwrap_or_default(),
        properties,
        metadata: part("metadata")?,
        depends_on,
        deletion_policy,
        update_policy: part("update_policy")?,
        condition: map
            .get("condition")
            .map(|value| parse::condition(value, version, &format!("{place}.condition")))
            .transpose()?,
    })
}

fn output(name: &str, value: &Value, version: Version) -> Result<OutputDefinition> {
    let map = value
        .as_object()
        .ok_or_else(|| HeatError::validation(format!("Outputs must contain Output. Found a [{}] instead", text::repr(value))))?;
    for key in map.keys() {
        let known = matches!(key.as_str(), "description" | "value") || key == "condition" && version.has_conditions();
        if !known {
            return Err(HeatError::validation(format!("\"{key}\" is not a valid keyword inside an output definition")));
        }
    }
    let value = map
        .get("value")
        .ok_or_else(|| HeatError::validation(format!("Each output definition must contain a value key. (outputs.{name})")))?;
    Ok(OutputDefinition {
        name: name.to_owned(),
        description: map.get("description").map(text::display).unwrap_or_default(),
        value: parse::expression(value, version, &format!("outputs.{name}.value"))?,
        condition: map
            .get("condition")
            .map(|value| parse::condition(value, version, &format!("outputs.{name}.condition")))
            .transpose()?,
    })
}
