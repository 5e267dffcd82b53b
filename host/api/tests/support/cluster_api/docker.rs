//! Docker, as far as containers go: images that have to be fetched, states, frames of what was written.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use serde_json::{Value, json};

/// Cheap to clone: all are one.
#[derive(Clone, Default)]
pub struct Docker(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    images: BTreeSet<String>,
    containers: Vec<Value>,
    /// Commands that were made for `exec`, by id.
    commands: Vec<Value>,
}

impl Docker {
    pub fn router(&self) -> Router {
        Router::new()
            .route("/containers/json", get(list))
            .route("/containers/create", post(create))
            .route("/containers/{id}/json", get(show))
            .route("/containers/{id}", delete(remove))
            .route("/containers/{id}/logs", get(logs))
            .route("/containers/{id}/exec", post(exec))
            .route("/containers/{id}/{verb}", post(change))
            .route("/exec/{id}/start", post(run))
            .route("/images/create", post(pull))
            .with_state(self.clone())
    }

    pub fn containers(&self) -> Vec<Value> {
        self.0.lock().unwrap().containers.clone()
    }

    /// A container that others made.
    pub fn add(&self, name: &str, labels: Value) {
        self.0.lock().unwrap().add(Some(name), &json!({"Image": "other", "Labels": labels}));
    }
}

impl Kept {
    fn add(&mut self, name: Option<&str>, wanted: &Value) -> String {
        let id = format!("{:064x}", self.containers.len() + 0xabc);
        let name = name.map_or_else(|| format!("random_{}", self.containers.len()), str::to_owned);
        let mut made = json!({"Id": id, "Name": format!("/{name}"), "Config": wanted.clone(), "State": {"Status": "created"}});
        made["HostConfig"] = wanted["HostConfig"].clone();
        self.containers.push(made);
        id
    }

    fn find(&mut self, ident: &str) -> Option<&mut Value> {
        let name = json!(format!("/{ident}"));
        self.containers.iter_mut().find(|container| container["Id"] == ident || container["Name"] == name)
    }
}

fn refusal(status: u16, message: &str) -> Response {
    (StatusCode::from_u16(status).unwrap(), Json(json!({"message": message}))).into_response()
}

fn missing(ident: &str) -> Response {
    refusal(404, &format!("No such container: {ident}"))
}

/// As Docker sends the two streams.
fn frame(stream: u8, text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len()).unwrap().to_be_bytes();
    [&[stream, 0, 0, 0][..], &length, text.as_bytes()].concat()
}

async fn list(State(own): State<Docker>) -> Response {
    let entry = |container: &Value| {
        json!({"Id": container["Id"], "Names": [container["Name"]], "Image": container["Config"]["Image"],
            "Labels": container["Config"]["Labels"], "Command": "", "State": container["State"]["Status"]})
    };
    Json(Value::Array(own.containers().iter().map(entry).collect())).into_response()
}

async fn create(State(own): State<Docker>, Query(query): Query<BTreeMap<String, String>>, Json(wanted): Json<Value>) -> Response {
    let mut kept = own.0.lock().unwrap();
    let image = wanted["Image"].as_str().unwrap_or_default();
    if !kept.images.contains(image) {
        return refusal(404, &format!("No such image: {image}"));
    }
    let name = query.get("name").map(String::as_str);
    if name.is_some_and(|name| kept.find(name).is_some()) {
        return refusal(409, "Conflict. The container name is already in use");
    }
    let id = kept.add(name, &wanted);
    (StatusCode::CREATED, Json(json!({"Id": id, "Warnings": []}))).into_response()
}

async fn show(State(own): State<Docker>, Path(ident): Path<String>) -> Response {
    own.0.lock().unwrap().find(&ident).map_or_else(|| missing(&ident), |container| Json(container.clone()).into_response())
}

async fn remove(State(own): State<Docker>, Path(ident): Path<String>) -> Response {
    let mut kept = own.0.lock().unwrap();
    let Some(id) = kept.find(&ident).map(|container| container["Id"].clone()) else { return missing(&ident) };
    kept.containers.retain(|container| container["Id"] != id);
    StatusCode::NO_CONTENT.into_response()
}

async fn change(State(own): State<Docker>, Path((ident, verb)): Path<(String, String)>) -> Response {
    let mut kept = own.0.lock().unwrap();
    let Some(container) = kept.find(&ident) else { return missing(&ident) };
    let before = container["State"]["Status"].as_str().unwrap_or_default().to_owned();
    let after = match (verb.as_str(), before.as_str()) {
        ("start", "running") | ("stop", "exited") => return StatusCode::NOT_MODIFIED.into_response(),
        ("start" | "restart", _) | ("unpause", "paused") => "running",
        ("stop", _) => "exited",
        ("pause", "running") => "paused",
        _ => return refusal(409, &format!("Container {ident} is {before}")),
    };
    container["State"]["Status"] = json!(after);
    StatusCode::NO_CONTENT.into_response()
}

async fn logs(State(own): State<Docker>, Path(ident): Path<String>) -> Response {
    match own.0.lock().unwrap().find(&ident) {
        Some(_) => [frame(1, "one\n"), frame(2, "two\n")].concat().into_response(),
        None => missing(&ident),
    }
}

async fn exec(State(own): State<Docker>, Path(ident): Path<String>, Json(wanted): Json<Value>) -> Response {
    let mut kept = own.0.lock().unwrap();
    match kept.find(&ident).map(|container| container["State"]["Status"].clone()) {
        None => missing(&ident),
        Some(state) if state != "running" => refusal(409, &format!("Container {ident} is not running")),
        Some(_) => {
            kept.commands.push(wanted["Cmd"].clone());
            (StatusCode::CREATED, Json(json!({"Id": (kept.commands.len() - 1).to_string()}))).into_response()
        }
    }
}

async fn run(State(own): State<Docker>, Path(id): Path<usize>) -> Response {
    let command = own.0.lock().unwrap().commands[id].to_string();
    frame(1, &format!("ran {command}")).into_response()
}

/// Only what begins with a letter of the alphabet's first half is to be had.
async fn pull(State(own): State<Docker>, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let (name, tag) = (&query["fromImage"], &query["tag"]);
    if name.starts_with(|letter: char| letter > 'm') {
        return format!("{{\"error\":\"manifest for {name}:{tag} not found\"}}\n").into_response();
    }
    own.0.lock().unwrap().images.extend([name.clone(), format!("{name}:{tag}")]);
    "{\"status\":\"Pulling\"}\n{\"status\":\"Done\"}\n".into_response()
}
