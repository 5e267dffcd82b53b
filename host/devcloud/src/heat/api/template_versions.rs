//! `template_versions` and their functions.

use axum::{Json, extract::Path};
use serde_json::{Value, json};

use super::caller::Caller;
use crate::heat::{
    error::Result,
    hot::{
        Version,
        version::{CONDITION_FUNCTIONS, FUNCTIONS},
    },
};

pub async fn list(_: Caller) -> Json<Value> {
    let versions: Vec<Value> = Version::names()
        .map(|name| json!({"version": format!("heat_template_version.{name}"), "type": "hot", "aliases": []}))
        .collect();
    Json(json!({"template_versions": versions}))
}

pub async fn functions(caller: Caller, Path((_, version)): Path<(String, String)>) -> Result<Json<Value>> {
    let version = Version::parse(version.strip_prefix("heat_template_version.").unwrap_or(&version))?;
    let conditions = caller.query.flag("with_condition_func")?;
    let more = if conditions { CONDITION_FUNCTIONS } else { &[] };
    let mut shown: Vec<Value> = Vec::new();
    for (name, description, since) in FUNCTIONS.iter().chain(more) {
        let entry = json!({"functions": name, "description": description});
        if *since <= version && !shown.contains(&entry) {
            shown.push(entry);
        }
    }
    Ok(Json(json!({"template_functions": shown})))
}
