//! What the outputs of `cluster.yaml` say.

use jeroboam_driver_common::{DefaultGroups, Outputs, Request};
use jeroboam_driver_sdk::{Cluster, Error, Observation, Output, StackScope, unsupported};

use crate::request::KubernetesRequest;

/// Outputs that are missing or null, as those of a stack that failed, leave out what they would say.
pub fn read(cluster: &Cluster, scope: &StackScope, outputs: &[Output]) -> Result<Observation, Error> {
    if let StackScope::NodeGroup(_) = scope {
        return Err(unsupported("this driver makes no node groups beyond the two default ones"));
    }
    let outputs = Outputs::parse(outputs)?;
    let groups = DefaultGroups::of(cluster)?;
    let (masters, workers) = match cluster.floating_ip_enabled {
        true => ("kube_masters", "kube_minions"),
        false => ("kube_masters_private", "kube_minions_private"),
    };
    let port = Request::from(cluster).api_port();
    Ok(Observation {
        api_address: outputs.text("api_address").map(|address| format!("https://{address}:{port}")),
        coe_version: outputs.text("kube_version"),
        container_version: None,
        groups: vec![outputs.group(&groups.masters.uuid, masters), outputs.group(&groups.workers.uuid, workers)],
        extras: Vec::new(),
    })
}
