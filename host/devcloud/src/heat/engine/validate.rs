//! Checks of a whole tree of stacks before anything is made.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    Engine, MAX_DEPTH, MAX_RESOURCES, ResourceKind,
    blueprint::{Blueprint, Inner},
    plan::Plan,
    scope::{Identity, References, StackScope},
};
use crate::{
    heat::{
        error::{ErrorKind, HeatError, Result},
        hot::{
            Expression, Function, Template,
            constraints::Custom,
            eval::{evaluate_partly, is_unknown},
            template::ResourceDefinition,
            text,
        },
        resources::{
            plugin::{Child, Plugin, Properties},
            schema,
        },
    },
    services::{Kind, Scope, ServiceError},
};

/// An object that must exist, and the error when it does not.
struct Wanted {
    kind: Kind,
    entity: &'static str,
    value: String,
    place: String,
}

/// A resource as it would be made.
#[derive(Clone, Debug)]
pub struct Sketched {
    pub name: String,
    pub kind: String,
    pub description: String,
    pub requires: Vec<String>,
    pub required_by: Vec<String>,
    pub properties: Properties,
    pub nested: Vec<Sketched>,
}

#[derive(Default)]
struct Check {
    wanted: Vec<Wanted>,
}

impl Engine {
    /// Checks a blueprint and everything nested in it. Answers what would be made.
    pub(crate) async fn validate(
        self: &Arc<Self>,
        scope: &Scope,
        blueprint: &Blueprint,
        identity: &Identity,
    ) -> Result<Vec<Sketched>> {
        let mut check = Check::default();
        for named in blueprint.parameters.named_objects(&blueprint.template.parameters) {
            check.wanted.push(Wanted {
                kind: named.kind,
                entity: named.entity,
                value: named.value,
                place: format!("Parameter '{}' is invalid: ", named.parameter),
            });
        }
        let (sketched, count) = check.stack(blueprint, identity, 0)?;
        if count > MAX_RESOURCES {
            return Err(HeatError::new(ErrorKind::StackResourceLimitExceeded, "Maximum resources per stack exceeded."));
        }
        check.wanted.sort_by(|a, b| (a.kind, &a.value).cmp(&(b.kind, &b.value)));
        check.wanted.dedup_by(|a, b| a.kind == b.kind && a.value == b.value);
        for wanted in check.wanted {
            self.wanted(scope, wanted.kind, wanted.entity, &wanted.value)
                .await
                .map_err(|message| HeatError::validation(format!("{}{message}", wanted.place)))?;
        }
        Ok(sketched)
    }

    /// Whether an object exists, in the words of a custom constraint.
    pub(crate) async fn wanted(&self, scope: &Scope, kind: Kind, entity: &str, value: &str) -> Result<(), String> {
        if value.is_empty() {
            return Ok(());
        }
        match self.services().find(scope, kind, value).await {
            Ok(_) => Ok(()),
            Err(ServiceError::Ambiguous { .. }) => {
                Err(format!("Error validating value '{value}': Multiple physical resources were found with name ({value})."))
            }
            Err(ServiceError::NotFound { .. }) => Err(Custom::missing(entity, value)),
            Err(error) => Err(format!("Error validating value '{value}': {error}")),
        }
    }
}

impl Check {
    fn stack(&mut self, blueprint: &Blueprint, identity: &Identity, depth: usize) -> Result<(Vec<Sketched>, usize)> {
        if depth >= MAX_DEPTH {
            return Err(HeatError::new(
                ErrorKind::RequestLimitExceeded,
                format!("Request limit exceeded: Recursion depth exceeds {}.", MAX_DEPTH - 1),
            ));
        }
        let plan = Plan::new(blueprint, identity)?;
        let facade = Value::Null;
        let scope = StackScope { blueprint, identity, facade: &facade, references: References::Unknown };
        let mut sketched = Vec::new();
        let mut count = 0;
        for definition in plan.definitions() {
            let (mut one, inside) = self.resource(definition, &scope, depth)?;
            one.requires = plan.graph.requirements(&definition.name).into_iter().collect();
            one.required_by = plan.graph.required_by(&definition.name).map(str::to_owned).collect();
            sketched.push(one);
            count += 1 + inside;
            if count > MAX_RESOURCES {
                return Err(HeatError::new(ErrorKind::StackResourceLimitExceeded, "Maximum resources per stack exceeded."));
            }
            for expression in definition.properties.iter().map(|(_, value)| value).chain([&definition.metadata]) {
                attributes(&plan, expression)?;
            }
        }
        for output in &blueprint.template.outputs {
            if output.condition.is_none() {
                attributes(&plan, &output.value)?;
                evaluate_partly(&output.value, &scope)?;
            }
        }
        Ok((sketched, count))
    }

