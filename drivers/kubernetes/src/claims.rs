//! Claims of volumes, through the cluster's API: deleted before the cluster is, so that its storage controller detaches and deletes their volumes.

use std::collections::BTreeSet;

use jeroboam_driver_sdk::{
    Error,
    coe_api::{self, Request},
    errors::unavailable,
    internal,
};
use serde::{Deserialize, de::DeserializeOwned};

/// Milliseconds that one request may take.
const TIMEOUT: u32 = 8_000;

#[derive(Deserialize)]
struct List<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
struct Object {
    metadata: Metadata,
    #[serde(default)]
    spec: Spec,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    namespace: String,
}

/// Of a pod.
#[derive(Default, Deserialize)]
struct Spec {
    #[serde(default)]
    volumes: Vec<Volume>,
}

#[derive(Deserialize)]
struct Volume {
    #[serde(rename = "persistentVolumeClaim")]
    claim: Option<serde::de::IgnoredAny>,
}

/// Asks for the deletion of all claims and of the pods that use them; answers how many claims are left. To be called until there are none.
pub fn release() -> Result<usize, Error> {
    let claims: List<Object> = list("/api/v1/persistentvolumeclaims")?;
    if claims.items.is_empty() {
        return Ok(0);
    }
    // Controllers make claims again; without classes they get no volumes.
    delete("/apis/storage.k8s.io/v1/storageclasses")?;
    let namespaces: BTreeSet<&str> = claims.items.iter().map(|claim| claim.metadata.namespace.as_str()).collect();
    for namespace in namespaces {
        delete(&format!("/api/v1/namespaces/{namespace}/persistentvolumeclaims"))?;
    }
    let pods: List<Object> = list("/api/v1/pods")?;
    for pod in pods.items.iter().filter(|pod| pod.spec.volumes.iter().any(|volume| volume.claim.is_some())) {
        delete(&format!("/api/v1/namespaces/{}/pods/{}", pod.metadata.namespace, pod.metadata.name))?;
    }
    Ok(claims.items.len())
}

fn list<T: DeserializeOwned>(path: &str) -> Result<List<T>, Error> {
    let response = coe_api::get(path, TIMEOUT)?;
    if response.status != 200 {
        return Err(unavailable(format!("the API answered {} to {path}", response.status), 10_000));
    }
    serde_json::from_slice(&response.body).map_err(|error| internal(format!("the API's answer to {path}: {error}")))
}

/// What is gone is fine.
fn delete(path: &str) -> Result<(), Error> {
    let response = coe_api::send(&Request {
        method: "DELETE".to_owned(),
        path: path.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        timeout_ms: TIMEOUT,
        identity: None,
    })?;
    match response.status {
        200..=299 | 404 => Ok(()),
        status => Err(unavailable(format!("the API answered {status} to the deletion of {path}"), 10_000)),
    }
}
