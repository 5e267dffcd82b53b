//! Evaluation inside a stack: references, attributes, parameters, conditions.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde_json::{Value, json};

use super::{Engine, blueprint::Inner, state::Stack};
use crate::heat::{
    error::{Failure, HeatError},
    hot::{
        EvalError, Expression, Resolve,
        eval::{Evaluated, select_attribute},
        evaluate, evaluate_condition,
        expression::Facade,
    },
};

/// What stands for the stack itself in templates.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    pub id: String,
    pub name: String,
    pub project_id: String,
}

/// How references to resources are met.
pub enum References<'a> {
    /// Nothing exists yet: any reference to a resource of the stack is unknown.
    Unknown,
    Known {
        references: &'a BTreeMap<String, Option<Value>>,
        attributes: &'a HashMap<(String, String), Value>,
        /// The attribute that was asked for and is not there.
        missed: RefCell<Option<(String, String)>>,
    },
}

pub struct StackScope<'a> {
    pub blueprint: &'a Inner,
    pub identity: &'a Identity,
    pub facade: &'a Value,
    pub references: References<'a>,
}

impl StackScope<'_> {
    /// Whether the resource of that name is part of the stack, its condition considered.
    pub fn is_enabled(&self, name: &str) -> Evaluated<bool> {
        match self.blueprint.template.resources.get(name) {
            None => Ok(false),
            Some(definition) => definition.condition.as_ref().map_or(Ok(true), |condition| evaluate_condition(condition, self)),
        }
    }

    fn enabled(&self, name: &str) -> Evaluated<()> {
        if self.is_enabled(name)? { Ok(()) } else { Err(EvalError::Heat(HeatError::reference(name, &self.identity.name))) }
    }
}

impl Resolve for StackScope<'_> {
    fn parameter(&self, name: &str) -> Evaluated {
        match name {
            "OS::stack_id" => Ok(json!(self.identity.id)),
            "OS::stack_name" => Ok(json!(self.identity.name)),
            "OS::project_id" => Ok(json!(self.identity.project_id)),
            "OS::region" => Ok(json!("RegionOne")),
            _ => match self.blueprint.parameters.get(name) {
                Some(value) => Ok(value.clone()),
                None if self.blueprint.template.parameters.contains_key(name) => Err(EvalError::Unresolved),
                None => Err(EvalError::Heat(HeatError::missing_parameter(name))),
            },
        }
    }

    fn reference(&self, resource: &str) -> Evaluated {
        match &self.references {
            References::Unknown => self.enabled(resource).and(Err(EvalError::Unresolved)),
            References::Known { references, .. } => match references.get(resource) {
                Some(reference) => Ok(reference.clone().unwrap_or(Value::Null)),
                None => self.enabled(resource).map(|()| Value::Null),
            },
        }
    }

    fn attribute(&self, resource: &str, attribute: Option<&str>, path: &[Value]) -> Evaluated {
        match &self.references {
            References::Unknown => self.enabled(resource).and(Err(EvalError::Unresolved)),
            References::Known { references, attributes, missed } => {
                if !references.contains_key(resource) {
                    return self.enabled(resource).map(|()| Value::Null);
                }
                let key = (resource.to_owned(), attribute.unwrap_or_default().to_owned());
                match attributes.get(&key) {
                    Some(value) => Ok(select_attribute(value.clone(), path)),
                    None => {
                        *missed.borrow_mut() = Some(key);
                        Err(EvalError::Unresolved)
                    }
                }
            }
        }
    }

    fn file(&self, name: &str) -> Option<String> {
        self.blueprint.files.get(name).cloned()
    }

    fn facade(&self, part: Facade) -> Evaluated {
        let key = match part {
            Facade::Metadata => "metadata",
            Facade::DeletionPolicy => "deletion_policy",
            Facade::UpdatePolicy => "update_policy",
        };
        Ok(self.facade.get(key).cloned().unwrap_or(Value::Null))
    }

    fn condition(&self, name: &str) -> Evaluated<bool> {
        match self.blueprint.template.conditions.get(name) {
            Some(condition) => evaluate_condition(condition, self),
            None => Err(EvalError::Heat(HeatError::validation(format!("Invalid condition \"{name}\"")))),
        }
    }
}

impl Identity {
    #[must_use]
    pub fn of(stack: &Stack) -> Self {
        Self { id: stack.id.clone(), name: stack.name.clone(), project_id: stack.owner.project_id.clone() }
    }
}

impl Engine {
    /// The value of an expression in a stack that exists, as `blueprint` has it. Attributes are fetched as they turn out to be needed.
    pub(crate) async fn evaluate_in(
        self: &Arc<Self>,
        stack: &str,
        blueprint: &Inner,
        expression: &Expression,
    ) -> Result<Value, Failure> {
        let Some((identity, facade, references)) = self.read(|state| {
            let stack = state.stacks.get(stack)?;
            let references: BTreeMap<String, Option<Value>> = stack
                .resources
                .iter()
                .map(|(name, resource)| {
                    (name.clone(), resource.reference.clone().or_else(|| resource.physical_id.clone().map(Value::String)))
                })
                .collect();
            Some((Identity::of(stack), stack.facade.clone(), references))
        }) else {
            return Err(HeatError::not_found("Stack", stack).into());
        };
        let mut attributes = HashMap::new();
        loop {
            let missed = {
                let scope = StackScope {
                    blueprint,
                    identity: &identity,
                    facade: &facade,
                    references: References::Known {
                        references: &references,
                        attributes: &attributes,
                        missed: RefCell::new(None),
                    },
                };
                match evaluate(expression, &scope) {
                    Ok(value) => return Ok(value),
                    Err(EvalError::Heat(error)) => return Err(error.into()),
                    Err(EvalError::Unresolved) => match scope.references {
                        References::Known { missed, .. } => missed.into_inner(),
                        References::Unknown => None,
                    },
                }
            };
            let Some((resource, attribute)) = missed else {
                return Err(Failure::new("ValueError", "An expression refers to something that cannot be known."));
            };
            let value = self.attribute(stack, &resource, &attribute).await?;
            attributes.insert((resource, attribute), value);
        }
    }
}
