//! What the outputs of `templates/cluster.yaml` say.

use jeroboam_driver_sdk::{Cluster, Error, GroupObservation, Observation, Output, Role};
use serde_json::Value;

use crate::stack::default_group;

/// Outputs of a stack that failed may be missing, null, or have holes: what they would say is left out.
pub fn read(cluster: &Cluster, outputs: &[Output]) -> Result<Observation, Error> {
    let value = |name: &str| -> Option<Value> {
        let output = outputs.iter().find(|output| output.name == name)?;
        serde_json::from_str(&output.value).ok()
    };
    let observed = |role, name| {
        let addresses = value(name).and_then(|list| list.as_array().cloned()).unwrap_or_default();
        let addresses = addresses.iter().filter_map(Value::as_str).filter(|address| !address.is_empty()).map(str::to_owned);
        let group = default_group(cluster, role)?.uuid.clone();
        Ok::<_, Error>(GroupObservation { group, node_addresses: addresses.collect(), extras: Vec::new() })
    };
    let api = value("api_address").and_then(|api| api.as_str().filter(|api| !api.is_empty()).map(str::to_owned));
    Ok(Observation {
        api_address: api.map(|address| format!("https://{address}:6443")),
        coe_version: None,
        container_version: None,
        groups: vec![observed(Role::Master, "master_addresses")?, observed(Role::Worker, "worker_addresses")?],
        extras: Vec::new(),
    })
}
