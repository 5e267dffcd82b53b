//! `resource_types`.

use axum::{Json, extract::Path};
use serde_json::{Map, Value, json};

use super::caller::Caller;
use crate::heat::{
    HeatError,
    error::Result,
    resources::{self, plugin::Plugin, schema},
};

pub async fn list(caller: Caller) -> Result<Json<Value>> {
    let wanted = caller.query.get("name").map(str::to_lowercase);
    let with_description = caller.query.flag("with_description")?;
    let mut names: Vec<&str> =
        resources::names().filter(|name| wanted.as_ref().is_none_or(|wanted| name.to_lowercase().contains(wanted))).collect();
    names.sort_unstable();
    let types: Vec<Value> = names
        .into_iter()
        .map(|name| if with_description { json!({"resource_type": name, "description": "simulated"}) } else { json!(name) })
        .collect();
    Ok(Json(json!({"resource_types": types})))
}

fn find(name: &str) -> Result<&'static dyn Plugin> {
    resources::plugin(name).ok_or_else(|| HeatError::not_found("Resource Type", name))
}

fn attributes(plugin: &dyn Plugin) -> Map<String, Value> {
    plugin.attributes().iter().chain(&["show"]).map(|name| ((*name).to_owned(), json!({"description": name}))).collect()
}

pub async fn show(_: Caller, Path((_, name)): Path<(String, String)>) -> Result<Json<Value>> {
    let plugin = find(&name)?;
    Ok(Json(json!({
        "resource_type": name,
        "properties": schema::describe(plugin.properties()),
        "attributes": attributes(plugin),
        "support_status": {"status": "SUPPORTED", "message": null, "version": null, "previous_status": null},
        "description": "simulated",
    })))
}

pub async fn template(_: Caller, Path((_, name)): Path<(String, String)>) -> Result<Json<Value>> {
    let plugin = find(&name)?;
    let mut parameters = Map::new();
    let mut properties = Map::new();
    for property in plugin.properties() {
        let ty = match property.ty {
            schema::Type::Integer | schema::Type::Number => "number",
            schema::Type::Boolean => "boolean",
            schema::Type::Map(_) | schema::Type::Any => "json",
            schema::Type::List(_) => "comma_delimited_list",
            schema::Type::String => "string",
        };
        parameters.insert(property.name.to_owned(), json!({"type": ty}));
        properties.insert(property.name.to_owned(), json!({"get_param": property.name}));
    }
    Ok(Json(json!({
        "heat_template_version": "2021-04-16",
        "description": format!("Initial template of {name}"),
        "parameters": parameters,
        "resources": {"Resource": {"type": name, "properties": properties}},
    })))
}
