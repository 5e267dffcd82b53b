//! Outputs of stacks.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Engine;
use crate::heat::{
    error::Failure,
    hot::{EvalError, OutputDefinition, evaluate_condition},
};

use super::scope::{Identity, References, StackScope};

impl Engine {
    fn defined_outputs(&self, stack: &str) -> Option<(super::blueprint::Blueprint, Vec<OutputDefinition>)> {
        let (blueprint, identity, facade) = self.read(|state| {
            state.stacks.get(stack).map(|stack| (stack.blueprint.clone(), Identity::of(stack), stack.facade.clone()))
        })?;
        let scope = StackScope { blueprint: &blueprint, identity: &identity, facade: &facade, references: References::Unknown };
        let enabled = blueprint
            .template
            .outputs
            .iter()
            .filter(|output| match &output.condition {
                None => true,
                Some(condition) => !matches!(evaluate_condition(condition, &scope), Ok(false) | Err(EvalError::Heat(_))),
            })
            .cloned()
            .collect();
        Some((blueprint, enabled))
    }

    /// The value of one output; `None` when the stack has none of that name.
    pub(crate) async fn output(self: &Arc<Self>, stack: &str, name: &str) -> Result<Option<Value>, Failure> {
        let Some((blueprint, outputs)) = self.defined_outputs(stack) else { return Ok(None) };
        match outputs.iter().find(|output| output.name == name) {
            None => Ok(None),
            Some(output) => self.evaluate_in(stack, &blueprint, &output.value).await.map(Some),
        }
    }

    /// All outputs as a stack shows them; one that cannot be told says why in `output_error`.
    pub async fn outputs(self: &Arc<Self>, stack: &str, resolve: bool) -> Vec<Value> {
        let Some((blueprint, outputs)) = self.defined_outputs(stack) else { return Vec::new() };
        let mut shown = Vec::with_capacity(outputs.len());
        for output in outputs {
            let description = if output.description.is_empty() { "No description given" } else { &output.description };
            let mut entry = json!({"output_key": output.name, "description": description});
            if resolve {
                let (value, error) = match self.evaluate_in(stack, &blueprint, &output.value).await {
                    Ok(value) => (value, None),
                    Err(failure) => (Value::Null, Some(failure.reason)),
                };
                if let Some(entry) = entry.as_object_mut() {
                    entry.insert("output_value".to_owned(), value);
                    if let Some(error) = error {
                        entry.insert("output_error".to_owned(), Value::String(error));
                    }
                }
            }
            shown.push(entry);
        }
        shown
    }
}
