//! What the outputs of stacks say.

use jeroboam_driver_common::{DefaultGroups, Outputs, Request};
use jeroboam_driver_sdk::{Cluster, Error, Observation, Output, StackScope};

use crate::{memory, request::KubernetesRequest};

/// Outputs that are missing or null, as those of a stack that failed, leave out what they would say.
pub fn read(cluster: &Cluster, scope: &StackScope, outputs: &[Output]) -> Result<Observation, Error> {
    let outputs = Outputs::parse(outputs)?;
    let (masters, workers) = match cluster.floating_ip_enabled {
        true => ("kube_masters", "kube_minions"),
        false => ("kube_masters_private", "kube_minions_private"),
    };
    if let StackScope::NodeGroup(uuid) = scope {
        let groups = vec![outputs.group(uuid, workers)];
        return Ok(Observation { api_address: None, coe_version: None, container_version: None, groups, extras: Vec::new() });
    }
    let groups = DefaultGroups::of(cluster)?;
    let port = Request::from(cluster).api_port();
    let scheme = if cluster.template.tls_disabled { "http" } else { "https" };
    Ok(Observation {
        api_address: outputs.text("api_address").map(|address| format!("{scheme}://{address}:{port}")),
        coe_version: outputs.text("kube_version"),
        container_version: None,
        groups: vec![outputs.group(&groups.masters.uuid, masters), outputs.group(&groups.workers.uuid, workers)],
        extras: memory::read(&outputs),
    })
}
