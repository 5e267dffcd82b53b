//! Kubernetes, as far as pods, services and replication controllers go: uids, versions, pages, and its own refusals.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    routing::get,
};
use serde_json::{Value, json};

type Answer = (StatusCode, Json<Value>);

/// Cheap to clone: all are one.
#[derive(Clone, Default)]
pub struct Kubernetes(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    /// By collection and name.
    objects: BTreeMap<(String, String), Value>,
    made: u64,
    /// What is answered to everything, if something is.
    fault: Option<(u16, String)>,
}

impl Kubernetes {
    pub fn router(&self) -> Router {
        let base = "/api/v1/namespaces/default/{collection}";
        Router::new()
            .route(base, get(list).post(create))
            .route(&format!("{base}/{{name}}"), get(show).put(replace).delete(delete))
            .with_state(self.clone())
    }

    /// From now on everything is answered so.
    pub fn fail(&self, status: u16, message: &str) {
        self.0.lock().unwrap().fault = Some((status, message.to_owned()));
    }

    /// The object of that collection and name, as it is kept.
    pub fn object(&self, collection: &str, name: &str) -> Option<Value> {
        self.0.lock().unwrap().objects.get(&(collection.to_owned(), name.to_owned())).cloned()
    }

    /// Whether it can be asked at all.
    fn kept(&self) -> Result<std::sync::MutexGuard<'_, Kept>, Answer> {
        let kept = self.0.lock().unwrap();
        match &kept.fault {
            Some((status, message)) => Err(refusal(*status, message)),
            None => Ok(kept),
        }
    }
}

fn refusal(code: u16, message: &str) -> Answer {
    let status = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "code": code});
    (StatusCode::from_u16(code).unwrap(), Json(status))
}

fn found(result: Result<Answer, Answer>) -> Answer {
    result.unwrap_or_else(|refusal| refusal)
}

fn missing(collection: &str, name: &str) -> Answer {
    refusal(404, &format!("{collection} \"{name}\" not found"))
}

/// At most `limit` of them, after `continue`.
async fn list(
    State(own): State<Kubernetes>,
    Path(collection): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Answer {
    found(own.kept().map(|kept| {
        let after = query.get("continue").cloned().unwrap_or_default();
        let limit: usize = query.get("limit").map_or(usize::MAX, |limit| limit.parse().unwrap());
        let of = kept.objects.iter().filter(|((of, name), _)| *of == collection && *name > after);
        let (names, items): (Vec<_>, Vec<_>) = of.take(limit).map(|((_, name), object)| (name, object)).unzip();
        let next = if items.len() == limit { names.last().map(|name| name.as_str()).unwrap_or_default() } else { "" };
        (StatusCode::OK, Json(json!({"kind": "List", "metadata": {"continue": next}, "items": items})))
    }))
}

async fn show(State(own): State<Kubernetes>, Path((collection, name)): Path<(String, String)>) -> Answer {
    found(own.kept().map(|kept| match kept.objects.get(&(collection.clone(), name.clone())) {
        Some(object) => (StatusCode::OK, Json(object.clone())),
        None => missing(&collection, &name),
    }))
}

async fn create(State(own): State<Kubernetes>, Path(collection): Path<String>, Json(mut object): Json<Value>) -> Answer {
    found(own.kept().map(|mut kept| {
        let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return refusal(422, &format!("{collection} \"{name}\" is invalid: metadata.name"));
        }
        if kept.objects.contains_key(&(collection.clone(), name.clone())) {
            return refusal(409, &format!("{collection} \"{name}\" already exists"));
        }
        kept.made += 1;
        object["metadata"]["uid"] = json!(format!("5d2f3b1c-8a0e-4c55-9d7e-{:012}", kept.made));
        object["metadata"]["resourceVersion"] = json!(kept.made.to_string());
        match collection.as_str() {
            "services" => object["spec"]["clusterIP"] = json!(format!("10.254.0.{}", kept.made)),
            "pods" => {
                object["status"] = json!({"phase": "Running"});
                object["spec"]["nodeName"] = json!("node-0");
            }
            _ => {}
        }
        kept.objects.insert((collection, name), object.clone());
        (StatusCode::CREATED, Json(object))
    }))
}

async fn replace(
    State(own): State<Kubernetes>,
    Path((collection, name)): Path<(String, String)>,
    Json(mut object): Json<Value>,
) -> Answer {
    found(own.kept().map(|mut kept| {
        kept.made += 1;
        let version = kept.made.to_string();
        let Some(present) = kept.objects.get_mut(&(collection.clone(), name.clone())) else {
            return missing(&collection, &name);
        };
        if object["metadata"]["resourceVersion"] != present["metadata"]["resourceVersion"] {
            return refusal(409, "the object has been modified");
        }
        if object["spec"]["clusterIP"] != present["spec"]["clusterIP"] {
            return refusal(422, "spec.clusterIP: field is immutable");
        }
        object["metadata"]["uid"] = present["metadata"]["uid"].clone();
        object["metadata"]["resourceVersion"] = json!(version);
        *present = object.clone();
        (StatusCode::OK, Json(object))
    }))
}

async fn delete(State(own): State<Kubernetes>, Path((collection, name)): Path<(String, String)>) -> Answer {
    found(own.kept().map(|mut kept| match kept.objects.remove(&(collection.clone(), name.clone())) {
        Some(object) => (StatusCode::OK, Json(object)),
        None => missing(&collection, &name),
    }))
}
