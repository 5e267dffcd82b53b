//! What the outputs of `cluster.yaml` say.

use jeroboam_driver_sdk::{Cluster, Error, GroupObservation, Observation, Output, StackScope, internal, unsupported};
use serde_json::Value;

use crate::request::{DefaultGroups, Request};

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
    let observe = |group: &str, output: &str| GroupObservation {
        group: group.to_owned(),
        node_addresses: outputs.texts(output),
        extras: Vec::new(),
    };
    let port = Request::from(cluster).api_port();
    Ok(Observation {
        api_address: outputs.text("api_address").map(|address| format!("https://{address}:{port}")),
        coe_version: outputs.text("kube_version"),
        container_version: None,
        groups: vec![observe(&groups.masters.uuid, masters), observe(&groups.workers.uuid, workers)],
        extras: Vec::new(),
    })
}

struct Outputs(Vec<(String, Value)>);

impl Outputs {
    fn parse(outputs: &[Output]) -> Result<Self, Error> {
        let parse = |output: &Output| match serde_json::from_str(&output.value) {
            Ok(value) => Ok((output.name.clone(), value)),
            Err(error) => Err(internal(format!("output {} is no JSON: {error}", output.name))),
        };
        outputs.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.value(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn texts(&self, name: &str) -> Vec<String> {
        let items = self.value(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().filter_map(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }
}
