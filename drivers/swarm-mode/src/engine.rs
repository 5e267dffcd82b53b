//! What Docker on a master says of the swarm. <https://docs.docker.com/reference/api/engine/>

use jeroboam_driver_sdk::{Error, coe_api, errors::unavailable, internal};
use serde::{Deserialize, de::DeserializeOwned};

/// Milliseconds that one request may take.
const TIMEOUT: u32 = 8_000;
/// The label of a node's engine that names its group; `node/docker.sh` sets it.
const GROUP_LABEL: &str = "org.openstack.magnum.nodegroup";

/// `GET /info`, as far as it is about the swarm.
#[derive(Deserialize)]
pub struct Info {
    #[serde(rename = "Swarm", default)]
    pub swarm: Swarm,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Swarm {
    /// `active`, `inactive`, `pending`, `error` or `locked`.
    pub local_node_state: String,
    /// Whether this is a manager.
    pub control_available: bool,
    pub error: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Node {
    #[serde(rename = "ID")]
    pub id: String,
    spec: NodeSpec,
    #[serde(default)]
    description: NodeDescription,
    #[serde(default)]
    status: NodeStatus,
    #[serde(default)]
    manager_status: Option<ManagerStatus>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NodeSpec {
    #[serde(default)]
    availability: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct NodeDescription {
    hostname: String,
    engine: EngineDescription,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct EngineDescription {
    labels: Option<std::collections::BTreeMap<String, String>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct NodeStatus {
    state: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct ManagerStatus {
    reachability: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Task {
    #[serde(rename = "NodeID", default)]
    pub node_id: String,
    /// Of a replicated service's tasks. Those of a service that runs on all nodes have none, and are no reason to keep a node.
    #[serde(default)]
    pub slot: u64,
}

impl Node {
    pub fn hostname(&self) -> &str {
        &self.description.hostname
    }

    pub fn is_ready(&self) -> bool {
        self.status.state == "ready"
    }

    /// `ready`, `down`, `unknown` or `disconnected`.
    pub fn state(&self) -> &str {
        if self.status.state.is_empty() { "unknown" } else { &self.status.state }
    }

    /// Whether somebody has drained it.
    pub fn is_drained(&self) -> bool {
        self.spec.availability == "drain"
    }

    /// `reachable` or `unreachable`, of a manager.
    pub fn reachability(&self) -> Option<&str> {
        self.manager_status.as_ref().map(|status| status.reachability.as_str())
    }

    pub fn is_of_group(&self, name: &str) -> bool {
        let labels = self.description.engine.labels.as_ref();
        labels.and_then(|labels| labels.get(GROUP_LABEL)).is_some_and(|group| group == name)
    }
}

/// Docker's plain answer `OK`, or what it said instead.
pub fn ping() -> Result<String, Error> {
    let response = coe_api::get("/_ping", TIMEOUT)?;
    let text: String = String::from_utf8_lossy(&response.body).trim().chars().take(200).collect();
    Ok(if response.status == 200 { text } else { format!("{} {text}", response.status) })
}

pub fn info() -> Result<Info, Error> {
    get("/info")
}

pub fn nodes() -> Result<Vec<Node>, Error> {
    get("/nodes")
}

/// Tasks that are to run.
pub fn running_tasks() -> Result<Vec<Task>, Error> {
    // {"desired-state":["running"]}
    get("/tasks?filters=%7B%22desired-state%22%3A%5B%22running%22%5D%7D")
}

fn get<T: DeserializeOwned>(path: &str) -> Result<T, Error> {
    let what = path.split('?').next().unwrap_or(path);
    let response = coe_api::get(path, TIMEOUT)?;
    if response.status != 200 {
        return Err(unavailable(format!("Docker answered {} to {what}: {}", response.status, message(&response.body)), 10_000));
    }
    serde_json::from_slice(&response.body).map_err(|error| internal(format!("Docker's answer to {what}: {error}")))
}

/// Docker's errors are `{"message": "…"}`.
fn message(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        message: String,
    }
    let text = match serde_json::from_slice::<Refusal>(body) {
        Ok(refusal) => refusal.message,
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    text.trim().chars().take(200).collect()
}
