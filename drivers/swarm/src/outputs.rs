//! What the outputs of `cluster.yaml` say.

use jeroboam_driver_common::{DefaultGroups, Outputs, Request};
use jeroboam_driver_sdk::{Cluster, Error, Observation, Output, StackScope, unsupported};

use crate::request::SwarmRequest;

pub fn read(cluster: &Cluster, scope: &StackScope, outputs: &[Output]) -> Result<Observation, Error> {
    if let StackScope::NodeGroup(_) = scope {
        return Err(unsupported("this driver makes no node groups beyond the two default ones"));
    }
    let outputs = Outputs::parse(outputs)?;
    let groups = DefaultGroups::of(cluster)?;
    let (masters, workers) = match cluster.floating_ip_enabled {
        true => ("swarm_masters", "swarm_nodes"),
        false => ("swarm_masters_private", "swarm_nodes_private"),
    };
    let port = Request::from(cluster).api_port();
    Ok(Observation {
        // As DOCKER_HOST has it.
        api_address: outputs.text("api_address").map(|address| format!("tcp://{address}:{port}")),
        coe_version: None,
        container_version: None,
        groups: vec![outputs.group(&groups.masters.uuid, masters), outputs.group(&groups.workers.uuid, workers)],
        extras: Vec::new(),
    })
}
