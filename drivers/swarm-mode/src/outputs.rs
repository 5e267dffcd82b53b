//! What the outputs of `cluster.yaml` and `group.yaml` say.

use jeroboam_driver_common::{DefaultGroups, Outputs, Request};
use jeroboam_driver_sdk::{Cluster, Error, GroupObservation, Observation, Output, StackScope};

use crate::{memory::Memory, request::SwarmRequest};

/// Outputs that are missing or null, as those of a stack that failed, leave out what they would say.
pub fn read(cluster: &Cluster, scope: &StackScope, outputs: &[Output]) -> Result<Observation, Error> {
    let outputs = Outputs::parse(outputs)?;
    // Public addresses, where nodes have any.
    let name = |output: &str| if cluster.floating_ip_enabled { output.to_owned() } else { format!("{output}_private") };
    match scope {
        StackScope::Cluster => read_cluster(cluster, &outputs, name),
        StackScope::NodeGroup(uuid) => Ok(Observation {
            api_address: None,
            coe_version: None,
            container_version: None,
            groups: vec![outputs.group(uuid, &name("swarm_nodes"))],
            extras: Vec::new(),
        }),
    }
}

fn read_cluster(cluster: &Cluster, outputs: &Outputs, name: impl Fn(&str) -> String) -> Result<Observation, Error> {
    let groups = DefaultGroups::of(cluster)?;
    let port = Request::from(cluster).api_port();
    let mut masters = outputs.texts(&name("swarm_primary_master"));
    masters.extend(outputs.texts(&name("swarm_secondary_masters")));
    Ok(Observation {
        // As DOCKER_HOST has it.
        api_address: outputs.text("api_address").map(|address| format!("tcp://{address}:{port}")),
        // Docker's version is the image's, and no output knows it.
        coe_version: None,
        container_version: None,
        groups: vec![
            GroupObservation { group: groups.masters.uuid.clone(), node_addresses: masters, extras: Vec::new() },
            outputs.group(&groups.workers.uuid, &name("swarm_nodes")),
        ],
        extras: Memory::of_outputs(outputs).map(Memory::into_extras).unwrap_or_default(),
    })
}
