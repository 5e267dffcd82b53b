//! What the outputs of `cluster.yaml` say.

use jeroboam_driver_common::{DefaultGroups, Outputs};
use jeroboam_driver_sdk::{Cluster, Error, Observation, Output, StackScope, unsupported};

use crate::parameters::marathon_port;

pub fn read(cluster: &Cluster, scope: &StackScope, outputs: &[Output]) -> Result<Observation, Error> {
    if let StackScope::NodeGroup(_) = scope {
        return Err(unsupported("this driver makes no node groups beyond the two default ones"));
    }
    let outputs = Outputs::parse(outputs)?;
    let groups = DefaultGroups::of(cluster)?;
    let (masters, slaves) = match cluster.floating_ip_enabled {
        true => ("mesos_master", "mesos_slaves"),
        false => ("mesos_master_private", "mesos_slaves_private"),
    };
    let port = marathon_port(cluster);
    Ok(Observation {
        api_address: outputs.text("api_address").map(|address| format!("http://{address}:{port}")),
        coe_version: None,
        container_version: None,
        groups: vec![outputs.group(&groups.masters.uuid, masters), outputs.group(&groups.workers.uuid, slaves)],
        extras: Vec::new(),
    })
}
