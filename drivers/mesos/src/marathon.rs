//! Marathon's API, as far as this driver asks it. <https://mesosphere.github.io/marathon/api-console/index.html>

use jeroboam_driver_sdk::{Error, coe_api, errors::unavailable, internal};
use serde::{Deserialize, de::DeserializeOwned};

/// Milliseconds that one request may take.
const TIMEOUT: u32 = 8_000;

/// What Marathon says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    /// Host and port of the leader.
    pub leader: Option<String>,
    /// What Mesos calls this Marathon, once it has registered.
    pub framework_id: Option<String>,
}

#[derive(Deserialize)]
struct Tasks {
    tasks: Vec<Task>,
}

/// One that Mesos has started or is about to.
#[derive(Deserialize)]
pub struct Task {
    /// The slave's, as it calls itself: its private address. Nothing while no slave has taken it.
    #[serde(default)]
    pub host: Option<String>,
}

/// What answers at the cluster's address: `pong`, or why not.
pub fn ping() -> Result<String, Error> {
    let response = coe_api::get("/ping", TIMEOUT)?;
    let text: String = String::from_utf8_lossy(&response.body).trim().chars().take(200).collect();
    Ok(if response.status == 200 { text } else { format!("{} {text}", response.status) })
}

pub fn info() -> Result<Info, Error> {
    get("/v2/info")
}

pub fn tasks() -> Result<Vec<Task>, Error> {
    Ok(get::<Tasks>("/v2/tasks")?.tasks)
}

fn get<T: DeserializeOwned>(path: &str) -> Result<T, Error> {
    let headers = vec![("accept".to_owned(), "application/json".to_owned())];
    let (method, path) = ("GET".to_owned(), path.to_owned());
    let response = coe_api::send(&coe_api::Request {
        method,
        path: path.clone(),
        headers,
        body: Vec::new(),
        timeout_ms: TIMEOUT,
        identity: None,
    })?;
    if response.status != 200 {
        return Err(unavailable(format!("Marathon answered {} to {path}", response.status), 10_000));
    }
    serde_json::from_slice(&response.body).map_err(|error| internal(format!("Marathon's answer to {path}: {error}")))
}
