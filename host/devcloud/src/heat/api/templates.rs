//! `template`, `environment` and `files` of a stack, and `validate`.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{
    caller::{Caller, bad, object},
    stacks,
};
use crate::heat::{
    Engine,
    engine::state::Stack,
    error::Result,
    hot::{Environment, Template},
};

type Target = Path<(String, String, String)>;

pub async fn template(State(engine): State<Arc<Engine>>, caller: Caller, Path((_, _, id)): Target) -> Result<Json<Value>> {
    engine.stack(&caller.scope, &id, |stack: &Stack| stack.blueprint.template.source.clone()).map(Json)
}

pub async fn environment(State(engine): State<Arc<Engine>>, caller: Caller, Path((_, _, id)): Target) -> Result<Json<Value>> {
    engine
        .stack(&caller.scope, &id, |stack: &Stack| {
            let mut shown = stack.blueprint.environment.to_value();
            // Hidden parameters stay hidden.
            let masked = stack.blueprint.parameters.shown();
            if let Some(parameters) = shown.get_mut("parameters").and_then(Value::as_object_mut) {
                for (name, value) in parameters.iter_mut() {
                    if masked.get(name).and_then(Value::as_str) == Some("******") {
                        *value = json!("******");
                    }
                }
            }
            shown
        })
        .map(Json)
}

pub async fn files(State(engine): State<Arc<Engine>>, caller: Caller, Path((_, _, id)): Target) -> Result<Json<Value>> {
    engine.stack(&caller.scope, &id, |stack: &Stack| json!(stack.blueprint.files.texts())).map(Json)
}

pub async fn validate(State(engine): State<Arc<Engine>>, caller: Caller, body: Bytes) -> Result<Json<Value>> {
    let request = stacks::request(&object(&body)?)?;
    let template = request.template.as_ref().ok_or_else(|| bad("No template specified"))?;
    let template = Template::parse(template)?;
    let environment = Environment::parse(&request.environment)?;
    // Parameters may be missing here; with all of them there, everything else is checked too.
    if let Ok(blueprint) = request.blueprint() {
        engine.check(&caller.scope, &blueprint).await?;
    }
    let parameters: Map<String, Value> = template
        .parameters
        .iter()
        .map(|(name, schema)| {
            let mut shown = schema.describe(name);
            let given = environment.parameters.get(name).or_else(|| request.parameters.get(name));
            if let (Some(value), Some(shown)) = (given, shown.as_object_mut()) {
                shown.insert("Value".to_owned(), if schema.hidden { json!("******") } else { value.clone() });
            }
            (name.clone(), shown)
        })
        .collect();
    let mut answer = json!({
        "Description": if template.description.is_empty() { "No description" } else { &template.description },
        "Parameters": parameters,
        "Environment": environment.to_value(),
    });
    if !template.parameter_groups.is_null()
        && let Some(answer) = answer.as_object_mut()
    {
        answer.insert("ParameterGroups".to_owned(), template.parameter_groups.clone());
    }
    Ok(Json(answer))
}
