//! Swarm's API, as far as this driver asks it: Docker's, with the cluster in place of one engine. <https://docs.docker.com/reference/api/engine/version/v1.25/>

use jeroboam_driver_sdk::{Error, coe_api, errors::unavailable, internal};
use serde::{Deserialize, de::DeserializeOwned};

/// Milliseconds that one request may take.
const TIMEOUT: u32 = 8_000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Info {
    /// Pairs in the order in which `docker info` shows them.
    #[serde(default)]
    system_status: Option<Vec<Vec<String>>>,
}

/// What Swarm thinks of an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The name of its host.
    pub name: String,
    /// `Healthy`, `Unhealthy`, `Pending`, …
    pub status: String,
}

/// A container that runs.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Container {
    /// `/<node>/<name>` each.
    names: Vec<String>,
}

impl Container {
    /// The host that it runs on.
    pub fn node(&self) -> Option<&str> {
        self.names.iter().find_map(|name| name.strip_prefix('/')?.split_once('/').map(|(node, _)| node))
    }

    /// Whether it is one that the driver put there, by the names in `node/*.service`.
    pub fn is_ours(&self) -> bool {
        let mut names = self.names.iter().filter_map(|name| name.rsplit_once('/'));
        names.any(|(_, name)| name == "swarm-agent" || name.starts_with("jeroboam-"))
    }
}

/// The answer `OK`, or what was said instead.
pub fn ping() -> Result<String, Error> {
    let response = coe_api::get("/_ping", TIMEOUT)?;
    let text: String = String::from_utf8_lossy(&response.body).trim().chars().take(200).collect();
    Ok(if response.status == 200 { text } else { format!("{} {text}", response.status) })
}

pub fn nodes() -> Result<Vec<Node>, Error> {
    let info: Info = get("/info")?;
    Ok(read_nodes(&info.system_status.unwrap_or_default()))
}

pub fn running_containers() -> Result<Vec<Container>, Error> {
    get("/containers/json")
}

/// Nodes follow the count `Nodes`: the name after one space, then what is known of it, marked with `└`.
fn read_nodes(status: &[Vec<String>]) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let pairs = status.iter().filter_map(|row| Some((row.first()?.as_str(), row.get(1)?.as_str())));
    let after_count = pairs.skip_while(|(name, _)| !name.trim().trim_matches('\u{8}').eq_ignore_ascii_case("nodes")).skip(1);
    for (name, value) in after_count {
        match name.trim().strip_prefix('└') {
            None => nodes.push(Node { name: name.trim().to_owned(), status: "Unknown".to_owned() }),
            Some(fact) if fact.trim() == "Status" => {
                if let Some(node) = nodes.last_mut() {
                    node.status = value.trim().to_owned();
                }
            }
            Some(_) => {}
        }
    }
    nodes
}

fn get<T: DeserializeOwned>(path: &str) -> Result<T, Error> {
    let response = coe_api::get(path, TIMEOUT)?;
    if response.status != 200 {
        return Err(unavailable(format!("Swarm answered {} to {path}", response.status), 10_000));
    }
    serde_json::from_slice(&response.body).map_err(|error| internal(format!("Swarm's answer to {path}: {error}")))
}
