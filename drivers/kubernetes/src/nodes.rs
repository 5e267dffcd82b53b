//! Nodes as the cluster's API lists them.

use jeroboam_driver_sdk::{Error, coe_api, errors::unavailable, internal};
use serde::Deserialize;

/// Milliseconds that one request may take.
const TIMEOUT: u32 = 8_000;

#[derive(Deserialize)]
struct NodeList {
    items: Vec<Node>,
}

#[derive(Deserialize)]
pub struct Node {
    metadata: Metadata,
    #[serde(default)]
    spec: Spec,
    #[serde(default)]
    status: Status,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
}

#[derive(Default, Deserialize)]
struct Spec {
    #[serde(default)]
    unschedulable: bool,
}

#[derive(Default, Deserialize)]
struct Status {
    #[serde(default)]
    conditions: Vec<Condition>,
}

#[derive(Deserialize)]
struct Condition {
    #[serde(rename = "type")]
    kind: String,
    status: String,
}

impl Node {
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    /// `True`, `False` or `Unknown`.
    pub fn ready(&self) -> &str {
        self.status.conditions.iter().find(|condition| condition.kind == "Ready").map_or("Unknown", |condition| &condition.status)
    }

    /// Whether somebody has cordoned it off.
    pub fn is_unschedulable(&self) -> bool {
        self.spec.unschedulable
    }
}

/// All nodes, or those with a label.
pub fn list(selector: Option<&str>) -> Result<Vec<Node>, Error> {
    let path = match selector {
        Some(selector) => format!("/api/v1/nodes?labelSelector={selector}"),
        None => "/api/v1/nodes".to_owned(),
    };
    let response = coe_api::get(&path, TIMEOUT)?;
    if response.status != 200 {
        return Err(unavailable(format!("the API answered {} to a list of nodes", response.status), 10_000));
    }
    let list: NodeList =
        serde_json::from_slice(&response.body).map_err(|error| internal(format!("the API's list of nodes: {error}")))?;
    Ok(list.items)
}

/// What the API says of itself: `ok`, or why not.
pub fn api_state() -> Result<String, Error> {
    let response = coe_api::get("/readyz", TIMEOUT)?;
    let text: String = String::from_utf8_lossy(&response.body).trim().chars().take(200).collect();
    Ok(if response.status == 200 { text } else { format!("{} {text}", response.status) })
}