    fn resource(&mut self, definition: &ResourceDefinition, scope: &StackScope<'_>, depth: usize) -> Result<(Sketched, usize)> {
        let name = &definition.name;
        let kind = ResourceKind::resolve(scope.blueprint, &definition.kind, name)?;
        let mut properties = Map::new();
        for (key, value) in &definition.properties {
            let value = evaluate_partly(value, scope)
                .map_err(|error| HeatError::new(error.kind, format!("resources.{name}.properties.{key}: {}", error.message)))?;
            properties.insert(key.clone(), value);
        }
        let (child, copies) = match &kind {
            ResourceKind::Plugin(plugin) => {
                self.properties(*plugin, name, &properties)?;
                match plugin.nested() {
                    None => (None, 0),
                    Some(nested) => {
                        let complete = filled(*plugin, &properties);
                        let sketch = nested
                            .sketch(&complete, scope.blueprint.template.version)
                            .map_err(|message| HeatError::property(name, "", message))?;
                        (Some(nested_blueprint(scope.blueprint, &sketch.child)?), sketch.copies)
                    }
                }
            }
            ResourceKind::Template { template, .. } => {
                check_facade(template, name, &properties)?;
                let parameters = given(&properties);
                (Some(scope_blueprint(scope.blueprint, template.clone(), parameters)?), 1)
            }
        };
        let (nested, inside) = match child {
            None => (Vec::new(), 0),
            Some(child) => self.stack(&child, scope.identity, depth + 1).map_err(|error| {
                if error.message.starts_with("Property error: ") {
                    let rest = error.message.trim_start_matches("Property error: ");
                    return HeatError::new(error.kind, format!("Property error: resources.{name}<nested_stack>.{rest}"));
                }
                error
            })?,
        };
        let sketched = Sketched {
            name: name.clone(),
            kind: definition.kind.clone(),
            description: definition.description.clone(),
            requires: Vec::new(),
            required_by: Vec::new(),
            properties,
            nested,
        };
        Ok((sketched, inside * copies))
    }

    fn properties(&mut self, plugin: &dyn Plugin, name: &str, given: &Properties) -> Result<()> {
        let table = plugin.properties();
        if plugin.has_open_properties() {
            return Ok(());
        }
        if let Some(key) = given.keys().find(|key| !table.iter().any(|property| property.name == key.as_str())) {
            return Err(HeatError::property(name, "", format!("Unknown Property {key}")));
        }
        let mut named = Vec::new();
        for property in table {
            match given.get(property.name) {
                None | Some(Value::Null) if property.required => {
                    return Err(HeatError::property(name, "", format!("Property {} not assigned", property.name)));
                }
                Some(value) if !is_unknown(value) => {
                    schema::read_one(property, value, &mut named)
                        .map_err(|(path, message)| HeatError::property(name, &path, message))?;
                }
                _ => {}
            }
        }
        for object in named {
            self.wanted.push(Wanted {
                kind: object.kind,
                entity: object.entity,
                value: object.value,
                place: format!("Property error: resources.{name}.properties.{}: ", object.path),
            });
        }
        plugin.validate(given).map_err(|message| HeatError::validation(format!("resources.{name}: {message}")))
    }
}

/// The properties with defaults filled in, unknown ones as they are.
pub fn filled(plugin: &dyn Plugin, given: &Properties) -> Properties {
    let mut values = given.clone();
    for property in plugin.properties() {
        if values.get(property.name).is_none_or(Value::is_null)
            && let Some(value) = property.default.value()
        {
            values.insert(property.name.to_owned(), value);
        }
    }
    values
}

/// What was given, without the nulls that stand for "not given".
fn given(properties: &Properties) -> Map<String, Value> {
    properties.iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn scope_blueprint(parent: &Inner, template: Arc<Template>, parameters: Map<String, Value>) -> Result<Blueprint> {
    let mut environment = parent.environment.clone();
    environment.parameters = parameters;
    Blueprint::build(template, environment, parent.files.clone())
}

fn nested_blueprint(parent: &Inner, child: &Child) -> Result<Blueprint> {
    scope_blueprint(parent, Arc::new(Template::parse(&child.template)?), given(&child.parameters))
}

/// A nested template's parameters are the properties of its resource.
fn check_facade(template: &Template, name: &str, properties: &Properties) -> Result<()> {
    if let Some(key) = properties.keys().find(|key| !template.parameters.contains_key(*key)) {
        return Err(HeatError::property(name, "", format!("Unknown Property {key}")));
    }
    for (parameter, schema) in &template.parameters {
        match properties.get(parameter) {
            None | Some(Value::Null) if schema.default.is_none() => {
                return Err(HeatError::property(name, "", format!("Property {parameter} not assigned")));
            }
            Some(value) if !value.is_null() && !is_unknown(value) => {
                schema.read(value).map_err(|message| HeatError::property(name, parameter, message))?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether the attributes that an expression asks for exist.
fn attributes(plan: &Plan, expression: &Expression) -> Result<()> {
    let mut outcome = Ok(());
    expression.each_function(&mut |function| {
        let Function::GetAttr { resource, attribute: Some(Expression::Literal(attribute)), .. } = function else { return };
        if outcome.is_err() || !plan.has(resource) {
            return;
        }
        let name = text::display(attribute);
        let Some(definition) = plan.blueprint.definition(resource) else { return };
        let known = match ResourceKind::resolve(&plan.blueprint, &definition.kind, resource) {
            Ok(ResourceKind::Plugin(plugin)) => {
                plugin.has_open_attributes() || name == "show" || plugin.attributes().contains(&name.as_str())
            }
            Ok(ResourceKind::Template { template, .. }) => {
                name == "show" || name.starts_with("resource.") || template.outputs.iter().any(|output| output.name == name)
            }
            Err(_) => true,
        };
        if !known {
            outcome = Err(HeatError::new(
                ErrorKind::InvalidTemplateAttribute,
                format!("The Referenced Attribute ({resource} {name}) is incorrect."),
            ));
        }
    });
    outcome
}
